/**
 * What a log proves, in sentences: each log is a handful of calls, in strace's words, and of more
 * clients than the mode can serve.
 */
import { describe, expect, test } from 'vitest';
import { prove } from '../../src/observe/proof/prove.ts';
import { proveStory } from '../../src/observe/proof/stories.ts';
import { Story } from '../../src/observe/story.ts';
import { readLog } from '../../src/observe/strace/reader.ts';

/** Seconds, the thread, the call with its answer, how many seconds it took. */
type Line = readonly [thread: string, atS: number, call: string, tookS: number];

const LISTEN: Line = ['main', 0, `listen(3<TCP:[127.0.0.1:6379]>, 511) = 0`, 0];
const LISTENER = '3<TCP:[127.0.0.1:6379]>';

function file(client: number): string {
  return `${10 + client}<TCP:[127.0.0.1:6379->127.0.0.1:4000${client}]>`;
}

function connects(client: number, atS: number): Line {
  const socket = `<TCP:[127.0.0.1:4000${client}->127.0.0.1:6379]>`;
  return [`client ${client}`, atS, `connect(50${socket}, {}) = 0`, 0];
}

function accepts(thread: string, client: number, atS: number, tookS = 0): Line {
  return [thread, atS, `accept4(${LISTENER}, NULL, NULL, 0) = ${file(client)}`, tookS];
}

function receives(thread: string, client: number, atS: number, tookS = 0): Line {
  return [thread, atS, `recvmsg(${file(client)}, "PING\\r\\n") = 6`, tookS];
}

function sends(thread: string, client: number, atS: number): Line {
  return [thread, atS, `sendmsg(${file(client)}, "+PONG\\r\\n") = 7`, 0];
}

function leaves(thread: string, client: number, atS: number, tookS: number): Line[] {
  return [
    [thread, atS, `recvmsg(${file(client)}, "") = 0`, tookS],
    [thread, atS + tookS, `close(${file(client)}) = 0`, 0],
  ];
}

/** The whole conversation of a client that a thread keeps from its accept to its end. */
function keeps(thread: string, client: number, fromS: number, toS: number): Line[] {
  return [
    receives(thread, client, fromS),
    sends(thread, client, fromS),
    ...leaves(thread, client, fromS + 0.001, toS - fromS - 0.001),
  ];
}

const THREADS = ['main', 'syskv-1', 'syskv-2', 'client 1', 'client 2', 'client 3', 'client 4'];

function proven(...lines: readonly (Line | Line[])[]): string[] {
  return prove(tell(lines), 1.7e15);
}

function tell(lines: readonly (Line | Line[])[]): Story {
  const all = lines.flatMap((line) => (Array.isArray(line[0]) ? line : [line]) as Line[]);
  const text = all.map(([thread, atS, call, tookS]) => {
    const tid = 100 + THREADS.indexOf(thread);
    return `${tid}<${thread}> ${(1.7e9 + atS).toFixed(6)} ${call} <${tookS.toFixed(6)}>\n`;
  });
  const isClient = (_tid: number, name: string) => name.startsWith('client');
  const story = new Story({ fromStart: true, isClient });
  const doneAt = (event: { startUs: number; durationUs?: number | null }) =>
    event.startUs + (event.durationUs ?? 0);
  const events = readLog(text.join('')).sort((a, b) => doneAt(a) - doneAt(b));
  for (const event of events) story.tell(event);
  return story;
}

