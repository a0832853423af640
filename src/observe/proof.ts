/** What a log proves about the model that served it, in sentences. */
import { describeDuration } from './explain.ts';
import { type Connection, endOf, type Thread } from './story.ts';

/** Kernel and server take far less than this; a client that waited for longer stood in line. */
const WAITED_US = 200_000;

/** A thread that has got rid of one client takes the next one within this. */
const AT_ONCE_US = 50_000;

/**
 * One sentence for each thing shown, the most telling first.
 * @param originUs the moment that the sentences count from.
 * @param enters how often io_uring_enter was called.
 */
export function prove(
  connections: readonly Connection[],
  originUs: number,
  enters: number,
): string[] {
  const served = connections.filter(({ accept }) => accept !== null).sort(byAcceptance);
  if (served.length === 0) return [enters > 0 ? describeRing(enters) : NOBODY];
  const at = (us: number) => `${((us - originUs) / 1e6).toFixed(3)} s`;
  const waits = served.map((one) => describeWait(one, served, at)).filter((text) => text !== '');
  const pair = overlapOf(served);
  const sentences = waits.slice(0, MOST_WAITS);
  if (pair !== null) sentences.push(...describeOverlap(pair, at));
  else if (served.length > 1) sentences.push('No two clients were served at the same time.');
  else if (sentences.length === 0) {
    sentences.push(`${capital(served[0].name)} was accepted at ${at(acceptedUs(served[0]))}.`);
  }
  return sentences;
}

const MOST_WAITS = 3;
const NOBODY = 'No client was accepted while this was watched.';

function describeRing(enters: number): string {
  return (
    `${enters} calls of io_uring_enter, and no accept, receive or send: these are requests in memory ` +
    'shared with the kernel, which strace does not see (--recorder does).'
  );
}

function byAcceptance(a: Connection, b: Connection): number {
  return acceptedUs(a) - acceptedUs(b);
}

function acceptedUs({ accept }: Connection): number {
  return endOf(accept!);
}

/** When the client was gone, as far as the log tells: not every log shows the close. */
function leftUs({ closedUs, finUs }: Connection): number | null {
  return closedUs ?? finUs;
}

/** `client 2 connected at 1.0 s and was accepted at 4.2 s, 3 ms after client 1 left.` */
function describeWait(
  one: Connection,
  all: readonly Connection[],
  at: (us: number) => string,
): string {
  const accepted = acceptedUs(one);
  const { connectedUs } = one;
  if (connectedUs !== null && accepted - connectedUs < WAITED_US) return '';
  const first = connectedUs === null ? '' : `connected at ${at(connectedUs)} and `;
  const what = `${capital(one.name)} ${first}was accepted at ${at(accepted)}`;
  const before = lastToLeave(one, all);
  // Without the moment of connecting, coming right after another one has left tells of a line.
  if (before !== null && accepted - leftUs(before)! <= AT_ONCE_US) {
    return `${what}, ${describeDuration(accepted - leftUs(before)!)} after ${before.name} left.`;
  }
  return connectedUs === null ? '' : `${what}, ${describeDuration(accepted - connectedUs)} later.`;
}

/** The client that left last before this one was accepted. */
function lastToLeave(one: Connection, all: readonly Connection[]): Connection | null {
  const accepted = acceptedUs(one);
  const before = all.filter((other) => (leftUs(other) ?? Number.POSITIVE_INFINITY) <= accepted);
  return before.sort((a, b) => leftUs(b)! - leftUs(a)!)[0] ?? null;
}

type Pair = readonly [first: Connection, second: Connection];

/** Two clients of which the second one was being served before the first one had left. */
function overlapOf(served: readonly Connection[]): Pair | null {
  for (const second of served) {
    const first = served.find(
      (one) => one !== second && overlaps(one, second) && bothServed(one, second),
    );
    if (first !== undefined) return [first, second];
  }
  return null;
}

function overlaps(first: Connection, second: Connection): boolean {
  if (acceptedUs(first) > acceptedUs(second) || second.requests === 0) return false;
  return (leftUs(first) ?? Number.POSITIVE_INFINITY) > acceptedUs(second);
}

function bothServed(first: Connection, second: Connection): boolean {
  return first.servedBy.size > 0 && second.servedBy.size > 0;
}

function describeOverlap([first, second]: Pair, at: (us: number) => string): string[] {
  const [one] = first.servedBy;
  const [other] = second.servedBy;
  const both = `${first.name} and ${second.name}`;
  const left = leftUs(first);
  const stayed = left === null ? 'stayed' : `stayed until ${at(left)}`;
  const known = second.connectedUs !== null;
  const lateUs = known ? acceptedUs(second) - second.connectedUs! : 0;
  const late = lateUs < 1000 ? 'as soon as' : `${describeDuration(lateUs)} after`;
  const after = known ? `, ${late} it had connected` : '';
  return [
    one === other
      ? `One thread (${one.name}) served ${both} at the same time.`
      : `${capital(both)} were served at the same time, by ${names(first)} and ${names(second)}.`,
    `${capital(second.name)} was accepted at ${at(acceptedUs(second))}${after}; ${first.name} ${stayed}.`,
  ];
}

function names({ servedBy }: Connection): string {
  return [...servedBy].map(({ name }: Thread) => name).join(' and ');
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
