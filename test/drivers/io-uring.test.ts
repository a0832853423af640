/** The driver with this kernel and with what older ones lack; test/conformance/ has it serve. */
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/drivers/driver.ts';
import { ioUring } from '../../src/drivers/io-uring.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { KERNELS, RELUCTANT_KERNELS, requireIoUring, TINY_RINGS } from './kernels.ts';
import { serveClients } from './serve-clients.ts';

requireIoUring();

const ALL_KERNELS = [
  ...KERNELS,
  { kernel: 'rings of 4 and 8 entries', posix: TINY_RINGS },
  ...RELUCTANT_KERNELS,
];
const ALL_WELL = { complaints: '', stuck: false };

describe.each(ALL_KERNELS)('io_uring with $kernel', ({ posix: kernel }) => {
  test('every byte comes back, and FIN behind the last', async () => {
    const outcome = await serveClients(ioUring, { posix: kernel, scenario: 'echoes' });
    expect(outcome).toMatchObject({ ...ALL_WELL, opened: 30, closed: { end: 30 } });
  });

  test('also to clients that are slow to read', async () => {
    const outcome = await serveClients(ioUring, { posix: kernel, scenario: 'slowReaders' });
    expect(outcome).toMatchObject({ ...ALL_WELL, closed: { end: 10 } });
  });

  test('descriptors are used again and again, and nobody gets what is for another', async () => {
    const outcome = await serveClients(ioUring, { posix: kernel, scenario: 'comeAndGo' });
    expect(outcome).toMatchObject({ ...ALL_WELL, opened: 600 });
    const closed = Object.values(outcome.closed).reduce((sum, count) => sum + count);
    expect(closed).toBe(600);
  });

  test('who does not read is not read from', async () => {
    const outcome = await serveClients(ioUring, { posix: kernel, scenario: 'neverReads' });
    expect(outcome).toMatchObject(ALL_WELL);
    // What both sockets hold, and what a turn brings: not the 64 MiB that it would send.
    expect(outcome.received).toBeLessThan(24 * 1024 * 1024);
  });

  test('a stop answers what has been received, and waits for no one for long', async () => {
    const startedAtMs = performance.now();
    const outcome = await serveClients(ioUring, { posix: kernel, scenario: 'stopped' });
    expect(outcome).toMatchObject(ALL_WELL);
    // The sockets' buffers may have taken all that the third one does not read.
    const { shutdown = 0, unread = 0 } = outcome.closed;
    expect(shutdown + unread).toBe(3);
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
  });
});

describe('io_uring', () => {
  test('answers 1,000 waiting requests of 50 clients with fewer than 100 syscalls', async () => {
    let calls = 0;
    const counted: Posix = {
      ...posix,
      io_uring_enter(...parameters) {
        calls++;
        return posix.io_uring_enter(...parameters);
      },
    };
    const outcome = await serveClients(ioUring, { posix: counted, scenario: 'batches' });
    expect(outcome).toMatchObject({ ...ALL_WELL, opened: 50 });
    expect(calls).toBeLessThan(100);
  });

  test('without descriptors left, it waits for some to be free and says so seldom', async () => {
    const outcome = await serveClients(ioUring, {
      posix,
      scenario: 'crowded',
      around: () => allowDescriptors(10),
    });
    expect(outcome).toMatchObject({ ...ALL_WELL, opened: 40 });
    expect(new Set(outcome.acceptFailures)).toEqual(new Set([posix.constants.EMFILE]));
    expect(outcome.acceptFailures.length).toBeLessThan(40);
  });

  test('the last reply arrives though the client goes on sending', async () => {
    const outcome = await serveClients(ioUring, { posix, scenario: 'closes', session: goodbye });
    expect(outcome).toMatchObject({ ...ALL_WELL, closed: { closing: 1 } });
  });

  test('a client that leaves more unread than it may is closed', async () => {
    const outcome = await serveClients(ioUring, {
      posix,
      scenario: 'neverReads',
      outputLimitBytes: 1000,
    });
    expect(outcome.closed).toMatchObject({ 'output limit': 1 });
  });
});

/** Lets this process have so many more descriptors; returns the way back. */
function allowDescriptors(count: number): () => void {
  const before = { soft: 0, hard: 0 };
  const { RLIMIT_NOFILE } = posix.constants;
  posix.getrlimit(RLIMIT_NOFILE, before);
  const lowestFree = posix.dup(0);
  posix.close(lowestFree);
  posix.setrlimit(RLIMIT_NOFILE, { ...before, soft: lowestFree + count });
  return () => posix.setrlimit(RLIMIT_NOFILE, before);
}

/** Answers the first bytes with a farewell, and reads no further. */
function goodbye(): Session {
  let said = false;
  return {
    receive(_input, _start, _end, out) {
      said = true;
      out.bytes.set(Buffer.from('bye'));
      out.length = 3;
    },
    end() {},
    get closing() {
      return said;
    },
    lingering: true,
    paused: false,
  };
}
