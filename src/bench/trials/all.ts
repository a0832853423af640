/** Every trial that there is, in the order in which they are made. */
import { countingTrial } from './counting.ts';
import { fairnessTrial } from './fairness.ts';
import { poolTrial } from './pool.ts';
import { startTrial } from './start.ts';
import type { Trial } from './trial.ts';
import { warmingTrial } from './warming.ts';

export const TRIALS: readonly Trial[] = [
  startTrial,
  poolTrial,
  warmingTrial,
  countingTrial,
  fairnessTrial,
];
