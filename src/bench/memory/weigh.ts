/**
 * What a server's memory grows by: weighed by the server itself (`used_memory` of INFO) and by the
 * kernel (resident pages), before and after it was given a known amount of data.
 */
import { snapshot } from '../../measure/account.ts';
import { requestOf, writeKey } from '../../measure/load/batch.ts';
import { Xorshift } from '../../measure/load/keys.ts';
import { Talk } from '../../measure/load/talk.ts';
import { settle } from '../../measure/settle.ts';
import type { RunningTarget, Target } from '../../measure/targets/target.ts';
import type { Posix } from '../../posix/posix.ts';

export interface Weight {
  readonly usedBytes: number;
  readonly residentBytes: number;
}

export interface Churn {
  /** Keys and values that are there at the end, without any overhead. */
  readonly liveBytes: number;
  readonly grown: Weight;
}

/** As the figures of other stores are given: `key:0000012345`, and 32 bytes. */
export const KEY_BYTES = 14;
export const VALUE_BYTES = 32;
const KEY_DIGITS = 10;
const EMPTY_KEY = `key:${'0'.repeat(KEY_DIGITS)}`;
/** Requests a batch: their replies fit into any socket buffer, and nobody waits for the other. */
const BATCH = 256;
/** Long enough that none expires while it is weighed. */
const TTL_SECONDS = '100000';
const MOST_VALUE_BYTES = 2000;
const CHURN_ROUNDS = 10;
const SEED = 7;

/** Resident bytes of a server that nobody has talked to. */
export async function weighIdle(peer: Target): Promise<number> {
  const server = await peer.start();
  try {
    await settle(server.pids());
    return snapshot(server.pids())?.residentBytes ?? 0;
  } finally {
    await server.stop();
  }
}

/** What so many keys of 14 bytes with values of 32 take. */
export function weighKeys(
  posix: Posix,
  peer: Target,
  keys: number,
  hasExpiry: boolean,
): Promise<Weight> {
  return weighed(posix, peer, (talk) => {
    const words = ['SET', EMPTY_KEY, 'x'.repeat(VALUE_BYTES)];
    const { bytes } = requestOf(...words, ...(hasExpiry ? ['EX', TTL_SECONDS] : []));
    const keyEnd = Buffer.from(bytes).indexOf(EMPTY_KEY) + KEY_BYTES;
    const batch = Buffer.concat(new Array<Uint8Array>(BATCH).fill(bytes));
    for (let first = 0; first < keys; first += BATCH) {
      // The last batch stores a few keys again rather than being of another size.
      const begin = Math.min(first, Math.max(0, keys - BATCH));
      for (let i = 0; i < BATCH; i++) {
        writeKey(batch, i * bytes.length + keyEnd, begin + i, KEY_DIGITS);
      }
      talk.exchange(batch, BATCH);
    }
  });
}

/** Stores so many keys with values of 1 to 2,000 bytes, then ten times as many over them. */
export async function weighChurn(posix: Posix, peer: Target, keys: number): Promise<Churn> {
  const lengths = new Uint32Array(keys);
  const random = new Xorshift(SEED);
  const filler = Buffer.alloc(MOST_VALUE_BYTES, 'x');
  const grown = await weighed(posix, peer, (talk) => {
    for (let done = 0; done < keys * (1 + CHURN_ROUNDS); done += BATCH) {
      const parts: Buffer[] = [];
      for (let i = done; i < done + BATCH; i++) {
        const key = i < keys ? i : Math.floor(random.nextFraction() * keys);
        const length = 1 + Math.floor(random.nextFraction() * MOST_VALUE_BYTES);
        lengths[key] = length;
        parts.push(setRequest(key, filler.subarray(0, length)));
      }
      talk.exchange(Buffer.concat(parts), BATCH);
    }
  });
  const liveBytes = lengths.reduce((sum, length) => sum + length, 0) + keys * KEY_BYTES;
  return { liveBytes, grown };
}

function setRequest(key: number, value: Buffer): Buffer {
  const name = `key:${String(key).padStart(KEY_DIGITS, '0')}`;
  const head = `*3\r\n$3\r\nSET\r\n$${KEY_BYTES}\r\n${name}\r\n$${value.length}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), value, CRLF]);
}

async function weighed(posix: Posix, peer: Target, work: (talk: Talk) => void): Promise<Weight> {
  const server = await peer.start();
  try {
    const talk = new Talk(posix, '127.0.0.1', server.port);
    const before = await weightOf(server, talk);
    work(talk);
    const after = await weightOf(server, talk);
    talk.end();
    return {
      usedBytes: after.usedBytes - before.usedBytes,
      residentBytes: after.residentBytes - before.residentBytes,
    };
  } finally {
    await server.stop();
  }
}

async function weightOf(server: RunningTarget, talk: Talk): Promise<Weight> {
  await settle(server.pids());
  const info = talk.ask('INFO', 'memory');
  return {
    usedBytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? Number.NaN),
    residentBytes: snapshot(server.pids())?.residentBytes ?? 0,
  };
}

const CRLF = Buffer.from('\r\n');
