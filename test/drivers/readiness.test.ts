/** The event loop with this kernel, and with one that takes less than it is given. */
import { beforeEach, describe, expect, test } from 'vitest';
import * as epoll from '../../src/drivers/pollers/epoll.ts';
import { readiness } from '../../src/drivers/readiness.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { skip } from '../support/tools.ts';
import { serveClients } from './serve-clients.ts';

beforeEach((context) => {
  if (process.platform !== 'linux') skip(context, 'epoll is an interface of Linux');
});

const loop = readiness(epoll.create);
const LOOPS = { epoll: loop, 'epoll-et': readiness(epoll.createEdgeTriggered) };
const ALL_WELL = { complaints: '', stuck: false };

type BufferSend = (
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  flags: number,
) => number;

/** This kernel, with another way of sending one buffer. */
function sending(send: BufferSend): Posix {
  return { ...posix, sendmsg: send as Posix['sendmsg'] };
}

const sendmsg = posix.sendmsg as BufferSend;
let sends = 0;

const KERNELS = [
  { kernel: 'this kernel', kernelPosix: posix },
  {
    kernel: 'one that takes 1,000 bytes at most',
    kernelPosix: sending((fd, buffer, offset, length, flags) =>
      sendmsg(fd, buffer, offset, Math.min(length, 1000), flags),
    ),
  },
  {
    kernel: 'one whose sockets are full every third time',
    kernelPosix: sending((...send) =>
      ++sends % 3 === 0 ? -posix.constants.EAGAIN : sendmsg(...send),
    ),
  },
];

describe.each(Object.entries(LOOPS))('%s', (_, driver) => {
  describe.each(KERNELS)('with $kernel', ({ kernelPosix }) => {
    test.for(['echoes', 'longBatches', 'slowReaders', 'comeAndGo'])(
      'every byte comes back to its client: %s',
      async (scenario) => {
        const outcome = await serveClients(driver, { posix: kernelPosix, scenario });
        expect(outcome).toMatchObject(ALL_WELL);
      },
    );
  });
});

/** What a turn did, in its order: `r` for a receive, `s` for a send. */
async function callsOf(scenario: string) {
  let calls = '';
  const recvmsg = posix.recvmsg as BufferSend;
  const told: Posix = {
    ...sending((...send) => {
      calls += 's';
      return sendmsg(...send);
    }),
    recvmsg: ((...receive: Parameters<BufferSend>) => {
      calls += 'r';
      return recvmsg(...receive);
    }) as Posix['recvmsg'],
  };
  const outcome = await serveClients(loop, { posix: told, scenario });
  expect(outcome).toMatchObject(ALL_WELL);
  return { calls, steps: outcome.steps };
}

test('a turn receives from many clients, looks ahead, runs, and then replies', async () => {
  const { calls, steps } = await callsOf('batches');
  expect(calls).toMatch(/^r{32}s{32}r{18}s{18}/);
  expect(steps).toMatch(/^f{32}\|x{32}f{18}\|x{18}/);
});

test('replies to long batches go out one behind the other', async () => {
  const { calls, steps } = await callsOf('longBatches');
  expect(calls).toMatch(/^r{8}s{8}/);
  // What has been received is run once it fills the processor's first cache.
  expect(steps).toMatch(/^f{7}\|x{7}x/);
});
