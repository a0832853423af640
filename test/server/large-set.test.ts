/**
 * A large SET is received into its place in the store: whatever the network makes of it, it is a
 * SET like any other.
 */
import { describe, expect, test } from 'vitest';
import { HEAP_BUFFERS } from '../../src/bytes/buffers.ts';
import { CALLS, TALLY } from '../../src/commands/call.ts';
import { TABLE } from '../../src/commands/table.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { ClientState, type Clients } from '../../src/server/clients.ts';
import { DEFAULT_OPTIONS, type ServerOptions } from '../../src/server/options.ts';
import { createReception, type ReceptionParts } from '../../src/server/reception.ts';
import type { CommandSession } from '../../src/server/session.ts';
import { MEBIBYTE, NOW, testStore } from '../store/fixture.ts';
import { largeValue } from '../support/large.ts';

const LENGTH = 300_001;
const VALUE = largeValue(LENGTH).toString('latin1');
const OK = '+OK\r\n';

/** Descriptors without addresses. */
const NAMELESS = { getsockname: () => -1, getpeername: () => -1 };

interface Settings extends Partial<ServerOptions> {
  limitBytes?: number;
}

/** A session over a real store, without a socket: `send` takes a piece as one receive brings it. */
function talk({ limitBytes = 0, ...options }: Settings = {}) {
  const out = new ReplyBuffer();
  const client = new ClientState({ unfinished: 0 } as Clients, NAMELESS as never, 1, 9);
  const store = testStore({ limitBytes, segmentBytes: 8 * MEBIBYTE });
  const counts = new Float64Array(TABLE.rows.length * TALLY);
  const pause = { isOn: false, holdsBack: () => true };
  const slow: { words: readonly string[] }[] = [];
  const reception = createReception(DEFAULT_OPTIONS.listen[0], {
    options: { ...DEFAULT_OPTIONS, ...options },
    out,
    store,
    server: { databases: 16, password: options.requirepass ?? '' },
    counters: new Float64Array(64),
    buffers: HEAP_BUFFERS,
    memory: { hold: () => true },
    nobody: client,
    slowLog: { add: (entry: { words: readonly string[] }) => slow.push(entry) },
    board: { tallies: { of: () => ({ counts }) }, pause, latency: { add: () => {} } },
  } as unknown as ReceptionParts);
  reception.turn(NOW);
  const session = reception.open(client) as CommandSession;
  /** Whether the last reply had a part that was lent. */
  const sent = { lent: false };
  const taken = () => {
    const insertion = out.takeInsertion();
    sent.lent = insertion !== null;
    const own = Buffer.from(out.bytes.subarray(0, out.length)).toString('latin1');
    out.clear();
    if (insertion === null) return own;
    const { loan, at } = insertion;
    const lent = Buffer.from(loan.bytes.subarray(loan.start, loan.end)).toString('latin1');
    loan.giveBack();
    return own.slice(0, at) + lent + own.slice(at);
  };
  const receive = (bytes: Uint8Array) => {
    session.receive(bytes, 0, bytes.length, out);
    bytes.fill(0);
    return taken();
  };
  return {
    ...{ session, store, client, pause, slow, sent },
    calls: () => counts[TABLE.named('set')!.number * TALLY + CALLS],
    send: (piece: string) => receive(Buffer.from(piece, 'latin1')),
    /** As a driver that looks for a place first. */
    place(piece: string): string {
      const bytes = Buffer.from(piece, 'latin1');
      let at = 0;
      for (let { place } = session; place !== undefined; { place } = session) {
        const length = Math.min(place.end - place.start, bytes.length - at);
        if (length === 0) return '';
        place.bytes.set(bytes.subarray(at, at + length), place.start);
        session.placed(length);
        at += length;
      }
      return at === bytes.length ? '' : receive(bytes.subarray(at));
    },
  };
}

function setOf(key: string, value = VALUE): string {
  return `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`;
}

const REQUEST = setOf('key');
const VALUE_AT = REQUEST.indexOf(VALUE.slice(0, 20));
const REPLY = `$${LENGTH}\r\n${VALUE}\r\n`;

/** Within the head, around the value's beginning, within it, and around both ends. */
const CUTS = [
  ...[1, 5, 12, 20, 22, VALUE_AT - 1, VALUE_AT, VALUE_AT + 1, 65_536, 131_072],
  ...[VALUE_AT + LENGTH - 1, VALUE_AT + LENGTH, VALUE_AT + LENGTH + 1],
];

