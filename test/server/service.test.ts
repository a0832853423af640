/** What is due by the clock, and how often it is done. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/server/options.ts';
import { type ServiceParts, ThreadService } from '../../src/server/service.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store in which `expired` keys are found, as many as that in all the looks for them. */
function serviceOver(store: { mayExpire: boolean; expired: number }) {
  let looks = 0;
  const expireCycle = () => {
    looks++;
    const removed = Math.min(store.expired, 1000);
    store.expired -= removed;
    return removed;
  };
  const service = new ThreadService({
    options: DEFAULT_OPTIONS,
    receptions: [],
    clients: { unfinished: 0 },
    board: { expiryStopped: false },
    store: Object.assign(store, { expireCycle }),
  } as unknown as ServiceParts);
  return { service, looks: () => looks };
}

describe('looking for expired keys', () => {
  test('is not done where nothing can expire', () => {
    const { service, looks } = serviceOver({ mayExpire: false, expired: 0 });
    expect(service.tick()).toBe(-1);
    expect(looks()).toBe(0);
  });

  test('is done ten times a second, however busy the server is', () => {
    const { service, looks } = serviceOver({ mayExpire: true, expired: 0 });
    for (let ms = 0; ms < 1000; ms++) {
      vi.setSystemTime(1_000_000 + ms);
      for (let turn = 0; turn < 10; turn++) {
        expect(service.tick()).toBeGreaterThan(0);
      }
    }
    expect(looks()).toBe(10);
  });

  test('is done more often while many are found', () => {
    const { service, looks } = serviceOver({ mayExpire: true, expired: 10_000 });
    for (let ms = 0; ms < 100; ms++) {
      vi.setSystemTime(1_000_000 + ms);
      service.tick();
    }
    expect(looks()).toBe(11);
  });

  test('goes on where the clock is put back', () => {
    const { service, looks } = serviceOver({ mayExpire: true, expired: 0 });
    service.tick();
    vi.setSystemTime(0);
    service.tick();
    expect(looks()).toBe(2);
  });
});
