/** The I/O models by name. The one place where a mode's name becomes a driver. */
import { blocking } from '../drivers/blocking.ts';
import type { Driver } from '../drivers/driver.ts';
import { ioUring, probeIoUring } from '../drivers/io-uring.ts';
import * as epoll from '../drivers/pollers/epoll.ts';
import * as kqueue from '../drivers/pollers/kqueue.ts';
import * as poll from '../drivers/pollers/poll.ts';
import * as select from '../drivers/pollers/select.ts';
import { readiness } from '../drivers/readiness.ts';
import { connectionWorker, threadPerConnection } from '../drivers/thread-per-connection.ts';
import { threadPool, threadPoolWorker } from '../drivers/thread-pool.ts';
import type { Posix } from '../posix/posix.ts';

export interface Mode {
  readonly driver: Driver;
  /** What the further threads run; absent: this model has one thread. */
  readonly worker?: Driver;
  /**
   * `loops`: every thread has a listener and an event loop of its own; `crew`: the main thread
   * accepts, the others serve; `processes`: each blocks in accept4 on one inherited listener;
   * `none`: there is one thread.
   */
  readonly threading: 'loops' | 'crew' | 'processes' | 'none';
  /** Threads where --threads is not given. */
  readonly threads: number;
  /** Workers of a crew that are started before the first client comes. */
  readonly startedAhead: number;
  /**
   * The system call that makes the model, besides those that accept and move bytes: where a thread
   * waits for any of its clients, or for work. '' where it is accept4 itself.
   */
  readonly waitsIn: string;
  /** It does not move bytes by the calls that --io chooses. */
  readonly ownTransfer?: boolean;
  /** Why this machine can't run it, and what to do; '' where it can. Absent: it always can. */
  readonly refusal?: (posix: Posix) => string;
  /** One line for the start-up message and the help. */
  readonly summary: string;
}

/** What glibc's calls are to the kernel, and so to strace: newer machines lack the old two. */
const KERNELS =
  process.arch === 'x64'
    ? { poll: 'poll', epoll_wait: 'epoll_wait' }
    : { poll: 'ppoll', epoll_wait: 'epoll_pwait' };

/**
 * The threads of a pool, and how many of a larger one are started ahead: a thread takes some 10 MB
 * and 50 ms of CPU, and most clients of a large pool come later or never.
 */
const POOL_THREADS = 8;

export const MODES = {
  blocking: {
    driver: blocking,
    threading: 'none',
    threads: 1,
    startedAhead: 0,
    waitsIn: '',
    summary: 'one client at a time; the next ones wait in the backlog',
  },
  'thread-per-connection': {
    driver: threadPerConnection,
    worker: connectionWorker,
    threading: 'crew',
    threads: 64,
    startedAhead: 4,
    waitsIn: 'futex',
    summary: 'main accepts; each client gets a thread that blocks',
  },
  'thread-pool': {
    driver: threadPool,
    worker: threadPoolWorker,
    threading: 'crew',
    threads: POOL_THREADS,
    startedAhead: POOL_THREADS,
    waitsIn: 'futex',
    summary: 'main accepts; a queue feeds a bounded crew of threads that block',
  },
  prefork: {
    driver: blocking,
    worker: blocking,
    threading: 'processes',
    threads: 4,
    startedAhead: 0,
    waitsIn: '',
    summary: 'processes that block in accept4 on one inherited listener',
  },
  select: loops(select.create, 'pselect6', 'one thread, two bitmaps of 1024 descriptors'),
  poll: loops(poll.create, KERNELS.poll, 'one thread, the whole list of clients with every call'),
  epoll: loops(
    epoll.create,
    KERNELS.epoll_wait,
    'one thread, all clients, level-triggered readiness',
  ),
  'epoll-et': loops(
    epoll.createEdgeTriggered,
    KERNELS.epoll_wait,
    'the same, edge-triggered: reads until EAGAIN',
  ),
  io_uring: {
    ...loop(
      ioUring,
      'io_uring_enter',
      'one thread, completions: the kernel is asked once for many calls',
    ),
    refusal: probeIoUring,
    ownTransfer: true,
  },
  kqueue: {
    ...loops(kqueue.create, 'kevent', 'one thread, macOS and the BSDs'),
    refusal: noKqueue,
  },
} as const satisfies Record<string, Mode>;

export type ModeName = keyof typeof MODES;
export const MODE_NAMES = Object.keys(MODES) as ModeName[];

export function modeOf(name: ModeName): Mode {
  return MODES[name];
}

/** `auto` is the fastest model that this machine can run. */
export const MODE_CHOICES = ['auto', ...MODE_NAMES] as const;
export type ModeChoice = (typeof MODE_CHOICES)[number];

export function chooseMode(posix: Posix, choice: ModeChoice): ModeName {
  if (choice !== 'auto') return choice;
  return probeIoUring(posix) === '' ? 'io_uring' : 'epoll';
}

/** An event loop: its further threads run what the first one runs. */
function loop(driver: Driver, waitsIn: string, summary: string): Mode {
  const threads = { threading: 'loops', threads: 1, startedAhead: 0 } as const;
  return { driver, worker: driver, ...threads, waitsIn, summary };
}

function loops(
  createPoller: Parameters<typeof readiness>[0],
  waitsIn: string,
  summary: string,
): Mode {
  return loop(readiness(createPoller), waitsIn, summary);
}

function noKqueue(posix: Posix): string {
  if (typeof posix.kqueue === 'function') return '';
  return `kqueue is an interface of macOS and the BSDs, and this is ${process.platform}: try --mode epoll`;
}
