/**
 * Logs of real servers, one a mode: two clients, of whom the second comes while the first one is
 * still there. What the log proves is the mode's nature.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/observe/explain.ts';
import { prove } from '../../src/observe/proof/prove.ts';
import { findMain, Story } from '../../src/observe/story.ts';
import { readLog } from '../../src/observe/strace/reader.ts';

function tell(name: string) {
  const log = readFileSync(new URL(`./logs/${name}.strace`, import.meta.url), 'latin1');
  const events = readLog(log);
  const story = new Story({ mainTid: findMain(events) });
  const told = events.map((event) => story.tell(event)).filter(({ relevant }) => relevant);
  const [sentence] = prove(story, told[0].event.startUs);
  return { story, told, sentence };
}

describe.each(['blocking', 'blocking-tt'])('%s', (name) => {
  test('the second client is accepted once the first one has left', () => {
    expect(tell(name).sentence).toMatch(
      /^Client 2 was accepted at .* after client 1 left: main was blocked in recvmsg with client 1\.$/,
    );
  });
});

describe.each(['select', 'poll', 'epoll', 'epoll-et'])('%s', (name) => {
  test('one thread serves both', () => {
    const { sentence } = tell(name);
    expect(sentence).toBe('One thread (main) served client 1 and client 2 at the same time.');
  });
});

describe.each(['thread-per-connection', 'thread-pool', 'prefork'])('%s', (name) => {
  test('each has a thread of its own', () => {
    const { sentence } = tell(name);
    expect(sentence).toMatch(
      /^Client 1 and client 2 were served at the same time, by syskv-\d and syskv-\d\.$/,
    );
  });
});

test('io_uring: strace sees one call', () => {
  const { told, sentence } = tell('io_uring');
  const names = told.map(({ event }) => (event.kind === 'call' ? event.name : event.what));
  expect(new Set(names)).toEqual(new Set(['io_uring_enter']));
  expect(sentence).toMatch(/^\d+ calls of io_uring_enter, and no accept, receive or send/);
});

describe.each([
  'blocking',
  'select',
  'poll',
  'epoll',
  'epoll-et',
  'thread-per-connection',
  'thread-pool',
  'prefork',
])('%s', (name) => {
  test('both conversations are told in words', () => {
    const { told } = tell(name);
    const wordsOf = (client: string) =>
      told
        .filter(({ connection }) => connection?.name === client)
        .map((one) => explain(one).replace(/^(→ )?fd \d+: /, ''))
        .filter((words) => !/^(SO_|watches|nothing there)/.test(words));
    expect(wordsOf('client 1')).toEqual([
      expect.stringMatching(/^client 127\.0\.0\.1:\d+$/),
      'SET name Alice',
      'OK',
      'FIN, the client has left',
      'client 1',
    ]);
    expect(wordsOf('client 2')).toEqual([
      expect.stringMatching(/^client 127\.0\.0\.1:\d+$/),
      'GET name',
      'Alice',
      'FIN, the client has left',
      'client 2',
    ]);
  });

  test("the runtime's own calls are left out", () => {
    const { told } = tell(name);
    const calls = told.flatMap(({ event }) => (event.kind === 'call' ? [event.name] : []));
    expect(calls).not.toContain('epoll_pwait');
    expect(calls).not.toContain('write');
  });
});