describe('one thread, one client at a time', () => {
  const three = proven(
    LISTEN,
    ...[connects(1, 1), connects(2, 1.5), connects(3, 1.6)],
    accepts('main', 1, 1),
    keeps('main', 1, 1.001, 3),
    accepts('main', 2, 3.0001),
    keeps('main', 2, 3.001, 4),
    accepts('main', 3, 4.0001),
    keeps('main', 3, 4.001, 4.1),
  );

  test('each waits in the backlog, for those before it', () => {
    expect(three[0]).toBe(
      'Client 2 waited 1.50 s in the backlog: main was blocked in recvmsg with client 1.',
    );
    expect(three[2]).toBe(
      'Client 3 waited 2.40 s in the backlog: main was blocked in recvmsg with client 1, then client 2.',
    );
  });

  test('and no two are served together', () => {
    expect(three.at(-1)).toBe('No two clients were served at the same time.');
  });

  test('one that comes when nobody is there has not waited', () => {
    expect(
      proven(
        LISTEN,
        ...[connects(1, 1), accepts('main', 1, 0.5, 0.5), ...keeps('main', 1, 1, 2)],
        ...[connects(2, 2.01), accepts('main', 2, 2.001, 0.009), ...keeps('main', 2, 2.01, 3)],
      ),
    ).toEqual(['No two clients were served at the same time.']);
  });

  test('one that leaves before anybody has come for it', () => {
    const gone: Line = ['client 2', 2, 'close(50<TCP:[127.0.0.1:40002->127.0.0.1:6379]>) = 0', 0];
    expect(
      proven(LISTEN, connects(1, 1), connects(2, 1.5), accepts('main', 1, 1), [
        ...keeps('main', 1, 1, 3),
        gone,
      ])[0],
    ).toBe(
      'Client 2 waited 500 ms in the backlog, in vain: main was blocked in recvmsg with client 1.',
    );
  });
});

describe('a pool of one thread', () => {
  const lines = [
    LISTEN,
    ...[connects(1, 1), connects(2, 1.5), connects(3, 1.6)],
    ...[accepts('main', 1, 1), accepts('main', 2, 1.5), accepts('main', 3, 1.6)],
    keeps('syskv-1', 1, 1.001, 3),
    keeps('syskv-1', 2, 3.001, 4),
  ];
  const sentences = proven(...lines);

  test('a client that is accepted is not served: it waits in the queue', () => {
    expect(sentences[0]).toBe(
      "Client 2 waited 1.50 s in the server's queue: syskv-1 was blocked in recvmsg with client 1.",
    );
    expect(sentences[1]).toBe(
      'It was accepted at 1.500 s, as soon as it had connected; syskv-1 took it at 3.001 s, 1.0 ms after client 1 left.',
    );
    expect(sentences.at(-1)).toBe('No two clients were served at the same time.');
  });

  test('one that no worker has come for', () => {
    expect(sentences[2]).toBe(
      "Client 3 waited 2.40 s in the server's queue, in vain: syskv-1 was blocked in recvmsg with client 1, then client 2.",
    );
  });
});

test('a pool of two threads, and four clients', () => {
  const sentences = proven(
    LISTEN,
    ...[1, 2, 3, 4].map((client) => connects(client, 1)),
    ...[1, 2, 3, 4].map((client) => accepts('main', client, 1)),
    keeps('syskv-1', 1, 1.001, 3),
    keeps('syskv-2', 2, 1.001, 3),
    keeps('syskv-1', 3, 3.001, 4),
    keeps('syskv-2', 4, 3.001, 4),
  );
  expect(sentences[0]).toBe(
    "Client 3 waited 2.00 s in the server's queue: " +
      'syskv-1 and syskv-2 were blocked in recvmsg, with client 1 and client 2.',
  );
  expect(sentences.at(-2)).toBe(
    'Client 1 and client 2 were served at the same time, by syskv-1 and syskv-2.',
  );
});

