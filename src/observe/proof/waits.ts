/** Clients that waited: where, how long, and what kept the threads that could have served them. */
import { type BlockedCall, type Connection, leftUs, type Thread } from '../connection.ts';
import type { Story } from '../story.ts';
import { list } from './words.ts';

export interface Wait {
  readonly connection: Connection;
  /** `backlog`: not accepted; `queue`: accepted, and handed to a worker that has not taken it. */
  readonly place: 'backlog' | 'queue';
  readonly fromUs: number;
  readonly toUs: number;
  /** Nobody came for it until the log ended, or the client left. */
  readonly inVain: boolean;
}

/** The waits of all connections that took longer, in the order in which they began. */
export function waitsOf(story: Story, longerThanUs: number): Wait[] {
  const waits = story.connections.flatMap((one) => [...waitsFor(one, story)]);
  return waits
    .filter(({ fromUs, toUs }) => toUs - fromUs > longerThanUs)
    .sort((a, b) => a.fromUs - b.fromUs);
}

function* waitsFor(connection: Connection, story: Story): Generator<Wait> {
  const { connectedUs, accept, client } = connection;
  const endUs = Math.min(client.leftUs ?? story.lastUs, story.lastUs);
  const acceptedUs = accept === null ? null : accept.startUs + (accept.durationUs ?? 0);
  if (connectedUs !== null) {
    const toUs = acceptedUs ?? endUs;
    yield { connection, place: 'backlog', fromUs: connectedUs, toUs, inVain: acceptedUs === null };
  }
  const queue = queueOf(connection, story);
  if (queue !== null) yield { connection, place: 'queue', ...queue };
}

/**
 * The time between accept and the first call of a worker; null where the thread that accepts is the
 * one that serves: there a client that is accepted and silent does not wait.
 */
export function queueOf(
  { accept, acceptedBy, servedUs, spans, client, closedUs }: Connection,
  story: Story,
): Pick<Wait, 'fromUs' | 'toUs' | 'inVain'> | null {
  if (accept === null || acceptedBy === null || spans.has(acceptedBy)) return null;
  const fromUs = accept.startUs + (accept.durationUs ?? 0);
  if (servedUs !== null) return { fromUs, toUs: Math.max(fromUs, servedUs), inVain: false };
  if (closedUs !== null || story.serving.has(acceptedBy)) return null;
  return { fromUs, toUs: Math.min(client.leftUs ?? story.lastUs, story.lastUs), inVain: true };
}

/** A thread that was with other clients while this one waited. */
interface Holder {
  readonly thread: Thread;
  readonly clients: Connection[];
  /** The call that it slept in for most of the time; '' where it was awake. */
  readonly call: string;
}

/**
 * `main was blocked in recvmsg with client 1`; '' where the log does not tell of any reason.
 */
export function reasonOf(wait: Wait, story: Story): string {
  const refused = story.refusedAccepts.find(
    ({ startUs }) => startUs >= wait.fromUs && startUs <= wait.toUs,
  );
  if (wait.place === 'backlog' && refused !== undefined) {
    return `${refused.name} failed with ${refused.error}, there was no descriptor left`;
  }
  const holders = holdersOf(wait, story);
  if (holders.length === 0) return startingUp(wait);
  const [{ call }] = holders;
  if (call === '' || holders.some((other) => other.call !== call)) {
    return list(holders.map(describe));
  }
  if (holders.length > MOST_NAMED) {
    const noun = story.byProcesses ? 'processes' : 'threads';
    return `all ${holders.length} ${noun} were blocked in ${call}, each with a client`;
  }
  const names = list(holders.map(({ thread }) => thread.name));
  const clients = list(holders.map(clientsOf));
  const were = holders.length === 1 ? 'was' : 'were';
  return `${names} ${were} blocked in ${call}${holders.length > 1 ? ',' : ''} with ${clients}`;
}

const MOST_NAMED = 3;

function describe(holder: Holder): string {
  const what = holder.call === '' ? 'was busy' : `was blocked in ${holder.call}`;
  return `${holder.thread.name} ${what} with ${clientsOf(holder)}`;
}

function clientsOf({ clients }: Holder): string {
  return clients.map(({ name }) => name).join(', then ');
}

/** Threads that keep a client to its end, and had others for half of the wait at least. */
function holdersOf(wait: Wait, story: Story): Holder[] {
  const others = story.connections.filter((other) => other !== wait.connection);
  const threads = new Set(others.flatMap(({ spans }) => [...spans.keys()]));
  return [...threads]
    .filter((thread) => isHeld(thread, others, wait) && !takesMany(thread, story))
    .map((thread) => holderOf(thread, others, wait));
}

function isHeld(thread: Thread, others: readonly Connection[], { fromUs, toUs }: Wait): boolean {
  const spans = others.flatMap(({ spans }) => spans.get(thread) ?? []);
  const times = spans.map((span) => Math.min(span.toUs, toUs) - Math.max(span.fromUs, fromUs));
  const heldUs = times.reduce((sum, us) => sum + Math.max(0, us), 0);
  return heldUs >= (toUs - fromUs) / 2;
}

/** An event loop has a second client before the first one has left. */
function takesMany(thread: Thread, story: Story): boolean {
  const spans = story.connections.flatMap(({ spans }) => spans.get(thread) ?? []);
  const sorted = spans.sort((a, b) => a.fromUs - b.fromUs);
  return sorted.some(({ fromUs }, index) => index > 0 && fromUs < sorted[index - 1].toUs);
}

function holderOf(thread: Thread, others: readonly Connection[], { fromUs, toUs }: Wait): Holder {
  const clients = others.filter(({ spans }) => {
    const span = spans.get(thread);
    return span !== undefined && span.fromUs < toUs && span.toUs > fromUs;
  });
  clients.sort((a, b) => a.spans.get(thread)!.fromUs - b.spans.get(thread)!.fromUs);
  const sleeps = clients.flatMap(({ blocked }) => blocked.filter((one) => one.thread === thread));
  return { thread, clients, call: mainCall(sleeps, fromUs, toUs) };
}

/** The call that took most of the time between, if any took half of it. */
function mainCall(sleeps: readonly BlockedCall[], fromUs: number, toUs: number): string {
  const times = new Map<string, number>();
  for (const { name, startUs, endUs } of sleeps) {
    const us = Math.min(endUs, toUs) - Math.max(startUs, fromUs);
    if (us > 0) times.set(name, (times.get(name) ?? 0) + us);
  }
  const [longest] = [...times].sort(([, a], [, b]) => b - a);
  return longest !== undefined && longest[1] >= (toUs - fromUs) / 2 ? longest[0] : '';
}

/** Where no thread was with another client, the one that came was not there yet. */
function startingUp({ connection, place, fromUs }: Wait): string {
  const [thread] = connection.spans.keys();
  if (place !== 'queue' || thread === undefined || thread.firstUs < fromUs) return '';
  return `${thread.name} was still starting`;
}

/** When the client left whose thread served this one next, and how long before that. */
export function freedBy({ connection, toUs }: Wait, story: Story): Connection | null {
  const before = story.connections.filter((other) => {
    const left = leftUs(other);
    const shares = [...other.spans.keys()].some((thread) => connection.spans.has(thread));
    return other !== connection && shares && left !== null && left <= toUs;
  });
  return before.sort((a, b) => leftUs(b)! - leftUs(a)!)[0] ?? null;
}
