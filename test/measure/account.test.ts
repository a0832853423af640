/** The kernel's account of a process, and strace's of its calls. */
import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { costBetween, familyOf, snapshot, ticksOf } from '../../src/measure/account.ts';
import { parseCounts } from '../../src/measure/syscalls.ts';

describe.runIf(process.platform === 'linux')('a snapshot', () => {
  test('sees this process', () => {
    const here = snapshot([process.pid]);
    expect(here?.threads).toBeGreaterThan(1);
    expect(here?.residentBytes).toBeGreaterThan(1024 ** 2);
    expect(here?.tracer).toBe(0);
  });

  test('of a process that is gone is null', () => {
    expect(snapshot([2 ** 22 + 1])).toBe(null);
  });

  test('finds the work between two of them, split into user and system', () => {
    const before = snapshot([process.pid]);
    const endMs = performance.now() + 60;
    while (performance.now() < endMs);
    const cost = costBetween(before, snapshot([process.pid]));
    expect(cost!.userUs + cost!.systemUs).toBeGreaterThan(0);
  });

  test('finds the processes that a process started', () => {
    const child = spawn('sleep', ['30']);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    expect(familyOf(process.pid)).toContain(child.pid);
  });
});

test('a cost without a beginning or an end is unknown', () => {
  expect(costBetween(null, null)).toBe(null);
});

test("a program's name with blanks and parentheses does not shift the ticks", () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '42', '7', '0'];
  expect(ticksOf(`17 (a) b ( c) ${fields.join(' ')}`)).toEqual([42, 7]);
});

test("strace's table is read with and without errors", () => {
  const table = `
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 61.11    0.000011          11         1           epoll_wait
 38.89    0.000007           7      1953        12 recvmsg
------ ----------- ----------- --------- --------- ----------------
100.00    0.000018           9      1954        12 total
`;
  expect(parseCounts(table)).toEqual({ total: 1954, byName: { recvmsg: 1953, epoll_wait: 1 } });
});
