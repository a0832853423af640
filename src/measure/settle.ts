/** Waiting until a server has nothing left to do: ten thousand clients that left are work, too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { occupiedUs } from './account.ts';

/** Less work than this within a look counts as rest: Redis' own timer takes some 0.1 ms. */
const RESTING_US = 1000;
const LOOK_EVERY_MS = 20;
/** A server that never rests is measured all the same. */
const PATIENCE_MS = 3000;

export async function settle(pids: readonly number[]): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  let before = occupiedUs(pids);
  while (performance.now() < endMs) {
    await sleep(LOOK_EVERY_MS);
    const now = occupiedUs(pids);
    if (now - before < RESTING_US) return;
    before = now;
  }
}
