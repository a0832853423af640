/** CLIENT PAUSE: until when requests wait, and which. */
import type { Call, Command } from '../../commands/call.ts';
import type { PauseGate } from '../../commands/engine.ts';
import { ACCESS_WRITE } from '../../commands/row.ts';
import { monotonicMs } from '../clock.ts';

export const NOT_PAUSED = 0;
export const WRITES_PAUSED = 1;
export const ALL_PAUSED = 2;

export class Pause implements PauseGate {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #kindAt: number;
  readonly #untilAt: number;

  constructor(words: Int32Array, doubles: Float64Array, kindAt: number, untilAt: number) {
    this.#words = words;
    this.#doubles = doubles;
    this.#kindAt = kindAt;
    this.#untilAt = untilAt;
  }

  /** Whether there was one that nobody has ended; it may be over. One look at one word. */
  get isOn(): boolean {
    return this.#words[this.#kindAt] !== NOT_PAUSED;
  }

  holdsBack({ client }: Call, command: Command): boolean {
    const kind = this.kind();
    if (kind !== WRITES_PAUSED) return kind === ALL_PAUSED;
    const access = command.name === 'exec' ? client.transaction?.access : command.access;
    return ((access ?? 0) & ACCESS_WRITE) !== 0;
  }

  /** What is paused now. */
  kind(): number {
    const kind = this.#words[this.#kindAt];
    return kind === NOT_PAUSED || monotonicMs() >= this.#doubles[this.#untilAt] ? NOT_PAUSED : kind;
  }

  /** As in Redis, a pause that is on is never made shorter or narrower by another one. */
  begin(kind: number, milliseconds: number): void {
    const before = this.kind();
    const untilMs = monotonicMs() + milliseconds;
    const untilBefore = before === NOT_PAUSED ? 0 : this.#doubles[this.#untilAt];
    this.#doubles[this.#untilAt] = Math.max(untilMs, untilBefore);
    Atomics.store(this.#words, this.#kindAt, Math.max(kind, before));
  }

  end(): void {
    Atomics.store(this.#words, this.#kindAt, NOT_PAUSED);
  }
}