describe('a large SET', () => {
  test.each(CUTS)('cut in two at %d, by a driver that copies', (cut) => {
    const { send, store } = talk();
    expect(send(REQUEST.slice(0, cut)) + send(REQUEST.slice(cut))).toBe(OK);
    expect(send('GET key\r\n') === REPLY).toBe(true);
    expect(store.verify()).toEqual([]);
  });

  test.each(CUTS)('cut in two at %d, by a driver that receives in place', (cut) => {
    const { send, place, store } = talk();
    expect(send(REQUEST.slice(0, cut)) + place(REQUEST.slice(cut))).toBe(OK);
    expect(send('GET key\r\n') === REPLY).toBe(true);
    expect(store.verify()).toEqual([]);
  });

  test('in pieces of any size, with others before and behind it', () => {
    const { send, place } = talk();
    const stream = `PING\r\n${REQUEST}GET key\r\n${setOf('other')}STRLEN other\r\nPING\r\n`;
    let replies = '';
    let at = 0;
    for (let length = 1; at < stream.length; length = (length * 3 + 1) % 70_001) {
      replies += (length % 2 === 0 ? send : place)(stream.slice(at, at + length));
      at += length;
    }
    expect(replies === `+PONG\r\n${OK}${REPLY}${OK}:${LENGTH}\r\n+PONG\r\n`).toBe(true);
  });

  test('has a place of its own from its first bytes on, and no longer than its value', () => {
    const { send, session } = talk();
    send(REQUEST.slice(0, 1000));
    const { start, end } = session.place!;
    expect(end - start).toBe(LENGTH - (1000 - VALUE_AT));
    send(REQUEST.slice(1000, -2));
    expect(session.place).toBeUndefined();
  });

  test.each([
    ['an APPEND', `*3\r\n$6\r\nAPPEND\r\n$1\r\nk\r\n$${LENGTH}\r\n`],
    ['a SET with options', `*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$${LENGTH}\r\n`],
    ['a short SET', '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n'],
    ['no command', `*3\r\n$3\r\nSTE\r\n$1\r\nk\r\n$${LENGTH}\r\n`],
  ])('is nothing that %s is', (_name, head) => {
    const { send, session } = talk();
    send(`${head}abc`);
    expect(session.place).toBeUndefined();
  });

  test('takes the place of what was there, and its expiry', () => {
    const { send } = talk();
    send('SET key old EX 100\r\n');
    send(REQUEST.slice(0, 1000));
    expect(send(REQUEST.slice(1000))).toBe(OK);
    expect(send('TTL key\r\n')).toBe(':-1\r\n');
  });

  test('is counted, and is the last command, as any other', () => {
    const { send, calls, client } = talk();
    send(REQUEST.slice(0, 1000));
    expect(calls()).toBe(0);
    send(REQUEST.slice(1000));
    expect([calls(), client.commands, client.lastCommand?.name]).toEqual([1, 1, 'set']);
  });

  test('is found in the slow log, with the beginning of its value', () => {
    const { send, slow } = talk({ slowlogMicroseconds: 0 });
    send(REQUEST.slice(0, VALUE_AT + 5));
    send(REQUEST.slice(VALUE_AT + 5));
    const shown = `${VALUE.slice(0, 128)}... (${LENGTH - 128} more bytes)`;
    expect(slow.map(({ words }) => words)).toEqual([['SET', 'key', shown]]);
  });

  test('is seen by who watches the key, and only once it is whole', () => {
    const { send, store } = talk();
    const key = Buffer.from('key');
    const version = () => store.watches.version(0, key, 0, key.length);
    store.watches.begin();
    const before = version();
    send(REQUEST.slice(0, 1000));
    expect(version()).toBe(before);
    send(REQUEST.slice(1000));
    expect(version()).not.toBe(before);
  });

  test('waits for the end of CLIENT PAUSE, and what comes behind it waits, too', () => {
    const { send, pause, session } = talk();
    send(REQUEST.slice(0, 1000));
    pause.isOn = true;
    expect(send(`${REQUEST.slice(1000)}STRLEN key\r\nPI`)).toBe('');
    expect(session.postponed).toBe(true);
    expect(send('NG\r\n')).toBe('');
    pause.isOn = false;
    expect(send('')).toBe(`${OK}:${LENGTH}\r\n+PONG\r\n`);
  });

  test('is queued by MULTI', () => {
    const { send } = talk();
    expect(send('MULTI\r\n') + send(REQUEST.slice(0, 1000)) + send(REQUEST.slice(1000))).toBe(
      `${OK}+QUEUED\r\n`,
    );
    expect(send('STRLEN key\r\nEXEC\r\n')).toBe(`+QUEUED\r\n*2\r\n${OK}:${LENGTH}\r\n`);
  });

  test('is refused to a stranger by its length', () => {
    const { send, client, session } = talk({ requirepass: 'secret' });
    client.authenticated = false;
    const error = '-ERR Protocol error: unauthenticated bulk length\r\n';
    expect(send(REQUEST.slice(0, 1000))).toBe(error);
    expect(session.closing).toBe(true);
  });

  test('without memory is refused once it is whole, and leaves nothing', () => {
    const { send, store } = talk({ limitBytes: 200_000 });
    send('SET key old\r\n');
    const before = store.statistics.usedBytes;
    expect(send(REQUEST.slice(0, 1000)) + send(REQUEST.slice(1000))).toBe(
      "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    );
    expect(send('GET key\r\n')).toBe('$3\r\nold\r\n');
    expect(store.statistics.usedBytes).toBe(before);
  });

  test('is refused where the limit has been lowered meanwhile, and leaves nothing', () => {
    const { send, store } = talk();
    const before = store.statistics.usedBytes;
    send(REQUEST.slice(0, 1000));
    store.configure({ limitBytes: 1, policy: 'noeviction' });
    expect(send(REQUEST.slice(1000))).toMatch(/^-OOM command/);
    expect(store.statistics.usedBytes).toBe(before);
    expect(store.verify()).toEqual([]);
  });

  test('beyond the limit of the query buffer ends the connection, without an answer', () => {
    const { send, session } = talk({ clientQueryBufferLimitBytes: 200_000 });
    expect(send(REQUEST.slice(0, 150_000)) + send(REQUEST.slice(150_000))).toBe('');
    expect(session.closing).toBe(true);
  });

  test('beyond proto-max-bulk-len is a protocol error', () => {
    const { send } = talk({ protoMaxBulkBytes: LENGTH - 1 });
    expect(send(REQUEST)).toBe('-ERR Protocol error: invalid bulk length\r\n');
  });

  test.each([100, 100_000, REQUEST.length - 1])('whose client leaves after %d bytes', (cut) => {
    const { send, session, store } = talk();
    const before = store.statistics.usedBytes;
    send(REQUEST.slice(0, cut));
    expect(store.statistics.usedBytes).toBeGreaterThan(before + LENGTH);
    session.end();
    expect(store.statistics.usedBytes).toBe(before);
    expect(store.verify()).toEqual([]);
  });

  test('is unfinished as long as any byte of it is missing', () => {
    const { send, client } = talk();
    send(REQUEST.slice(0, 1000));
    expect(client.unfinished).toBe(true);
    send(REQUEST.slice(1000, -1));
    expect(client.unfinished).toBe(true);
    send('\n');
    expect(client.unfinished).toBe(false);
  });
});

describe('a large GET', () => {
  const large = largeValue(MEBIBYTE + 1).toString('latin1');
  const reply = `$${large.length}\r\n${large}\r\n`;

  function stored() {
    const conversation = talk();
    conversation.send(setOf('key', large));
    return conversation;
  }

  test.each([
    ['alone', 'GET key\r\n', reply],
    ['behind others', 'PING\r\nGET key\r\n', `+PONG\r\n${reply}`],
    ['by GETDEL, which removes it', 'GETDEL key\r\n', reply],
  ])('is lent %s', (_name, request, expected) => {
    const { send, sent, store } = stored();
    expect(send(request) === expected).toBe(true);
    expect(sent.lent).toBe(true);
    expect(store.verify()).toEqual([]);
  });

  test.each([
    ['within a transaction', 'MULTI\r\nGET key\r\nEXEC\r\n', `${OK}+QUEUED\r\n*1\r\n${reply}`],
    ['among others of one reply', 'MGET key key\r\n', `*2\r\n${reply}${reply}`],
    ['to who does not want to hear it', 'CLIENT REPLY OFF\r\nGET key\r\n', ''],
  ])('is copied %s', (_name, request, expected) => {
    const { send, sent, store } = stored();
    expect(send(request) === expected).toBe(true);
    expect(sent.lent).toBe(false);
    expect(store.verify()).toEqual([]);
  });

  test.each([
    [MEBIBYTE - 1, false],
    [MEBIBYTE, true],
    [MEBIBYTE + 1, true],
  ])('of %d bytes is lent: %s', (length, isLent) => {
    const { send, sent } = talk();
    send(setOf('key', 'v'.repeat(length)));
    send('GET key\r\n');
    expect(sent.lent).toBe(isLent);
  });

  test('holds back what comes behind it until it has been sent', () => {
    const { send, session } = stored();
    expect(send(`GET key\r\nPING\r\nGET key\r\nSET key new\r\nGET key\r\n`) === reply).toBe(true);
    expect(session.paused).toBe(true);
    expect(send('') === `+PONG\r\n${reply}`).toBe(true);
    expect(send('')).toBe(`${OK}$3\r\nnew\r\n`);
    expect(session.paused).toBe(false);
  });

  test('comes before a protocol error behind it', () => {
    const { send, session } = stored();
    let replies = send('GET key\r\n*1\r\n!\r\n');
    while (session.paused) replies += send('');
    expect(replies === `${reply}-ERR Protocol error: expected '$', got '!'\r\n`).toBe(true);
    expect(session.closing).toBe(true);
  });
});
