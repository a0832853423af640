/** `--scan`, `--bigkeys`, `--memkeys` and `--hotkeys`: walks over all keys. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BIGGEST_TITLE,
  BiggestKeys,
  HOTTEST_TITLE,
  HottestKeys,
  KEY_TYPES,
  quotedKey,
} from '../../client/key-survey.ts';
import { argumentsOf } from '../../client/request.ts';
import type { Session } from '../../client/session.ts';
import { itemsOf, textOf, type Value } from '../../client/value.ts';
import { openSession, patient } from './open.ts';
import type { ClientOptions } from './options.ts';
import { print, printBytes, printError } from './output.ts';

/** What is done with a key; `percent`: how far the walk had come before the keys around it. */
type Visit = (key: Uint8Array, percent: number) => Promise<void>;

/** Rounds of SCAN between two of the pauses that `-i` asks for. */
const ROUNDS_A_PAUSE = 100;

/** Each key once, at least; the exit status. */
async function walk(
  session: Session,
  options: ClientOptions,
  total: number,
  visit: Visit,
): Promise<void> {
  const pattern = options.pattern === undefined ? [] : [...argumentsOf('MATCH'), options.pattern];
  let cursor = '0';
  let visited = 0;
  for (let round = 1; ; round++) {
    const reply = await ask(session, [...argumentsOf('SCAN', cursor), ...pattern]);
    const [next, keys] = itemsOf(reply);
    const percent = total === 0 ? 0 : (100 * visited) / total;
    for (const key of itemsOf(keys)) {
      if ('bytes' in key) await visit(key.bytes, percent);
      visited++;
    }
    cursor = textOf(next);
    if (cursor === '0') return;
    const pauses = options.intervalSeconds !== undefined && round % ROUNDS_A_PAUSE === 0;
    if (pauses) await sleep(options.intervalSeconds * 1000);
  }
}

class ServerError extends Error {}

async function ask(session: Session, args: readonly Uint8Array[]): Promise<Value | undefined> {
  const answer = await session.call(args);
  if (answer.failed) throw new ServerError(answer.error);
  return answer.value;
}

async function askNumber(session: Session, name: string, ...rest: Uint8Array[]): Promise<number> {
  const value = await ask(session, [...argumentsOf(...name.split(' ')), ...rest]);
  return value?.kind === 'integer' ? Number(value.text) : 0;
}

/** Does the work with a session, and tells an error that the server answers. */
async function withSession(
  options: ClientOptions,
  work: (session: Session) => Promise<void>,
): Promise<number> {
  const session = openSession(options, patient());
  try {
    await work(session);
    return 0;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    printError(`Error: ${error.message}`);
    return 1;
  } finally {
    session.disconnect();
  }
}

const LINE_END = Uint8Array.of(0x0a);

/** The keys, one a line; in quotes for people. */
export function runScan(options: ClientOptions): Promise<number> {
  return withSession(options, (session) =>
    walk(session, options, 0, async (key) => {
      if (options.style === 'standard') print(`${quotedKey(key)}\n`);
      else printBytes(Buffer.concat([key, LINE_END]));
    }),
  );
}

/** By the number of elements, or by memory: `samples` elements of each are looked at. */
export function runBigKeys(
  options: ClientOptions,
  inBytes: boolean,
  samples?: number,
): Promise<number> {
  return withSession(options, async (session) => {
    const biggest = new BiggestKeys(inBytes);
    print(BIGGEST_TITLE);
    const total = await askNumber(session, 'DBSIZE');
    await walk(session, options, total, async (key, percent) => {
      const type = textOf(await ask(session, [...argumentsOf('TYPE'), key]));
      const command = KEY_TYPES.find(({ name }) => name === type)?.command;
      if (command === undefined) return;
      const words = samples === undefined ? [] : argumentsOf('SAMPLES', String(samples));
      const size = inBytes
        ? await askNumber(session, 'MEMORY USAGE', key, ...words)
        : await askNumber(session, command, key);
      print(biggest.add(type, key, size, percent));
    });
    print(biggest.summary());
  });
}

export function runHotKeys(options: ClientOptions): Promise<number> {
  return withSession(options, async (session) => {
    const hottest = new HottestKeys();
    print(HOTTEST_TITLE);
    const total = await askNumber(session, 'DBSIZE');
    await walk(session, options, total, async (key, percent) => {
      print(hottest.add(key, await askNumber(session, 'OBJECT FREQ', key), percent));
    });
    print(hottest.summary());
  });
}
