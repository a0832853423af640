/** Turns what was told into what the page draws. */

import { ACCEPTS } from '../calls.ts';
import { type Connection, endOf, type Thread } from '../connection.ts';
import type { Call } from '../event.ts';
import { explain } from '../explain.ts';
import { queueOf } from '../proof/waits.ts';
import type { Story, Told } from '../story.ts';
import type { CallMark, ConnectionLane, ReportData } from './data.ts';

export function collect(told: readonly Told[], story: Story, originUs: number): ReportData {
  const calls = told
    .filter((one): one is ToldCall => one.event.kind === 'call')
    .sort((a, b) => a.event.startUs - b.event.startUs);
  const threads = lanesOf(calls, story);
  const lastUs = Math.max(originUs + 1, ...ends(told));
  const shown = [...story.connections].sort((a, b) => a.number - b.number);
  return {
    durationUs: lastUs - originUs,
    servers: story.byProcesses ? 'processes' : 'threads',
    threads: threads.map(({ name }) => ({ name })),
    connections: shown.map((one) => laneOf(one, calls, story, originUs)),
    calls: calls.map((one) => markOf(one, threads, shown, originUs, lastUs)),
  };
}

type ToldCall = Told & { readonly event: Call };

/** Spread into Math.max by itself, a long log would exceed the arguments that a call takes. */
function ends(told: readonly Told[]): [number] {
  let last = 0;
  for (const { event } of told) {
    last = Math.max(last, event.kind === 'call' ? endOf(event) : event.startUs);
  }
  return [last];
}

/** The server's threads that did anything: main first, then as they are called. */
function lanesOf(calls: readonly ToldCall[], story: Story): Thread[] {
  const servers = calls.filter(({ thread }) => thread.side === 'server' && story.hasPart(thread));
  return [...new Set(servers.map(({ thread }) => thread))].sort((a, b) => {
    if (a.name === 'main' || b.name === 'main') return a.name === 'main' ? -1 : 1;
    return a.name.localeCompare(b.name, 'en', { numeric: true });
  });
}

function laneOf(
  one: Connection,
  calls: readonly ToldCall[],
  story: Story,
  originUs: number,
): ConnectionLane {
  const since = (us: number | null) => (us === null ? null : us - originUs);
  return {
    name: one.name,
    address: one.address,
    connectedUs: since(one.connectedUs),
    acceptedUs: one.accept === null ? null : since(endOf(one.accept)),
    takenUs: since(queueOf(one, story)?.toUs ?? null),
    closedUs: since(one.closedUs),
    bothEnds: calls.some(
      ({ connection, thread }) => connection === one && thread.side === 'client',
    ),
  };
}

function markOf(
  told: ToldCall,
  threads: readonly Thread[],
  connections: readonly Connection[],
  originUs: number,
  lastUs: number,
): CallMark {
  const { event, thread, connection } = told;
  const returned = event.state === 'returned';
  return {
    thread: threads.indexOf(thread),
    connection: connection === null ? -1 : connections.indexOf(connection),
    who: thread.name,
    name: event.name,
    startUs: event.startUs - originUs,
    durationUs: event.durationUs ?? (returned ? 0 : lastUs - event.startUs),
    blocked: told.blocked,
    failed: event.error !== '',
    arrival: ACCEPTS.has(event.name),
    words: explain(told),
    arguments: shortened(event.text),
    bytes: textOf(event.bytes),
    movedBytes: event.movedBytes,
  };
}

function shortened(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

/** Bytes as C would write them. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MOST_BYTES)) {
    if (byte === 13) text += '\\r';
    else if (byte === 10) text += '\\n';
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return bytes.length > MOST_BYTES ? `${text}…` : text;
}

/** More does not fit into a note beside the pointer. */
const MOST_TEXT = 300;
const MOST_BYTES = 160;
