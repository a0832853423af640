/** A worker that dies amid a conversation: its client sees an end, and is counted out. */
import { expect, test } from 'vitest';
import type { DriverContext, Session } from '../../src/drivers/driver.ts';
import { serveFromQueue } from '../../src/drivers/handing-over.ts';
import { TRANSFERS } from '../../src/drivers/transfer.ts';
import { check } from '../../src/posix/errors.ts';
import { posix } from '../../src/posix/native.ts';
import { structsOf } from '../../src/posix/structs.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';

const { AF_UNIX, SOCK_STREAM, SOCK_CLOEXEC } = posix.constants;

test('a bug beyond a session ends the client that met it, and is not lost', () => {
  const pair = new Int32Array(2);
  check(posix.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 'socketpair');
  check(posix.write(pair[1], new Uint8Array([1]), 0, 1), 'write');
  const events: string[] = [];
  const session = {
    closing: false,
    receive() {
      throw new Error('a bug');
    },
  } as unknown as Session;
  const context = {
    ...{ posix, input: new Uint8Array(16), out: new ReplyBuffer() },
    transfer: TRANSFERS['recvmsg'](posix),
    structs: structsOf(posix.layouts),
    service: {
      ...{ patienceMs: 0, turn() {}, open: () => session, upkeep: () => -1 },
      close: () => events.push('closed'),
    },
    stop: {
      ...{ eventfd: -1, requested: () => false },
      guard: (slot: number, fd: number) => events.push(fd < 0 ? `left ${slot}` : `guards ${slot}`),
    },
    taker: { take: () => pair[0], left: () => events.push('counted out') },
  } as unknown as DriverContext;

  expect(() => serveFromQueue(context)).toThrow('a bug');
  expect(events).toEqual(['guards 1', 'left 1', 'closed', 'counted out']);
  // The end that its client sees: unread bytes, had there been any, would have made it ECONNRESET.
  expect(posix.recvmsg(pair[1], new Uint8Array(1), 0, 1, 0)).toBe(0);
  posix.close(pair[1]);
});
