/** A log of effects, replayed into an empty store at another time: the same data. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Request } from '../differential/peer.ts';
import { BITS, KEYS, STRINGS, TRANSACTIONS } from '../differential/requests.ts';
import { contentsOf, drivenWithLog, replayed } from './effect-log.ts';

/** Databases are the one part of CONNECTION that concerns data. */
const DATABASES = fc.oneof(
  fc.constantFrom(['SELECT', '0'], ['SELECT', '1'], ['SELECT', '15']),
  fc.constantFrom(['SWAPDB', '0', '1'], ['FLUSHDB'], ['FLUSHALL', 'ASYNC']),
);

/** Milliseconds that pass: enough for some of the keys to expire. */
const PASSING = fc.constantFrom(0, 0, 1, 500_000, 1_000_000);

const STEP = fc.record({
  request: fc.oneof(
    { weight: 4, arbitrary: STRINGS },
    { weight: 2, arbitrary: BITS },
    { weight: 4, arbitrary: KEYS },
    { weight: 1, arbitrary: TRANSACTIONS },
    { weight: 1, arbitrary: DATABASES as fc.Arbitrary<Request> },
  ),
  passingMs: PASSING,
  upkeep: fc.boolean(),
});

const SEED = 20_261_129;

test('effects of random requests, keys that expire among them', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 60, maxLength: 200 }), (steps) => {
      const { driver, log } = drivenWithLog();
      for (const { request, passingMs, upkeep } of steps) {
        driver.run(...request);
        driver.later(passingMs);
        if (upkeep) driver.store.expireCycle(driver.call.nowMs, 1);
      }
      expect(contentsOf(replayed(log.effects).store)).toEqual(contentsOf(driver.store));
    }),
    { seed: SEED, numRuns: 150 },
  );
});
