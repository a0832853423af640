/**
 * How long commands take, for INFO, SLOWLOG and LATENCY.
 *
 * Reading the clock takes half as long as a GET, so the quick commands of a pipeline share a
 * reading: a stretch of plain ones (batch.ts), or else up to GROUP of them, are measured together
 * and each is put down for its share. A command that may take long is measured by itself, and so is
 * every one once the slow log wants to know of less than FINE_MICROSECONDS. Where a group as a
 * whole was slow, its last command stands for it.
 */
import {
  CALLS,
  type Call,
  type Command,
  HISTOGRAM,
  HISTOGRAM_STEPS,
  MICROSECONDS,
  TALLY,
} from '../commands/call.ts';
import type { CommandObserver } from '../commands/engine.ts';
import { ACCESS_QUICK } from '../commands/row.ts';
import { monotonicMs } from './clock.ts';
import { wordsForLog } from './log-words.ts';
import type { ServerOptions } from './options.ts';
import { COMMAND_EVENT, FAST_COMMAND_EVENT, type LatencyMonitor } from './shared/latency.ts';
import type { SlowLog } from './shared/slow-log.ts';

const GROUP = 16;
/** Above this a group of quick commands stands out as a whole. */
const FINE_MICROSECONDS = 1000;

export interface StopwatchParts {
  readonly call: Call;
  readonly options: ServerOptions;
  readonly slowLog: SlowLog;
  readonly latency: LatencyMonitor;
  readonly log: { warning(message: string): void };
}

export class Stopwatch implements CommandObserver {
  readonly #parts: StopwatchParts;
  readonly #counts: Float64Array;
  readonly #group = new Int32Array(GROUP);
  #grouped = 0;
  #most = GROUP;
  #sinceMs = 0;

  constructor(parts: StopwatchParts) {
    this.#parts = parts;
    this.#counts = parts.call.tally.counts;
  }

  /** Returns the clock's reading, as monotonicMs() tells it. */
  start(): number {
    const { slowlogMicroseconds } = this.#parts.options;
    this.#most = slowlogMicroseconds >= 0 && slowlogMicroseconds < FINE_MICROSECONDS ? 1 : GROUP;
    this.#grouped = 0;
    this.#sinceMs = monotonicMs();
    return this.#sinceMs;
  }

  /** Every command is measured by itself. */
  get isFine(): boolean {
    return this.#most === 1;
  }

  beforeStretch(): void {
    this.stop();
  }

  /** They are counted as calls here. */
  afterStretch(commands: readonly (Command | undefined)[], from: number, to: number): void {
    const tookMs = this.#lapMs();
    const share = (tookMs * 1000) / (to - from);
    // Most are the same command many times over.
    for (let i = from, run = from; i < to; i = run) {
      const number = commands[i]!.number;
      while (run < to && commands[run]!.number === number) run++;
      this.#counts[number * TALLY + CALLS] += run - i;
      this.#put(number, run - i, share);
    }
    if (tookMs >= SHORTEST_SLOW_MS) this.#judge(tookMs);
  }

  /** Milliseconds since the clock was last read. */
  #lapMs(): number {
    const nowMs = monotonicMs();
    const tookMs = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    return tookMs;
  }

  #put(command: number, calls: number, microseconds: number): void {
    const at = command * TALLY;
    const step = Math.min(32 - Math.clz32(microseconds), HISTOGRAM_STEPS - 1);
    this.#counts[at + MICROSECONDS] += microseconds * calls;
    this.#counts[at + HISTOGRAM + step] += calls;
  }

  /** A command is about to run: one that may take long is not to pay for those before it. */
  before(command: Command | undefined): void {
    if (this.#grouped > 0 && command !== undefined && (command.access & ACCESS_QUICK) === 0) {
      this.stop();
    }
  }

  /** A command has run. */
  after(): void {
    const { command } = this.#parts.call;
    if (command === undefined) return;
    this.#group[this.#grouped++] = command.number;
    if ((command.access & ACCESS_QUICK) === 0 || this.#grouped >= this.#most) this.stop();
  }

  /** Reads the clock, and puts down what has run since the last time. */
  stop(): void {
    const grouped = this.#grouped;
    if (grouped === 0) return;
    const tookMs = this.#lapMs();
    const share = (tookMs * 1000) / grouped;
    for (let i = 0; i < grouped; i++) this.#put(this.#group[i], 1, share);
    this.#grouped = 0;
    if (tookMs >= SHORTEST_SLOW_MS || this.#most === 1) this.#judge(tookMs);
  }

  failed({ client, command }: Call, error: unknown): void {
    const name = command?.name ?? 'a request';
    const what = error instanceof Error ? error.stack : String(error);
    this.#parts.log.warning(`client id=${client.id}: ${name} failed by a bug: ${what}`);
  }

  #judge(tookMs: number): void {
    const { call, options, slowLog, latency } = this.#parts;
    const { command, client, args } = call;
    if (command === undefined) return;
    const at = Math.floor(call.nowMs / 1000);
    const microseconds = Math.round(tookMs * 1000);
    const { slowlogMicroseconds, latencyThresholdMs } = options;
    const logged = slowlogMicroseconds >= 0 && microseconds >= slowlogMicroseconds;
    if (logged && !command.flags.includes('skip_slowlog') && options.slowlogMaxLength > 0) {
      const words = wordsForLog(command, args);
      slowLog.add({ at, microseconds, words, address: client.address, name: client.name });
    }
    if (latencyThresholdMs > 0 && tookMs >= latencyThresholdMs) {
      const kind = command.flags.includes('fast') ? FAST_COMMAND_EVENT : COMMAND_EVENT;
      latency.add(kind, at, Math.floor(tookMs));
    }
  }
}

/** Neither log can want to know of less, unless every command is measured by itself. */
const SHORTEST_SLOW_MS = 1;
