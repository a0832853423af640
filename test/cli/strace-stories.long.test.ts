/**
 * `syskv strace --demo MODE --story STORY`: where each mode breaks, or that it does not. What is
 * asked for is a state that the log shows, never how fast something was.
 */
import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ModeName, modeOf } from '../../src/server/modes.ts';
import { MODES } from '../support/modes.ts';
import { SYSKV } from '../support/server.ts';
import { requireStrace } from '../support/strace.ts';

requireStrace();

interface Told {
  readonly status: number;
  readonly output: string;
}

/** A demonstration takes some four seconds, on a busy machine several times that. */
const LONGEST_MS = 60_000;
/** Most of a story is waiting: so many at a time do not disturb one another. */
const AT_A_TIME = 4;

function demo(mode: string, story: string): Promise<Told> {
  const flags = [SYSKV, 'strace', '--demo', mode, '--story', story];
  const options = { timeout: LONGEST_MS, killSignal: 'SIGINT' } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, flags, options, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, output: `${stdout}${stderr}` });
    });
  });
}

/** By story and mode. */
const TOLD = new Map<string, Told>();

/** Tells the story in every mode, before the tests look at what came of it. */
async function tellInAllModes(story: string): Promise<void> {
  const left = [...MODES];
  const next = async (): Promise<void> => {
    for (let mode = left.pop(); mode !== undefined; mode = left.pop()) {
      TOLD.set(`${story} ${mode}`, await demo(mode, story));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, next));
}

type Kind = ReturnType<typeof modeOf>['threading'];

/** A story, and what it shows of one thread, of workers, of processes, of event loops. */
const STORIES: readonly (readonly [story: string, shown: Readonly<Record<Kind, RegExp>>])[] = [
  [
    'second-client',
    {
      none: /^Client 2 waited .* in the backlog: main was blocked in recvmsg with client 1\.$/m,
      crew: /^Client 1 and client 2 were served at the same time, by syskv-\d and syskv-\d\.$/m,
      processes:
        /^Client 1 and client 2 were served at the same time, by syskv-\d and syskv-\d\.$/m,
      loops: /^One thread \(main\) served client 1 and client 2 at the same time\.$/m,
    },
  ],
  [
    'exhaustion',
    {
      none: /^One idle client kept main in recvmsg: client 2 was answered only .* it had asked\.$/m,
      crew: /^2 idle clients kept syskv-1 and syskv-2 in recvmsg: client 3 was answered only /m,
      processes:
        /^2 idle clients kept syskv-0 and syskv-1 in recvmsg: client 3 was answered only /m,
      loops: /^3 idle clients kept no thread: client 4 was answered /m,
    },
  ],
  [
    'slow-reader',
    {
      none: /^Client 1 did not read, and main was blocked in sendmsg .*: client 2 was answered on/m,
      crew: /^Client 1 did not read, and syskv-\d was blocked in sendmsg .*: client 2 was ans/m,
      processes:
        /^Client 1 did not read, and syskv-\d was blocked in sendmsg .*: client 2 was ans/m,
      loops:
        /^Client 1 did not read, and main left the rest of its replies for later: client 2 was /m,
    },
  ],
  [
    'half-request',
    {
      none: /^Half of a request kept main in recvmsg for .*: client 2 was answered only /m,
      crew: /^Half of a request kept syskv-\d in recvmsg for .*: client 2 was answered /m,
      processes: /^Half of a request kept syskv-\d in recvmsg for .*: client 2 was answered /m,
      loops: /^Half of a request kept no thread: client 2 was answered /m,
    },
  ],
  [
    'fd-limit',
    {
      none: /blocking has no story of fd-limit: it has one client, and one descriptor, at a time\n/,
      crew: /^There was no descriptor left for client 4, accept4 failed .* with EMFILE: client 4 /m,
      processes: /prefork has no story of fd-limit: each of its processes has one client, /,
      loops:
        /^There was no descriptor left for client 4, accept4 failed .* with EMFILE: client 4 /m,
    },
  ],
];

const NOTHING_TO_SHOW = /io_uring has no story of fd-limit: its accept goes by the limit that held/;

describe.each(STORIES)('%s', (story, shown) => {
  beforeAll(() => tellInAllModes(story), MODES.length * LONGEST_MS);

  test.each(MODES)('%s', (mode: ModeName) => {
    const { status, output } = TOLD.get(`${story} ${mode}`)!;
    const { threading, ownTransfer } = modeOf(mode);
    const refused = story === 'fd-limit' && (ownTransfer || !/crew|loops/.test(threading));
    const expected = story === 'fd-limit' && ownTransfer ? NOTHING_TO_SHOW : shown[threading];
    expect(output).toMatch(expected);
    expect(status).toBe(refused ? 2 : 0);
  });
});

describe('exhaustion: where the client waits that finds no thread', () => {
  const WHERE: Readonly<Record<string, string>> = {
    blocking: 'Client 2 waited .* in the backlog: main was blocked in recvmsg',
    'thread-per-connection':
      'Client 3 waited .* in the backlog: syskv-\\d and syskv-\\d were blocked',
    'thread-pool': "Client 3 waited .* in the server's queue: syskv-\\d and syskv-\\d were blocked",
    prefork: 'Client 3 waited .* in the backlog: syskv-\\d and syskv-\\d were blocked in recvmsg',
  };
  test.each(Object.entries(WHERE))('%s', (mode, sentence) => {
    expect(TOLD.get(`exhaustion ${mode}`)!.output).toMatch(new RegExp(`^${sentence}`, 'm'));
  });
});
