import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { posix, WEXITSTATUS, WIFEXITED, WIFSIGNALED, WTERMSIG } from '../../src/posix/index.ts';
import { ADDON, startChild } from './child.ts';

const { constants } = posix;
/** Above every PID that a kernel gives. */
const NO_PID = 0x7ffffff0;

test('gettid is the number that /proc knows the thread by', () => {
  const tid = posix.gettid();
  expect(readFileSync(`/proc/self/task/${tid}/stat`, 'utf8')).toMatch(new RegExp(`^${tid} `));
});

test('a thread is named, and /proc shows the name', () => {
  const before = posix.pthread_getname_np() as string;
  expect(posix.pthread_setname_np('fifteen-bytes-x')).toBe(0);
  const shown = readFileSync(`/proc/self/task/${posix.gettid()}/comm`, 'utf8');
  const name = posix.pthread_getname_np();
  posix.pthread_setname_np(before);
  expect([shown, name]).toEqual(['fifteen-bytes-x\n', 'fifteen-bytes-x']);
});

test('a name of 16 bytes, or with a NUL, is misuse', () => {
  expect(() => posix.pthread_setname_np('x'.repeat(16))).toThrow(RangeError);
  expect(() => posix.pthread_setname_np('é'.repeat(8))).toThrow(/at most 15 bytes/);
  expect(() => posix.pthread_setname_np('a\0b')).toThrow(RangeError);
  expect(() => posix.pthread_setname_np(1 as never)).toThrow(TypeError);
});

test('a thread can be kept on one CPU', () => {
  const before: number[] = [];
  const pinned = [99, 99, 99];
  expect(posix.sched_getaffinity(0, before)).toBe(0);
  expect(posix.sched_setaffinity(0, [before[0]])).toBe(0);
  expect(posix.sched_getaffinity(0, pinned)).toBe(0);
  posix.sched_setaffinity(0, before);
  expect(pinned).toEqual([before[0]]);
});

test('affinity: errors and misuse', () => {
  expect(posix.sched_setaffinity(0, [])).toBe(-constants.EINVAL);
  expect(posix.sched_getaffinity(NO_PID, [])).toBe(-constants.ESRCH);
  expect(() => posix.sched_setaffinity(0, [1024])).toThrow(/"cpus"/);
  expect(() => posix.sched_setaffinity(0, [0.5])).toThrow(RangeError);
  expect(() => posix.sched_getaffinity(0, {} as never)).toThrow(TypeError);
});

test('sched_yield answers 0', () => {
  expect(posix.sched_yield()).toBe(0);
});

test('_exit ends the process, though a Worker is blocked in a call', async () => {
  const blocked = `
    const posix = require(${JSON.stringify(ADDON)});
    require('node:worker_threads').parentPort.postMessage('about to block');
    posix.read(posix.eventfd(0, 0), new Uint8Array(8), 0, 8);
  `;
  const child = startChild(`
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(blocked)}, { eval: true });
    worker.once('message', () => posix._exit(7));
  `);
  expect(await child.exited).toEqual({ status: 7, signal: null });
});

test('_exit takes an integer', () => {
  expect(() => posix._exit('7' as never)).toThrow(TypeError);
});

test('getrusage counts microseconds and bytes', () => {
  const usage = { utime: 0, maxrss: 0 };
  expect(posix.getrusage(constants.RUSAGE_SELF, usage)).toBe(0);
  const here = process.resourceUsage();
  expect(Math.abs(usage.utime - here.userCPUTime)).toBeLessThan(1e6);
  expect(usage.maxrss).toBeGreaterThan(1 << 20);
  expect(posix.getrusage(constants.RUSAGE_THREAD, usage)).toBe(0);
});

test('getrusage: errors and misuse', () => {
  expect(posix.getrusage(99, {})).toBe(-constants.EINVAL);
  expect(() => posix.getrusage(constants.RUSAGE_SELF, null as never)).toThrow(/"usage"/);
});

