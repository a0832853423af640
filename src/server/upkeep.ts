/**
 * Looking for keys that have expired and that nobody asks for, in every mode alike.
 *
 * One thread of a server does it at a time, its keeper: of 64 threads that block, 63 need not look
 * up. A thread that has made something that can expire becomes the keeper where there is none, and
 * is it until nothing in the store can expire. Then no thread is: an idle server makes no call.
 */
import type { SegmentedStore } from '../store/store.ts';
import type { Board } from './board.ts';
import { monotonicMs } from './clock.ts';
import type { ServerOptions } from './options.ts';
import { EXPIRE_CYCLE_EVENT } from './shared/latency.ts';
import { NOT_PAUSED } from './shared/pause.ts';

export interface UpkeepParts {
  readonly board: Board;
  readonly store: Pick<SegmentedStore, 'mayExpire' | 'seeWhatMayExpire' | 'expireCycle'>;
  readonly options: ServerOptions;
  readonly thread: number;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  #dueAtMs = 0;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /**
   * Looks, if it is time. Returns the milliseconds until the next look; -1: nothing can expire, or
   * another thread looks. `resting` is called where this thread was the keeper and is not any more,
   * before another one can be.
   */
  run(resting: () => void = NOTHING): number {
    const { board, store, thread } = this.#parts;
    if (!store.mayExpire) return -1;
    if (board.expiryStopped) return this.#rest(resting);
    if (!board.keepExpiry(thread)) return -1;
    const leftMs = this.#dueAtMs - monotonicMs();
    if (leftMs > 0) return Math.ceil(leftMs);
    const many = board.pause.kind() === NOT_PAUSED && this.#removeExpired() >= MANY_EXPIRED;
    const periodMs = many ? BUSY_PERIOD_MS : PERIOD_MS;
    this.#dueAtMs = monotonicMs() + periodMs;
    if (store.mayExpire || store.seeWhatMayExpire()) return periodMs;
    return this.#rest(resting) < 0 && this.#isWantedAgain() ? periodMs : -1;
  }

  #rest(resting: () => void): number {
    const { board, thread } = this.#parts;
    if (!board.keepsExpiry(thread)) return -1;
    resting();
    board.leaveExpiry(thread);
    return -1;
  }

  /**
   * Another thread may have made something that can expire before it could see that there is no
   * keeper any more: so the one that was it looks once again.
   */
  #isWantedAgain(): boolean {
    const { board, store, thread } = this.#parts;
    return store.seeWhatMayExpire() && board.keepExpiry(thread);
  }

  #removeExpired(): number {
    const { board, store, options } = this.#parts;
    const nowMs = Date.now();
    const startedAtMs = performance.now();
    const removed = store.expireCycle(nowMs, BUDGET_MS);
    const tookMs = performance.now() - startedAtMs;
    if (options.latencyThresholdMs > 0 && tookMs >= options.latencyThresholdMs) {
      board.latency.add(EXPIRE_CYCLE_EVENT, Math.floor(nowMs / 1000), Math.floor(tookMs));
    }
    return removed;
  }
}

const NOTHING = () => {};

/** As often as Redis looks for expired keys by default (`hz 10`). */
const PERIOD_MS = 100;
/** So short that no client notices. */
const BUDGET_MS = 1;
/**
 * Where a look has found as many as these there are more, and the next one comes sooner. Redis,
 * too, spends up to a quarter of its time on them then.
 */
const MANY_EXPIRED = 256;
const BUSY_PERIOD_MS = 4;
