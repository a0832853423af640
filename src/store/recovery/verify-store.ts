/** DEBUG VERIFY: the checker over every segment of a store. */
import type { HeldLocks } from '../held-locks.ts';
import { verifySegment } from './verify.ts';

/** What is wrong with any of the segments; each is held while it is walked. */
export function verifySegments(locks: HeldLocks): string[] {
  const problems = locks.segments.flatMap((segment, index) => {
    locks.take(segment);
    return verifySegment(segment).map((problem) => `segment ${index}: ${problem}`);
  });
  locks.leave();
  return problems;
}
