/**
 * The log as a Chrome trace, which Perfetto's viewer opens (ui.perfetto.dev): a process for the
 * server with a track a thread, and one for the clients with a track a connection.
 *
 * Format: "Trace Event Format", JSON object form; times in microseconds, `X` a slice, `i` an
 * instant, `M` a name. Slices of one track must nest: here they follow one another.
 */
import { endOf } from './connection.ts';
import { explain, explainBlocking } from './explain.ts';
import type { Told } from './story.ts';

export interface TraceEvent {
  readonly ph: 'X' | 'M' | 'i';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly s?: 't';
  readonly args?: Readonly<Record<string, string | number>>;
}

const SERVER = 1;
const CLIENTS = 2;

export function perfettoTrace(
  told: readonly Told[],
  originUs: number,
): { traceEvents: TraceEvent[] } {
  const events: TraceEvent[] = [
    name('process_name', SERVER, 0, 'server'),
    name('process_name', CLIENTS, 0, 'clients'),
  ];
  const named = new Set<string>();
  const endsUs = new Map<string, number>();
  for (const one of [...told].sort((a, b) => a.event.startUs - b.event.startUs)) {
    for (const [pid, tid, label] of tracksOf(one)) {
      const track = `${pid}:${tid}`;
      if (!named.has(track)) events.push(name('thread_name', pid, tid, label));
      named.add(track);
      const slice = sliceOf(one, pid, tid, originUs, endsUs.get(track) ?? 0);
      if (slice.dur !== undefined) endsUs.set(track, slice.ts! + slice.dur);
      events.push(slice);
    }
  }
  return { traceEvents: events };
}

function name(what: string, pid: number, tid: number, label: string): TraceEvent {
  return { ph: 'M', name: what, pid, tid, args: { name: label } };
}

function tracksOf({ thread, connection }: Told): [pid: number, tid: number, label: string][] {
  const tracks: [number, number, string][] = [];
  if (thread.side === 'server') tracks.push([SERVER, thread.tid || 1, thread.name]);
  if (connection !== null) {
    const offset = thread.side === 'client' ? CLIENT_SIDE : 0;
    const label = offset === 0 ? `${connection.name} ${connection.address}` : connection.name;
    tracks.push([CLIENTS, connection.number + offset, label]);
  }
  return tracks;
}

/** Both ends of a connection have a track: their calls overlap. */
const CLIENT_SIDE = 1_000_000;

/** @param freeUs where the track's last slice ends: rounding must not make two of them overlap. */
function sliceOf(
  told: Told,
  pid: number,
  tid: number,
  originUs: number,
  freeUs: number,
): TraceEvent {
  const { event } = told;
  const ts = Math.max(freeUs, round(event.startUs - originUs));
  const args = { what: explain(told) };
  if (event.kind === 'remark') return { ph: 'i', s: 't', name: event.text, pid, tid, ts, args };
  const dur = Math.max(0, round(endOf(event) - originUs) - ts);
  return {
    ph: 'X',
    name: event.name,
    cat: told.blocked ? 'blocked' : 'call',
    ...{ pid, tid, ts, dur },
    args: { ...args, blocked: explainBlocking(told), arguments: event.text },
  };
}

/** To the nanosecond, which is as fine as the logs are. */
function round(microseconds: number): number {
  return Math.round(microseconds * 1000) / 1000;
}
