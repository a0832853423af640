/** Pipelined requests are parsed ahead and run in their order, however the batch ends. */
import { describe, expect, test } from 'vitest';
import { HEAP_BUFFERS } from '../../src/bytes/buffers.ts';
import { TALLY } from '../../src/commands/call.ts';
import { TABLE } from '../../src/commands/table.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { ClientState, type Clients } from '../../src/server/clients.ts';
import { DEFAULT_OPTIONS } from '../../src/server/options.ts';
import { createReception, type ReceptionParts } from '../../src/server/reception.ts';
import { testStore } from '../store/fixture.ts';

const HIGH_WATER_BYTES = 512;

function talk() {
  const out = new ReplyBuffer(HIGH_WATER_BYTES, HIGH_WATER_BYTES);
  const client = new ClientState({ unfinished: 0 } as Clients, {} as never, 1, 9);
  const parts = {
    // A busy machine must not bring requests into the slow log, which asks for addresses.
    options: { ...DEFAULT_OPTIONS, slowlogMicroseconds: -1 },
    out,
    store: testStore(),
    server: { databases: 16 },
    counters: new Float64Array(64),
    buffers: HEAP_BUFFERS,
    memory: { hold: () => true },
    nobody: client,
    slowLog: { add: () => {} },
    board: {
      tallies: { of: () => ({ counts: new Float64Array(TABLE.rows.length * TALLY) }) },
      pause: { isOn: false },
      latency: { add: () => {} },
    },
  } as unknown as ReceptionParts;
  const session = createReception(DEFAULT_OPTIONS.listen[0], parts).open(client);
  const take = () => {
    const text = String.fromCharCode(...out.bytes.subarray(0, out.length));
    out.clear();
    return text;
  };
  return {
    session,
    take,
    send(text: string): string {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      session.receive(bytes, 0, bytes.length, out);
      return take();
    },
    resume(): string {
      session.receive(new Uint8Array(0), 0, 0, out);
      return take();
    },
  };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `:${from + i}\r\n`).join('');

describe('a pipelined batch', () => {
  test.each([1, 3, 4, 63, 64, 65])('of %d requests is answered in its order', (count) => {
    expect(talk().send('INCR n\r\n'.repeat(count))).toBe(numbers(1, count));
  });

  test('ends with the request that closes', () => {
    const { send, session } = talk();
    const replies = send(`${'INCR n\r\n'.repeat(20)}QUIT\r\n${'INCR n\r\n'.repeat(20)}`);
    expect(replies).toBe(`${numbers(1, 20)}+OK\r\n`);
    expect(session.closing).toBe(true);
  });

  test('answers what stands before a protocol error, then the error', () => {
    const replies = talk().send(`${'INCR n\r\n'.repeat(5)}*1\r\n!\r\n`);
    expect(replies).toBe(`${numbers(1, 5)}-ERR Protocol error: expected '$', got '!'\r\n`);
  });

  test('stops where the replies are full, and goes on where it stopped', () => {
    const { send, resume, session } = talk();
    let replies = send('INCR n\r\n'.repeat(300));
    while (session.paused) replies += resume();
    expect(replies).toBe(numbers(1, 300));
  });

  test.each([1, 9, 27])('keeps a request that is cut off after %d bytes', (cut) => {
    const { send } = talk();
    const batch = `${'INCR n\r\n'.repeat(9)}*3\r\n$3\r\nSET\r\n$1\r\nn\r\n$2\r\n40\r\n`;
    const at = 9 * 'INCR n\r\n'.length + cut;
    expect(send(batch.slice(0, at))).toBe(numbers(1, 9));
    expect(send(`${batch.slice(at)}${'INCR n\r\n'.repeat(5)}`)).toBe(`+OK\r\n${numbers(41, 45)}`);
  });

  test('sees what an earlier request of it has done to a key', () => {
    const { send } = talk();
    const batch = 'SET k 1\r\nDEL k\r\nGET k\r\nSET k 2\r\nGET k\r\nAPPEND k 3\r\nGET k\r\n';
    expect(send(batch)).toBe('+OK\r\n:1\r\n$-1\r\n+OK\r\n$1\r\n2\r\n:2\r\n$2\r\n23\r\n');
  });
});