describe('an event loop', () => {
  function loop(thread: string, clients: readonly number[]): Line[] {
    return [
      ...clients.flatMap((client) => [
        accepts(thread, client, client),
        receives(thread, client, client + 0.001),
        sends(thread, client, client + 0.002),
      ]),
      ...clients.flatMap((client) => leaves(thread, client, 5 + client / 10, 0)),
    ];
  }
  const join = [1, 2, 3, 4].map((client) => connects(client, client));

  test('one thread serves all', () => {
    expect(proven(LISTEN, ...join, loop('main', [1, 2, 3, 4]))).toEqual([
      'One thread (main) served 4 clients at the same time.',
    ]);
  });

  test('a client that is accepted and silent does not wait', () => {
    const silent = [LISTEN, connects(1, 1), accepts('main', 1, 1), receives('main', 1, 4)];
    expect(proven(...silent)).toEqual(['Client 1 was accepted at 1.000 s.']);
  });

  test('two threads, each with its own clients', () => {
    expect(proven(LISTEN, ...join, loop('main', [1, 2, 4]), loop('syskv-1', [3]))).toEqual([
      '4 clients were served at the same time: 3 by main and 1 by syskv-1.',
    ]);
  });

  test('a client that came late had waited, but for no other client', () => {
    const late = [connects(2, 1.5), accepts('main', 2, 1.9), receives('main', 2, 1.9)];
    const [first] = proven(LISTEN, connects(1, 1), loop('main', [1]), late, loop('main', [3]));
    expect(first).toBe('Client 2 waited 400 ms in the backlog.');
  });
});

describe('processes', () => {
  test('are called so', () => {
    const parent: Line[] = [LISTEN, connects(1, 1), connects(2, 1.1)];
    const children = [accepts('syskv-1', 1, 1), accepts('syskv-2', 2, 1.1)];
    expect(
      proven(...parent, ...children, keeps('syskv-1', 1, 1, 2), keeps('syskv-2', 2, 1.1, 2))[0],
    ).toBe('Client 1 and client 2 were served at the same time, by syskv-1 and syskv-2.');
  });
});

test('a server without a descriptor left', () => {
  const refused: Line = [
    'main',
    2,
    `accept4(${LISTENER}, NULL, NULL, 0) = -1 EMFILE (Too many)`,
    0,
  ];
  const [first] = proven(
    ...[LISTEN, connects(1, 1), accepts('main', 1, 1), receives('main', 1, 1)],
    ...[connects(2, 2), refused, accepts('main', 2, 3), receives('main', 2, 3)],
  );
  expect(first).toBe(
    'Client 2 waited 1.00 s in the backlog: accept4 failed with EMFILE, there was no descriptor left.',
  );
});

describe('a client that does not read', () => {
  const asks = (client: number, atS: number): Line[] => {
    const socket = `50<TCP:[127.0.0.1:4000${client}->127.0.0.1:6379]>`;
    return [
      connects(client, atS),
      [`client ${client}`, atS, `sendmsg(${socket}, "PING\\r\\n") = 6`, 0],
      [`client ${client}`, atS + 0.01, `recvmsg(${socket}, "+PONG\\r\\n") = 7`, 0],
    ];
  };
  const begin = [LISTEN, asks(1, 1), accepts('syskv-1', 1, 1), receives('syskv-1', 1, 1)];
  const other = [asks(2, 2), accepts('syskv-2', 2, 2), receives('syskv-2', 2, 2)];

  test('a time-out that cuts its sleep does not end it', () => {
    const send = (atS: number): Line => {
      return ['syskv-1', atS, `sendmsg(${file(1)}, "x") = -1 EAGAIN (Again)`, 0.25];
    };
    const sends = [1.5, 1.76, 2.02, 2.28].map(send);
    expect(proveStory('slow-reader', tell([...begin, ...other, sends]))).toEqual([
      'Client 1 did not read, and syskv-1 was blocked in sendmsg for 1.00 s: ' +
        'client 2 was answered 10.0 ms after it had asked.',
    ]);
  });

  test('a call that a busy machine made long is no sleep', () => {
    const slow: Line = ['syskv-1', 1.98, `sendmsg(${file(1)}, "x") = 1`, 0.1];
    const later = sends('syskv-1', 1, 3);
    expect(proveStory('slow-reader', tell([...begin, ...other, slow, later]))).toEqual([
      'Client 1 did not read, and syskv-1 left the rest of its replies for later: ' +
        'client 2 was answered 10.0 ms after it had asked.',
    ]);
  });
});
