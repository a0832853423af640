/** Clients that were served at the same time, and by which threads. */
import { type Connection, leftUs, type Thread } from '../connection.ts';
import type { Story } from '../story.ts';
import { after, capital, list } from './words.ts';

/**
 * The most clients that were being served at one moment: each one from the first call that served
 * it until it left.
 */
export function servedTogether(connections: readonly Connection[]): Connection[] {
  const served = connections.filter(({ servedUs, requests }) => servedUs !== null && requests > 0);
  let most: Connection[] = [];
  for (const { servedUs } of served) {
    const now = served.filter((one) => one.servedUs! <= servedUs! && stayedUs(one) > servedUs!);
    if (now.length > most.length) most = now;
  }
  return most.sort((a, b) => a.number - b.number);
}

function stayedUs(one: Connection): number {
  return leftUs(one) ?? Number.POSITIVE_INFINITY;
}

/** One sentence about who served them; of two, another one about when. */
export function describeTogether(
  together: readonly Connection[],
  { byProcesses }: Story,
  at: (us: number) => string,
): string[] {
  const noun = byProcesses ? 'process' : 'thread';
  const groups = groupByThread(together);
  const clients =
    together.length > 2
      ? `${together.length} clients`
      : together.map(({ name }) => name).join(' and ');
  const same = 'at the same time';
  if (groups.size === 1) {
    const [{ name }] = groups.keys();
    return [`One ${noun} (${name}) served ${clients} ${same}.`, ...describeSecond(together, at)];
  }
  const names = list([...groups].map(([{ name }]) => name));
  const shares = list([...groups].map(([{ name }, count]) => `${count} by ${name}`));
  const alone = [...groups.values()].every((count) => count === 1);
  const own = together.length > 2 ? `${byProcesses ? 'processes' : 'threads'} of their own: ` : '';
  const by = alone ? `, by ${own}${names}` : `: ${shares}`;
  return [`${capital(clients)} were served ${same}${by}.`, ...describeSecond(together, at)];
}

/** By the thread that had served each for most of the time: nearly always there is one alone. */
function groupByThread(together: readonly Connection[]): Map<Thread, number> {
  const groups = new Map<Thread, number>();
  for (const { spans } of together) {
    const [[thread]] = [...spans].sort(([, a], [, b]) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
    groups.set(thread, (groups.get(thread) ?? 0) + 1);
  }
  return groups;
}

/** `Client 2 was accepted at 1.588 s, as soon as it had connected; client 1 stayed until 3.2 s.` */
function describeSecond(together: readonly Connection[], at: (us: number) => string): string[] {
  if (together.length !== 2) return [];
  const [first, second] = [...together].sort((a, b) => a.servedUs! - b.servedUs!);
  const left = leftUs(first);
  const stayed = left === null ? `${first.name} stayed` : `${first.name} stayed until ${at(left)}`;
  const { client, servedUs } = second;
  const answeredUs = client.repliedUs ?? second.answeredUs;
  if (answeredUs === null) {
    return [`${capital(second.name)} was served from ${at(servedUs!)} on; ${stayed}.`];
  }
  const known = client.askedUs !== null && client.repliedUs !== null;
  const when = known ? `, ${after(answeredUs - client.askedUs!, 'it had asked')}` : '';
  return [`${capital(second.name)} was answered at ${at(answeredUs)}${when}; ${stayed}.`];
}
