/** What a demonstration shows of where a mode breaks, or that it does not: by the log alone. */
import { SENDS } from '../calls.ts';
import type { BlockedCall, Connection } from '../connection.ts';
import type { Story } from '../story.ts';
import { WAITED_US } from './prove.ts';
import { capital, list, roughly } from './words.ts';

export const STORY_NAMES = [
  'second-client',
  'exhaustion',
  'slow-reader',
  'half-request',
  'fd-limit',
] as const;
export type StoryName = (typeof STORY_NAMES)[number];

/** Sentences about the story: its last client is the one that comes while the others are there. */
export function proveStory(name: StoryName, story: Story): string[] {
  const { connections } = story;
  const last = connections.at(-1);
  if (last === undefined || connections.length < 2) return [];
  const [first] = connections;
  switch (name) {
    case 'second-client':
      return [];
    case 'exhaustion':
      return [exhaustion(connections.slice(0, -1), last)];
    case 'slow-reader':
      return [`${slowReader(first, last)}: ${answerTo(last)}.`];
    case 'half-request':
      return [`${halfRequest(first, last)}: ${answerTo(last)}.`];
    case 'fd-limit':
      return [fdLimit(story, last)];
  }
}

/** `client 3 was answered 2.1 ms after it had asked`, `… only 1.60 s after …`. */
function answerTo({ name, client: { askedUs, repliedUs } }: Connection): string {
  if (askedUs === null || repliedUs === null) return `${name} was not answered`;
  const tookUs = repliedUs - askedUs;
  const only = tookUs >= WAITED_US ? 'only ' : '';
  return `${name} was answered ${only}${roughly(tookUs)} after it had asked`;
}

/**
 * Calls for one client that a thread slept in from its first request until well after the last
 * client had asked. None where the thread was awake for most of the time after that: on a busy
 * machine any call may take a while, and a socket's time-outs cut a long sleep into several.
 */
function sleepsDuring(
  { blocked, client: own, connectedUs }: Connection,
  { client, connectedUs: cameUs }: Connection,
  kind: (call: BlockedCall) => boolean,
): BlockedCall[] {
  const fromUs = client.askedUs ?? cameUs ?? 0;
  const toUs = fromUs + STILL_US;
  const sleeps = blocked.filter((call) => {
    return kind(call) && call.startUs < toUs && call.endUs > (own.askedUs ?? connectedUs ?? 0);
  });
  const times = sleeps.map((call) => Math.min(call.endUs, toUs) - Math.max(call.startUs, fromUs));
  return times.reduce((sum, us) => sum + Math.max(0, us), 0) >= STILL_US / 2 ? sleeps : [];
}

/** The other clients of a story do nothing for longer than this once the last one has asked. */
const STILL_US = 400_000;

function sends(call: BlockedCall): boolean {
  return SENDS.has(call.name);
}

function receives(call: BlockedCall): boolean {
  return !sends(call);
}

function exhaustion(idle: readonly Connection[], last: Connection): string {
  const many = idle.length === 1 ? 'One idle client' : `${idle.length} idle clients`;
  const sleeps = idle.flatMap((one) => sleepsDuring(one, last, receives));
  const kept = sleeps.length === 0 ? 'kept no thread' : `kept ${sleepers(sleeps)}`;
  return `${many} ${kept}: ${answerTo(last)}.`;
}

/** `syskv-1 and syskv-2 in recvmsg`. */
function sleepers(sleeps: readonly BlockedCall[]): string {
  const names = [...new Set(sleeps.map(({ thread }) => thread.name))].sort();
  const who = names.length > MOST_NAMED ? `${names.length} threads` : list(names);
  return `${who} in ${sleeps[0].name}`;
}

const MOST_NAMED = 3;

/** A thread that sends to a client that does not read sleeps, or comes again when there is room. */
function slowReader(first: Connection, last: Connection): string {
  const { name, lastSentUs, spans } = first;
  const who = capital(name);
  const sleeps = sleepsDuring(first, last, sends);
  if (sleeps.length > 0) {
    const [{ thread, name: call }] = sleeps;
    return `${who} did not read, and ${thread.name} was blocked in ${call} for ${timeOf(sleeps)}`;
  }
  if (lastSentUs < (last.client.askedUs ?? 0)) {
    return `${who} did not read, but the kernel had room for all of its replies`;
  }
  const threads = list([...spans.keys()].map((thread) => thread.name));
  return `${who} did not read, and ${threads} left the rest of its replies for later`;
}

function timeOf(calls: readonly BlockedCall[]): string {
  return roughly(calls.reduce((sum, { startUs, endUs }) => sum + (endUs - startUs), 0));
}

/** Between the halves: while the other client came. */
function halfRequest(first: Connection, last: Connection): string {
  const sleeps = sleepsDuring(first, last, receives);
  if (sleeps.length === 0) return 'Half of a request kept no thread';
  return `Half of a request kept ${sleepers(sleeps)} for ${timeOf(sleeps)}`;
}

function fdLimit({ refusedAccepts }: Story, last: Connection): string {
  if (refusedAccepts.length === 0) return `There was a descriptor for all: ${answerTo(last)}.`;
  const [{ name, error }] = refusedAccepts;
  const times = refusedAccepts.length === 1 ? 'once' : `${refusedAccepts.length} times`;
  return `There was no descriptor left for ${last.name}, ${name} failed ${times} with ${error}: ${answerTo(last)}.`;
}
