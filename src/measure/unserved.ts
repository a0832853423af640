/**
 * Why a load found less than it asked for. What a model can't do by what it is (`impossible`) is
 * told apart from what was slow or went wrong (`failed`) by the counts themselves: a limit is the
 * reason only where more clients came than it allows, and as many were served as it allows.
 */
import type { LoadResult, Opened } from './load/job.ts';
import { count, time } from './report/format.ts';
import type { Limit } from './targets/target.ts';

export interface Shortfall {
  readonly outcome: 'impossible' | 'failed';
  readonly reason: string;
}

/** @returns null where every client was served, and answered. */
export function shortfallOf(result: LoadResult, limit: Limit | null): Shortfall | null {
  if (!result.complete) return unserved(result, limit);
  if (result.operations > 0) return null;
  const passed = time(result.elapsedMs * US_PER_MS);
  return { outcome: 'failed', reason: `no client got an answer within ${passed}` };
}

function unserved(result: LoadResult, limit: Limit | null): Shortfall {
  const all = [result.disturbing, result.idle, result.active];
  const wanted = sum(all, 'wanted');
  const served = sum(all, 'served');
  const found = `${count(served)} of ${count(wanted)} clients served`;
  if (limit !== null && isReached(limit, wanted, served)) {
    return { outcome: 'impossible', reason: `${found}: ${limit.why}` };
  }
  return { outcome: 'failed', reason: `${found}${instead(all)}` };
}

function isReached({ clients, ownNeed }: Limit, wanted: number, served: number): boolean {
  return wanted > clients - ownNeed && served <= clients && served >= clients - ownNeed;
}

/** What happened to the others, as far as it was seen. */
function instead(all: readonly Opened[]): string {
  const refusal = all.find((opened) => opened.refusal !== '')?.refusal ?? '';
  if (refusal !== '') return ` (refused: ${refusal})`;
  const meanwhile = all.find((opened) => opened.meanwhile !== '')?.meanwhile ?? '';
  return meanwhile === '' ? '' : MEANWHILE[meanwhile];
}

const MEANWHILE = {
  rested: '; the others waited while the server rested',
  worked: '; it worked, but served no other one in time',
} as const;

function sum(all: readonly Opened[], field: 'wanted' | 'served'): number {
  return all.reduce((total, opened) => total + opened[field], 0);
}

const US_PER_MS = 1000;
