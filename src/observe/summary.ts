/** How often which call was made, and how long it took by the clock on the wall. */
import type { Told } from './story.ts';

export interface CallCount {
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  readonly totalUs: number;
  /** Of these, in calls that waited. */
  readonly blockedUs: number;
  readonly longestUs: number;
}

/** The server's calls, those with the most time first. */
export function summarise(told: readonly Told[]): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { event, thread, blocked } of told) {
    if (event.kind !== 'call' || thread.side === 'client') continue;
    const before = counts.get(event.name) ?? { ...NOTHING, name: event.name };
    const took = event.durationUs ?? 0;
    counts.set(event.name, {
      name: event.name,
      count: before.count + 1,
      failed: before.failed + (event.error === '' ? 0 : 1),
      totalUs: before.totalUs + took,
      blockedUs: before.blockedUs + (blocked ? took : 0),
      longestUs: Math.max(before.longestUs, took),
    });
  }
  return [...counts.values()].sort((a, b) => b.totalUs - a.totalUs);
}

const NOTHING = { count: 0, failed: 0, totalUs: 0, blockedUs: 0, longestUs: 0 };
