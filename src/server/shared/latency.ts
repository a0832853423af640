/** The latency monitor: the last events of each kind that took longer than its threshold. */
import type { LatencyEvent } from '../../commands/call.ts';
import type { SharedRegion } from '../../store/region.ts';
import type { SharedLock } from './lock.ts';
import { LATENCY_AT, LATENCY_KIND_DOUBLES, LATENCY_KINDS, LATENCY_SAMPLES } from './places.ts';

/** Kinds of events by Redis' names; their places here are stored. */
export const COMMAND_EVENT = 0;
export const FAST_COMMAND_EVENT = 1;
export const EXPIRE_CYCLE_EVENT = 2;
const NAMES = ['command', 'fast-command', 'expire-cycle', 'eviction-cycle'];

const COUNT = 0;
const WORST = 1;
const SAMPLES = 2;

export class LatencyMonitor {
  readonly #doubles: Float64Array;
  readonly #lock: SharedLock;

  constructor(region: SharedRegion, lock: SharedLock) {
    const length = LATENCY_KINDS * LATENCY_KIND_DOUBLES;
    this.#doubles = new Float64Array(region.words.buffer, LATENCY_AT, length);
    this.#lock = lock;
  }

  /** Several events within a second are one: the worst of them. */
  add(kind: number, at: number, milliseconds: number): void {
    this.#lock.held(() => {
      const doubles = this.#doubles;
      const base = kind * LATENCY_KIND_DOUBLES;
      doubles[base + WORST] = Math.max(doubles[base + WORST], milliseconds);
      const last = base + SAMPLES + 2 * ((doubles[base + COUNT] - 1) % LATENCY_SAMPLES);
      if (doubles[base + COUNT] > 0 && doubles[last] === at) {
        doubles[last + 1] = Math.max(doubles[last + 1], milliseconds);
        return;
      }
      const next = base + SAMPLES + 2 * (doubles[base + COUNT] % LATENCY_SAMPLES);
      doubles[next] = at;
      doubles[next + 1] = milliseconds;
      doubles[base + COUNT]++;
    });
  }

  events(): LatencyEvent[] {
    const kinds = Array.from({ length: LATENCY_KINDS }, (_, kind) => this.#event(kind));
    return kinds.filter(({ samples }) => samples.length > 0);
  }

  reset(names: readonly string[]): number {
    const wanted = NAMES.map((name) => names.length === 0 || names.includes(name));
    let forgotten = 0;
    for (const [kind, forget] of wanted.entries()) {
      const base = kind * LATENCY_KIND_DOUBLES;
      if (!forget || this.#doubles[base + COUNT] === 0) continue;
      this.#doubles.fill(0, base, base + LATENCY_KIND_DOUBLES);
      forgotten++;
    }
    return forgotten;
  }

  #event(kind: number): LatencyEvent {
    const base = kind * LATENCY_KIND_DOUBLES;
    const count = this.#doubles[base + COUNT];
    const samples: [number, number][] = [];
    for (let i = Math.max(0, count - LATENCY_SAMPLES); i < count; i++) {
      const at = base + SAMPLES + 2 * (i % LATENCY_SAMPLES);
      samples.push([this.#doubles[at], this.#doubles[at + 1]]);
    }
    return { name: NAMES[kind], samples, worstMs: this.#doubles[base + WORST] };
  }
}
