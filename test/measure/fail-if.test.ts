/** `--fail-if`: what may be asked, what is found, what is refused. */
import { describe, expect, test } from 'vitest';
import { judge, parseCondition } from '../../src/measure/fail-if.ts';
import { cellOf, failedCell, impossibleCell, roundsOf, warmingWith } from './cells.ts';

const NAMES = { targets: ['epoll', 'redis-server'], scenarios: ['50-clients', 'idle-10'] };

/** epoll: 20,000/s, p50 5 ms, p99 10 ms, p99.9 20 ms, 10 µs of CPU; redis-server: 10,000/s. */
const CELLS = [
  cellOf('50-clients', 'epoll', roundsOf(20_000)),
  cellOf('50-clients', 'redis-server', roundsOf(10_000)),
  impossibleCell('idle-10', 'epoll', 'no'),
];

function found(text: string): readonly string[] {
  return judge(parseCondition(text, NAMES), CELLS).found;
}

describe('holds', () => {
  test.each([
    'epoll.p99 > 2ms',
    'epoll.p99 >= 10000us',
    'epoll.50-clients.p99.9 > 0.01 s',
    'epoll.ops < 30_000',
    'epoll.cpu > 9µs',
    'epoll.memory > 63 mb',
    'epoll.ops > 1.9 * redis-server.ops',
    'redis-server.p50 > epoll.p50',
    'epoll.ops > redis-server.50-clients.ops',
    'epoll.syscalls >= 2',
  ])('%s', (text) => {
    expect(found(text).length).toBe(1);
  });
});

describe('does not hold', () => {
  test.each(['epoll.p99 > 11ms', 'epoll.ops < 2 * redis-server.ops', 'epoll.threads > 11'])(
    '%s',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

describe('says what was found, in units', () => {
  test.each([
    ['epoll.p99 > 2ms', 'epoll 50-clients: p99 10.0 ms > 2.00 ms'],
    ['epoll.cpu >= 900ns', 'epoll 50-clients: cpu 10.0 µs >= 900 ns'],
    ['epoll.memory > 63mb', 'epoll 50-clients: memory 64.0 MiB > 63.0 MiB'],
    ['epoll.ops < 30000', 'epoll 50-clients: ops 20,000 operations/s < 30,000 operations/s'],
    ['epoll.threads > 1', 'epoll 50-clients: threads 11 > 1'],
    ['epoll.syscalls > 1.5', 'epoll 50-clients: syscalls 2 an operation > 1.5 an operation'],
    [
      'epoll.cpu > 0.9 * redis-server.cpu',
      'epoll 50-clients: cpu 10.0 µs > 9.00 µs (0.9 × 10.0 µs of redis-server.cpu)',
    ],
    ['redis-server.p50 > epoll.p50', 'redis-server 50-clients: p50 10.0 ms > 5.00 ms (epoll.p50)'],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test('and that the server was not warm', () => {
    const cold = { ...CELLS[0], warming: warmingWith({ isWarm: false }) };
    const { found: told } = judge(parseCondition('epoll.p99 > 2ms', NAMES), [cold]);
    expect(told).toEqual(['epoll 50-clients: p99 10.0 ms (not warm) > 2.00 ms']);
  });
});

describe('a figure that is missing fails: nothing passes in silence', () => {
  test.each([
    ['epoll.idle-10.p99 > 1s', 'epoll idle-10: p99 was not measured: no'],
    ['redis-server.idle-10.p99 > 1s', 'nothing was measured'],
    ['epoll.ops > redis-server.idle-10.ops', 'redis-server idle-10: nothing was measured'],
    ['redis-server.ops > epoll.idle-10.ops', 'epoll idle-10: ops was not measured: no'],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test('of a server that was too slow, wherever', () => {
    const slow = failedCell('50-clients', 'epoll', 'no client got an answer within 700 ms');
    const { found: told } = judge(parseCondition('epoll.p99 > 2ms', NAMES), [slow]);
    expect(told).toEqual([
      'epoll 50-clients: p99 was not measured: no client got an answer within 700 ms',
    ]);
  });
});

describe('is refused', () => {
  test.each([
    ['epoll.p99', /is not like/],
    ['epol.p99 > 2ms', /no server 'epol'/],
    ['epoll.nowhere.p99 > 2ms', /no scenario 'nowhere'/],
    ['epoll.speed > 2ms', /has no metric/],
    ['epoll.p99 > 2', /wants a unit/],
    ['epoll.p99 > 2mb', /is not counted in 'mb'/],
    ['epoll.ops > 2ms', /is not counted in 'ms'/],
    ['epoll.p99 > fast', /has no metric/],
    ['epoll.p99 > 1.2.3ms', /has no number/],
    ['epoll.50-clients.x.p99 > 1ms', /is not target.scenario.metric/],
    ['p99 > 1ms', /has no metric/],
  ])('%s', (text, message) => {
    expect(() => parseCondition(text, NAMES)).toThrow(message);
  });
});
