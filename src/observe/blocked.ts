/** Whether a call has kept its thread asleep. */
import { mayBlock } from './calls.ts';
import type { Call } from './event.ts';

/**
 * A call that takes longer has waited: on a busy machine strace alone can add some milliseconds.
 */
export const BLOCKED_US = 10_000;

export function isBlocked({ name, text, durationUs, state }: Call): boolean {
  if (!mayBlock(name) || (name === 'futex' && !text.includes('FUTEX_WAIT'))) return false;
  return state !== 'returned' || (durationUs !== null && durationUs >= BLOCKED_US);
}
