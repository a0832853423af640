/** What a log proves about the model that served it, in sentences. */
import { isBlocked } from '../blocked.ts';
import { type Connection, endOf, leftUs } from '../connection.ts';
import { describeDuration } from '../explain.ts';
import type { Story } from '../story.ts';
import { describeTogether, servedTogether } from './overlap.ts';
import { freedBy, reasonOf, type Wait, waitsOf } from './waits.ts';
import { after, capital, roughly } from './words.ts';

/** Kernel and server take far less than this; a client that waited for longer stood in line. */
export const WAITED_US = 200_000;

/** A thread that has got rid of one client takes the next one within this. */
const AT_ONCE_US = 50_000;

/**
 * One sentence for each thing shown, the most telling first.
 * @param originUs the moment that the sentences count from.
 */
export function prove(story: Story, originUs: number): string[] {
  const { connections, enters, seesRequests } = story;
  const waits = waitsOf(story, WAITED_US);
  const come = connections.filter(({ accept, servedUs }) => accept !== null || servedUs !== null);
  if (come.length === 0 && waits.length === 0) {
    return [enters > 0 && !seesRequests ? describeRing(enters) : NOBODY];
  }
  const at = (us: number) => `${((us - originUs) / 1e6).toFixed(3)} s`;
  const together = servedTogether(come);
  return [
    ...(waits.length > 0 ? describeWaits(waits, story, at) : describeArrivals(come, at)),
    ...describeService(come, together, story, waits.length > 0, at),
  ];
}

const NOBODY = 'No client was accepted while this was watched.';

function describeRing(enters: number): string {
  return (
    `${enters} calls of io_uring_enter, and no accept, receive or send: these are requests in memory ` +
    'shared with the kernel, which strace does not see (--recorder does).'
  );
}

function describeService(
  come: readonly Connection[],
  together: readonly Connection[],
  story: Story,
  waited: boolean,
  at: (us: number) => string,
): string[] {
  if (together.length > 1) return describeTogether(together, story, at);
  const served = come.filter(({ servedUs }) => servedUs !== null);
  if (served.length > 1) return ['No two clients were served at the same time.'];
  if (come.length === 0 || waited) return [];
  const [one] = come;
  if (one.accept === null) return [`${capital(one.name)} was there before this was watched.`];
  return [`${capital(one.name)} was accepted at ${at(endOf(one.accept))}.`];
}

/** Where the log knows when each client connected, or has been accepted and queued. */
function describeWaits(waits: readonly Wait[], story: Story, at: (us: number) => string): string[] {
  const shown = waits.slice(0, MOST_WAITS);
  const [first, ...others] = shown.map((wait) => describeWait(wait, story));
  const rest = new Set(waits.slice(MOST_WAITS).map(({ connection }) => connection)).size;
  const more = rest > 0 ? [`${rest} more ${rest === 1 ? 'client' : 'clients'} waited.`] : [];
  return [first, ...describeEnd(waits[0], story, at), ...others, ...more];
}

const MOST_WAITS = 3;

/** `Client 2 waited 1.60 s in the backlog: main was blocked in recvmsg with client 1.` */
function describeWait(wait: Wait, story: Story): string {
  const { connection, place, fromUs, toUs, inVain } = wait;
  const where = place === 'backlog' ? 'in the backlog' : "in the server's queue";
  const reason = reasonOf(wait, story);
  const vain = inVain ? ', in vain' : '';
  const why = reason === '' ? '' : `: ${reason}`;
  return `${capital(connection.name)} waited ${roughly(toUs - fromUs)} ${where}${vain}${why}.`;
}

/** `It connected at 1.592 s and was accepted at 3.196 s, 95 µs after client 1 had left.` */
function describeEnd(wait: Wait, story: Story, at: (us: number) => string): string[] {
  const { connection, place, fromUs, toUs, inVain } = wait;
  const began = place === 'backlog' ? `connected at ${at(fromUs)}` : accepted(connection, at);
  if (inVain) return [`It ${began}.`];
  const before = freedBy(wait, story);
  const gap = before === null ? Number.POSITIVE_INFINITY : toUs - leftUs(before)!;
  const [thread] = connection.spans.keys();
  const end =
    place === 'backlog' || thread === undefined ? 'it was accepted' : `${thread.name} took it`;
  const then = gap <= AT_ONCE_US ? `, ${describeDuration(gap)} after ${before!.name} left` : '';
  return [`It ${began}; ${end} at ${at(toUs)}${then}.`];
}

function accepted({ accept, connectedUs }: Connection, at: (us: number) => string): string {
  const us = endOf(accept!);
  const when = connectedUs === null ? '' : `, ${after(us - connectedUs, 'it had connected')}`;
  return `was accepted at ${at(us)}${when}`;
}

/**
 * Where the log is the server's alone, nobody knows when a client connected. But an accept that
 * returns at once, right after a client has left that its thread was blocked with, found the next
 * one in the backlog.
 */
function describeArrivals(come: readonly Connection[], at: (us: number) => string): string[] {
  return come
    .flatMap((one) => {
      const before = blockerOf(one, come);
      if (before === null) return [];
      const { thread, name } = before.blocked.at(-1)!;
      const gap = describeDuration(endOf(one.accept!) - leftUs(before)!);
      const what = `was accepted at ${at(endOf(one.accept!))}, ${gap} after ${before.name} left`;
      return [
        `${capital(one.name)} ${what}: ${thread.name} was blocked in ${name} with ${before.name}.`,
      ];
    })
    .slice(0, MOST_WAITS);
}

function blockerOf(one: Connection, come: readonly Connection[]): Connection | null {
  const { accept, acceptedBy } = one;
  if (accept === null || one.connectedUs !== null || isBlocked(accept)) return null;
  const before = come.filter((other) => {
    const left = leftUs(other);
    if (
      other === one ||
      left === null ||
      !other.blocked.some(({ thread }) => thread === acceptedBy)
    ) {
      return false;
    }
    const gapUs = accept.startUs - left;
    return gapUs >= 0 && gapUs <= AT_ONCE_US;
  });
  return before.sort((a, b) => leftUs(b)! - leftUs(a)!)[0] ?? null;
}
