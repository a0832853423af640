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
 */
export function prove(connections: readonly Connection[], originUs: number): string[] {
  const served = connections.filter(({ accept }) => accept !== null).sort(byAcceptance);
  if (served.length === 0) return ['No client was accepted while this was watched.'];
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

function byAcceptance(a: Connection, b: Connection): number {
  return acceptedUs(a) - acceptedUs(b);
}

function acceptedUs({ accept }: Connection): number {
  return endOf(accept!);
}

/** `client 2 connected at 1.0 s and was accepted at 4.2 s, 3 ms after client 1 left.` */
function describeWait(
  one: Connection,
  all: readonly Connection[],
  at: (us: number) => string,
): string {
  const accepted = acceptedUs(one);
  const left = lastToLeave(one, all);
  const known = one.connectedUs !== null;
  const waited = known ? accepted - one.connectedUs! : 0;
  if (known && waited < WAITED_US) return '';
  // Without the moment of connecting, coming right after another one has left is the sign of a line.
  if (left === null || accepted - left.closedUs! > AT_ONCE_US) {
    return known
      ? `${capital(one.name)} connected at ${at(one.connectedUs!)} and was accepted at ` +
          `${at(accepted)}, ${describeDuration(waited)} later.`
      : '';
  }
  const after = `${describeDuration(accepted - left.closedUs!)} after ${left.name} left`;
  if (!known) return `${capital(one.name)} was accepted at ${at(accepted)}, ${after}.`;
  return (
    `${capital(one.name)} connected at ${at(one.connectedUs!)} and was accepted at ` +
    `${at(accepted)}, ${after}.`
  );
}

/** The client whose connection was closed last before this one was accepted. */
function lastToLeave(one: Connection, all: readonly Connection[]): Connection | null {
  const accepted = acceptedUs(one);
  const before = all.filter((other) => other.closedUs !== null && other.closedUs <= accepted);
  return before.sort((a, b) => b.closedUs! - a.closedUs!)[0] ?? null;
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
  return first.closedUs === null || first.closedUs > acceptedUs(second);
}

function bothServed(first: Connection, second: Connection): boolean {
  return first.servedBy.size > 0 && second.servedBy.size > 0;
}

function describeOverlap([first, second]: Pair, at: (us: number) => string): string[] {
  const [one] = first.servedBy;
  const [other] = second.servedBy;
  const both = `${first.name} and ${second.name}`;
  const stayed = first.closedUs === null ? 'stayed' : `stayed until ${at(first.closedUs)}`;
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
