/** The stories that --demo can tell: what its clients do, one after the other. */
import type { StoryName } from '../../observe/proof/stories.ts';
import { type ModeName, modeOf } from '../../server/modes.ts';

/** A client of the demonstration does its steps in order. */
export interface DemoStep {
  readonly does: 'connect' | 'send' | 'receive' | 'leave';
  /** Not before another client has done so many steps. */
  readonly after?: { readonly client: number; readonly steps: number };
  /** Milliseconds to be still before, so that a picture has room for what happens meanwhile. */
  readonly pauseMs?: number;
  /** What is sent. */
  readonly text?: string;
  /** Received until there are so many; by one call where it is absent. */
  readonly bytes?: number;
}

export type DemoScript = readonly DemoStep[];

export interface DemoStory {
  /** Flags for the server, before those that were typed. */
  readonly flags: readonly string[];
  readonly scripts: readonly DemoScript[];
  /** Descriptors that the server is left with, once it waits for clients. */
  readonly descriptors?: number;
}

/** Of a mode whose threads have one client each, so many show what more of them would. */
const THREADS = 2;
/** As many threads as a picture has room for. */
const MOST_THREADS = 16;
/** Idle clients of an event loop, which has no threads to run out of. */
const IDLE_IN_LOOPS = 3;
/** Descriptors that the server is left with in `fd-limit`: a few clients, and then no more. */
const DESCRIPTORS = 3;
/** How long a client is idle or does not read: well above what a proof calls a wait. */
const STILL_MS = 800;
const PAUSE_MS = 300;

/** Why a mode has nothing to show of a story, in one sentence; '' where it has. */
export function refusalOfStory(story: StoryName, mode: ModeName): string {
  const { threading, ownTransfer } = modeOf(mode);
  if (story !== 'fd-limit') return '';
  const none = `${mode} has no story of fd-limit: `;
  if (threading === 'processes') {
    return `${none}each of its processes has one client, and one descriptor, at a time`;
  }
  if (threading === 'none') return `${none}it has one client, and one descriptor, at a time`;
  // io_accept_prep of the kernel: the limit is read once, and a multishot accept is asked for once.
  return ownTransfer === true
    ? `${none}its accept goes by the limit that held when it was asked for, before any client came`
    : '';
}

export function storyOf(name: StoryName, mode: ModeName, typed: readonly string[]): DemoStory {
  const { threading } = modeOf(mode);
  const alone = threading === 'none' || threading === 'loops';
  const flags = alone || name === 'second-client' || name === 'fd-limit' ? [] : threadFlags(typed);
  switch (name) {
    case 'second-client':
      return { flags, scripts: SECOND_CLIENT };
    case 'exhaustion':
      return { flags, scripts: exhaustion(idleClients(threading, [...flags, ...typed])) };
    case 'slow-reader':
      return { flags, scripts: SLOW_READER };
    case 'half-request':
      return { flags, scripts: HALF_REQUEST };
    case 'fd-limit':
      return { flags, scripts: exhaustion(DESCRIPTORS), descriptors: DESCRIPTORS };
  }
}

function threadFlags(typed: readonly string[]): string[] {
  return threadsIn(typed) === 0 ? ['--threads', String(THREADS)] : [];
}

/** The number behind the last `--threads`; 0 where there is none. */
function threadsIn(flags: readonly string[]): number {
  const words = flags.flatMap((flag) => flag.split('='));
  return Number(words[words.lastIndexOf('--threads') + 1]) || 0;
}

function idleClients(threading: string, flags: readonly string[]): number {
  if (threading === 'none') return 1;
  return threading === 'loops' ? IDLE_IN_LOOPS : Math.min(threadsIn(flags), MOST_THREADS);
}

const SECOND_CLIENT: readonly DemoScript[] = [
  [
    { does: 'connect' },
    ...ask(request('SET', 'name', 'Alice')),
    ...ask(request('GET', 'name'), { after: { client: 1, steps: 2 }, pauseMs: 600 }),
    { does: 'leave', pauseMs: 1000 },
  ],
  [
    { does: 'connect', after: { client: 0, steps: 3 }, pauseMs: 600 },
    ...ask(request('GET', 'name')),
    ...ask(request('SET', 'name', 'Bob'), { pauseMs: 300 }),
    { does: 'leave', pauseMs: 200 },
  ],
];

/** So many clients ask once and stay; then one more comes. */
function exhaustion(idle: number): DemoScript[] {
  const stays = Array.from({ length: idle }, (_, client): DemoScript => {
    const before = client === 0 ? {} : { after: { client: client - 1, steps: 3 } };
    return [
      { does: 'connect', ...before },
      ...ask(request('PING')),
      { does: 'leave', after: { client: idle, steps: 2 }, pauseMs: STILL_MS + client * 100 },
    ];
  });
  const comes: DemoScript = [
    { does: 'connect', after: { client: idle - 1, steps: 3 }, pauseMs: PAUSE_MS },
    ...ask(request('PING')),
    { does: 'leave', pauseMs: 100 },
  ];
  return [...stays, comes];
}

/** More than the kernel's buffers of both ends hold (tcp(7): 4 MiB and 6 MiB at most). */
const PAGES = 64;
const PAGE_BYTES = 256 * 1024;
const PAGE_REPLY_BYTES = `$${PAGE_BYTES}\r\n\r\n`.length + PAGE_BYTES;

const SLOW_READER: readonly DemoScript[] = [
  [
    { does: 'connect' },
    ...ask(request('SET', 'page', 'x'.repeat(PAGE_BYTES))),
    { does: 'send', text: request('GET', 'page').repeat(PAGES) },
    {
      ...{ does: 'receive', bytes: PAGES * PAGE_REPLY_BYTES },
      ...{ after: { client: 1, steps: 2 }, pauseMs: STILL_MS },
    },
    { does: 'leave' },
  ],
  [
    { does: 'connect', after: { client: 0, steps: 4 }, pauseMs: PAUSE_MS },
    ...ask(request('PING')),
    { does: 'leave', pauseMs: 100 },
  ],
];

const HALF = request('SET', 'name', 'Alice').indexOf('$5');

const HALF_REQUEST: readonly DemoScript[] = [
  [
    { does: 'connect' },
    { does: 'send', text: request('SET', 'name', 'Alice').slice(0, HALF) },
    ...ask(request('SET', 'name', 'Alice').slice(HALF), {
      after: { client: 1, steps: 2 },
      pauseMs: STILL_MS,
    }),
    { does: 'leave', pauseMs: 100 },
  ],
  [
    { does: 'connect', after: { client: 0, steps: 2 }, pauseMs: PAUSE_MS },
    ...ask(request('PING')),
    { does: 'leave', pauseMs: 100 },
  ],
];

function ask(text: string, when: Partial<DemoStep> = {}): DemoStep[] {
  return [{ ...when, does: 'send', text }, { does: 'receive' }];
}

function request(...words: string[]): string {
  const bulks = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulks.join('')}`;
}
