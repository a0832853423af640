/** `--fail-if`: what may be asked, what is found, what is refused. */
import { describe, expect, test } from 'vitest';
import { judge, parseCondition } from '../../src/measure/fail-if.ts';
import { cellOf, impossibleCell, roundsOf } from './cells.ts';

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

test('says what was found', () => {
  expect(found('epoll.p99 > 2ms')).toEqual(['epoll 50-clients: 10,000 against 2,000']);
});

test('a scenario that was named and not measured fails: nothing passes in silence', () => {
  expect(found('epoll.idle-10.p99 > 1s')).toEqual(['epoll idle-10: not measured no']);
  expect(found('redis-server.idle-10.p99 > 1s')).toEqual(['nothing was measured']);
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
