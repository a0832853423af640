/** DEBUG VERIFY: the checker over every segment of a store. */
import type { Holding } from '../holding.ts';
import { verifySegment } from './verify.ts';

/** What is wrong with any of the segments; each is held while it is walked. */
export function verifySegments(holding: Holding): string[] {
  const problems = holding.segments.flatMap((segment, index) => {
    holding.take(segment);
    return verifySegment(segment).map((problem) => `segment ${index}: ${problem}`);
  });
  holding.leave();
  return problems;
}
