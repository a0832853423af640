/** The server as commands see it, from the point of view of one thread. */
import { randomInt } from 'node:crypto';
import {
  type Client,
  HISTOGRAM,
  HISTOGRAM_STEPS,
  type Histogram,
  type MemoryFacts,
  type ServerFace,
} from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import type { Posix } from '../posix/posix.ts';
import type { SegmentedStore } from '../store/store.ts';
import type { Board } from './board.ts';
import type { ClientState, Clients } from './clients.ts';
import { CONNECTED_CLIENTS, HELD_BYTES, RESETTABLE } from './counters.ts';
import { Info } from './info.ts';
import type { Settings } from './settings.ts';
import { ALL_PAUSED, WRITES_PAUSED } from './shared/pause.ts';
import type { SlowLog } from './shared/slow-log.ts';
import type { ThreadStart } from './thread.ts';

export interface FaceParts {
  readonly posix: Posix;
  readonly start: ThreadStart;
  readonly store: SegmentedStore;
  readonly board: Board;
  readonly clients: Clients;
  readonly settings: Settings;
  readonly slowLog: SlowLog;
}

export function createFace(parts: FaceParts): ServerFace {
  const { start, store, board, clients, settings, slowLog } = parts;
  const { options, startedAtMs, upSinceMs, runId } = start;
  const memory = () => memoryFacts(store, board);
  const blockedClients = () => clients.roster.blocked;
  const info = new Info({
    ...{ options, store, board, settings, startedAtMs, upSinceMs, runId, memory, blockedClients },
  });
  return {
    databases: options.databases,
    get password() {
      return options.requirepass;
    },
    clients(asker: Client) {
      (asker as ClientState).publish(clients.roster);
      return clients.roster.views();
    },
    kill: (id) => clients.roster.kill(id),
    pause: (milliseconds, writesOnly) =>
      board.pause.begin(writesOnly ? WRITES_PAUSED : ALL_PAUSED, milliseconds),
    unpause: () => board.pause.end(),
    stop: () => stopServer(parts),
    info: (sections, nowMs) => info.text(sections, nowMs),
    memory,
    resetStatistics: () => resetStatistics(store, board),
    config: settings,
    slowLog,
    latency: {
      events: () => board.latency.events(),
      reset: (names) => board.latency.reset(names),
      histograms: () => histograms(board),
    },
    sleep(milliseconds) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    },
    setActiveExpiry(active) {
      board.expiryStopped = !active;
      // Whichever thread looked for them before has stopped: this one is the next.
      if (active) store.seeWhatMayExpire();
    },
    random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
  };
}

/**
 * The main thread's descriptors stand in the signal handler's list alone (shutdown.ts): any
 * other thread wakes it by a signal. Where signals do not stop the server they are on the board.
 */
function stopServer({ posix, start, board }: FaceParts): void {
  board.requestStop();
  if (start.role.signals) posix.kill(process.pid, posix.constants.SIGTERM);
}

function memoryFacts(store: SegmentedStore, board: Board): MemoryFacts {
  const { usedBytes } = store.statistics;
  return {
    usedBytes,
    peakBytes: board.peakBytes(usedBytes),
    startupBytes: store.statistics.emptyBytes,
    // What idle connections own; replies that wait to be taken come on top, for a moment.
    clientsBytes: board.total(CONNECTED_CLIENTS) * CLIENT_BYTES + board.total(HELD_BYTES),
    residentBytes: process.memoryUsage.rss(),
  };
}

function resetStatistics(store: SegmentedStore, board: Board): void {
  for (const counter of RESETTABLE) board.clear(counter);
  board.tallies.reset();
  store.statistics.reset();
}

function histograms(board: Board): Histogram[] {
  const all = TABLE.rows.map((row) => {
    const counts = board.tallies.total(row.number);
    const pairs = cumulated(counts);
    return { command: row.name, calls: pairs.at(-1)?.[1] ?? 0, counts: pairs };
  });
  // What EXEC ran is measured with EXEC: it has calls, and no times of its own.
  return all.filter(({ counts }) => counts.length > 0);
}

/** Up to the last step that any call took, as LATENCY HISTOGRAM tells it. */
function cumulated(counts: Float64Array): [microseconds: number, calls: number][] {
  const pairs: [number, number][] = [];
  let sum = 0;
  for (let step = 0; step < HISTOGRAM_STEPS; step++) {
    if (counts[HISTOGRAM + step] === 0) continue;
    sum += counts[HISTOGRAM + step];
    pairs.push([2 ** step, sum]);
  }
  return pairs;
}

/** randomInt's range is 2^48; this many steps are finer than any use here. */
const RANDOM_STEPS = 2 ** 32;
/** Two objects and a row of the roster. */
const CLIENT_BYTES = 1024;
