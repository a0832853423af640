/** Every trial that there is, in the order in which they are made. */
import { countingTrial } from './counting.ts';
import { startTrial } from './start.ts';
import type { Trial } from './trial.ts';

export const TRIALS: readonly Trial[] = [startTrial, countingTrial];
