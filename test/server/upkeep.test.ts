/** What is due by the clock, and how often it is done. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Upkeep, type UpkeepParts } from '../../src/server/upkeep.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The words of the board that concern expiry. */
function sharedBoard() {
  let keeper = -1;
  return {
    expiryStopped: false,
    pause: { kind: () => 0 },
    keepsExpiry: (thread: number) => keeper === thread,
    keepExpiry(thread: number) {
      if (keeper < 0) keeper = thread;
      return keeper === thread;
    },
    leaveExpiry(thread: number) {
      if (keeper === thread) keeper = -1;
    },
  };
}

/** A store in which `expired` keys are found, as many as that in all the looks for them. */
function upkeepOver(
  store: { mayExpire: boolean; expired: number },
  board = sharedBoard(),
  thread = 0,
) {
  let looks = 0;
  const expireCycle = () => {
    looks++;
    const removed = Math.min(store.expired, 1000);
    store.expired -= removed;
    return removed;
  };
  const parts = {
    options: { latencyThresholdMs: 0 },
    ...{ board, thread },
    store: Object.assign(store, { expireCycle, seeWhatMayExpire: () => store.mayExpire }),
  } as unknown as UpkeepParts;
  return { upkeep: new Upkeep(parts), looks: () => looks };
}

describe('looking for expired keys', () => {
  test('is not done where nothing can expire', () => {
    const { upkeep, looks } = upkeepOver({ mayExpire: false, expired: 0 });
    expect(upkeep.run()).toBe(-1);
    expect(looks()).toBe(0);
  });

  test('is done ten times a second, however busy the server is', () => {
    const { upkeep, looks } = upkeepOver({ mayExpire: true, expired: 0 });
    for (let ms = 0; ms < 1000; ms++) {
      for (let turn = 0; turn < 10; turn++) expect(upkeep.run()).toBeGreaterThan(0);
      vi.advanceTimersByTime(1);
    }
    expect(looks()).toBe(10);
  });

  test('is done more often while many are found', () => {
    const { upkeep, looks } = upkeepOver({ mayExpire: true, expired: 10_000 });
    for (let ms = 0; ms < 100; ms++) {
      upkeep.run();
      vi.advanceTimersByTime(1);
    }
    expect(looks()).toBe(11);
  });

  test.each([0, 4_000_000_000_000])('goes on where the wall clock is set to %i', (nowMs) => {
    const { upkeep, looks } = upkeepOver({ mayExpire: true, expired: 0 });
    upkeep.run();
    vi.setSystemTime(nowMs);
    expect(upkeep.run()).toBeGreaterThan(99);
    vi.advanceTimersByTime(100);
    upkeep.run();
    expect(looks()).toBe(2);
  });

  test('is done by one thread at a time, and by another one when that has nothing to do', () => {
    const board = sharedBoard();
    const stores = [0, 1].map(() => ({ mayExpire: true, expired: 0 }));
    const [first, second] = stores.map((store, thread) => upkeepOver(store, board, thread).upkeep);
    expect([first.run(), second.run()]).toEqual([100, -1]);
    vi.advanceTimersByTime(100);
    board.expiryStopped = true;
    let kept = false;
    first.run(() => {
      kept = board.keepsExpiry(0);
    });
    // It is still the keeper while it is told to rest: nobody else has begun.
    expect(kept).toBe(true);
    board.expiryStopped = false;
    expect([second.run(), first.run()]).toEqual([100, -1]);
  });
});