test('a limit is read, lowered and put back; no limit is Infinity', () => {
  const before = { soft: 0, hard: 0 };
  expect(posix.getrlimit(constants.RLIMIT_NOFILE, before)).toBe(0);
  expect(posix.setrlimit(constants.RLIMIT_NOFILE, { ...before, soft: 200 })).toBe(0);
  const lowered = { soft: 0, hard: 0 };
  posix.getrlimit(constants.RLIMIT_NOFILE, lowered);
  posix.setrlimit(constants.RLIMIT_NOFILE, before);
  expect(lowered).toEqual({ soft: 200, hard: before.hard });
  posix.getrlimit(constants.RLIMIT_AS, lowered);
  expect(lowered.soft).toBe(Number.POSITIVE_INFINITY);
  expect(posix.setrlimit(constants.RLIMIT_AS, lowered)).toBe(0);
});

test('limits: errors and misuse', () => {
  const limit = { soft: 2, hard: 1 };
  expect(posix.getrlimit(999, {})).toBe(-constants.EINVAL);
  expect(posix.setrlimit(constants.RLIMIT_NOFILE, limit)).toBe(-constants.EINVAL);
  expect(() => posix.setrlimit(constants.RLIMIT_NOFILE, { soft: 1 } as never)).toThrow(/"hard"/);
  expect(() => posix.setrlimit(constants.RLIMIT_NOFILE, { soft: -1, hard: 1 })).toThrow(RangeError);
});

test('prctl sets the signal that follows the death of the parent', () => {
  expect(posix.prctl(constants.PR_SET_PDEATHSIG, constants.SIGTERM)).toBe(0);
  expect(posix.prctl(constants.PR_SET_PDEATHSIG, 0)).toBe(0);
  expect(posix.prctl(constants.PR_GET_DUMPABLE, 0)).toBe(1);
});

test('prctl: an error, and an option that takes an address', () => {
  const PR_SET_NAME = 15;
  expect(posix.prctl(constants.PR_SET_PDEATHSIG, 999)).toBe(-constants.EINVAL);
  expect(() => posix.prctl(PR_SET_NAME, 0)).toThrow(/"option"/);
});

test('waitpid collects a child that exits, and one that a signal ends', async () => {
  // Stopped children of the event loop would be collected by it: none runs between the two calls.
  const child = startChild(`
    const { spawn } = require('node:child_process');
    const status = new Int32Array(1);
    for (const script of ['exit 7', 'kill -9 $$']) {
      const pid = spawn('/bin/sh', ['-c', script]).pid;
      say([posix.waitpid(pid, status, 0) === pid, status[0]].join(' '));
    }
    process.exit(0);
  `);
  await child.said(2);
  const [exited, killed] = child.lines.map((line) => Number(line.split(' ')[1]));
  expect(child.lines.map((line) => line.split(' ')[0])).toEqual(['true', 'true']);
  expect([WIFEXITED(exited), WEXITSTATUS(exited), WIFSIGNALED(exited)]).toEqual([true, 7, false]);
  expect([WIFEXITED(killed), WIFSIGNALED(killed), WTERMSIG(killed)]).toEqual([false, true, 9]);
});

test('waitpid: errors and misuse', () => {
  const status = new Int32Array(1);
  expect(posix.waitpid(NO_PID, status, constants.WNOHANG)).toBe(-constants.ECHILD);
  expect(() => posix.waitpid(NO_PID, new Int32Array(0), 0)).toThrow(/"status"/);
});

test('clock_gettime gives microseconds', () => {
  const { CLOCK_REALTIME, CLOCK_MONOTONIC } = constants;
  expect(Math.abs(posix.clock_gettime(CLOCK_REALTIME) / 1000 - Date.now())).toBeLessThan(1000);
  const first = posix.clock_gettime(CLOCK_MONOTONIC);
  expect(posix.clock_gettime(CLOCK_MONOTONIC)).toBeGreaterThanOrEqual(first);
  expect(posix.clock_gettime(999)).toBe(-constants.EINVAL);
  expect(() => posix.clock_gettime('0' as never)).toThrow(/"clockid"/);
});

test('the addon loads in a worker, which is another thread', async () => {
  const worker = new Worker(
    `require('node:worker_threads').parentPort.postMessage(
      require(${JSON.stringify(ADDON)}).gettid());`,
    { eval: true },
  );
  const tid = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  expect(tid).not.toBe(posix.gettid());
});
