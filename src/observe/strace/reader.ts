/**
 * Reads a log of strace, line by line, as it is written by
 *
 *     strace -f -ttt -T -yy -Y -s 512 -o FILE
 *
 * or with fewer of these flags. A call that was interrupted in the log by another thread's
 * (`<unfinished ...>`, `<... resumed>`) comes out as one event, when it returned.
 */
import { RECEIVES, SENDS } from '../calls.ts';
import type { Call, Event } from '../event.ts';
import { type Content, type Line, parseCall, parseLine, type Stamp } from './line.ts';
import { descriptorOf, stringsIn } from './syntax.ts';

/** The parts of a call that has begun. */
interface Begun {
  readonly stamp: Stamp;
  readonly startUs: number;
  readonly name: string;
  readonly inside: string;
}

export class StraceReader {
  readonly #begun = new Map<number, Begun>();
  /**
   * By thread: a call whose line tells no duration, which ends when that thread's next one begins.
   */
  readonly #openEnded = new Map<number, Call>();
  #lastUs = 0;
  /** What `-tt` loses at midnight. */
  #daysUs = 0;

  /** The event that this line completes, if any. A line that is none of strace's gives null. */
  push(text: string): Event | null {
    const line = parseLine(text);
    if (line === null) return null;
    const timeUs = this.#clock(line.stamp);
    this.#closeOpenEnded(line.stamp.tid, timeUs);
    const event = this.#take(line, timeUs);
    if (event?.kind === 'call' && event.durationUs === null && event.state === 'returned') {
      this.#openEnded.set(line.stamp.tid, event);
    }
    return event;
  }

  /** The calls that have not returned so far, in the order in which they began. */
  begun(): Call[] {
    return [...this.#begun.values()].map(neverReturned).sort((a, b) => a.startUs - b.startUs);
  }

  /** The log has ended: what had not returned never will. */
  end(): Call[] {
    const calls = this.begun();
    this.#begun.clear();
    return calls;
  }

  /**
   * The call that a line which has no end yet says a thread is in: strace writes the arguments when
   * the call begins, and the rest when it returns.
   */
  peek(text: string): Call | null {
    const line = parseLine(`${text} <unfinished ...>`);
    if (line === null || line.content.kind !== 'unfinished') return null;
    const { stamp, content } = line;
    const startUs = stamp.timeUs === null ? this.#lastUs : stamp.timeUs + this.#daysUs;
    return neverReturned({ stamp, startUs, name: content.name, inside: content.inside });
  }

  #clock({ timeUs, relative }: Stamp): number {
    if (timeUs === null) return this.#lastUs;
    let now = relative ? this.#lastUs + timeUs : timeUs + this.#daysUs;
    if (!relative && now < this.#lastUs - HALF_A_DAY_US) {
      this.#daysUs += 2 * HALF_A_DAY_US;
      now += 2 * HALF_A_DAY_US;
    }
    this.#lastUs = now;
    return now;
  }

  #closeOpenEnded(tid: number, timeUs: number): void {
    const call = this.#openEnded.get(tid);
    if (call === undefined) return;
    call.durationUs = Math.max(0, timeUs - call.startUs);
    this.#openEnded.delete(tid);
  }

  #take({ stamp, content }: Line, timeUs: number): Event | null {
    switch (content.kind) {
      case 'remark': {
        const { what, text } = content;
        const { tid, threadName } = stamp;
        return { kind: 'remark', what, tid, threadName, startUs: timeUs, text };
      }
      case 'unfinished':
        this.#begun.set(stamp.tid, { stamp, startUs: timeUs, ...content });
        return null;
      case 'resumed':
        return this.#resume(stamp, timeUs, content.name, content.rest);
      default:
        return eventOf(stamp, timeUs, content, null);
    }
  }

  #resume(stamp: Stamp, timeUs: number, name: string, rest: string): Event | null {
    const before = this.#begun.get(stamp.tid);
    this.#begun.delete(stamp.tid);
    const known = before?.name === name;
    const content = parseCall(name, `${known ? before.inside : ''}${rest}`);
    if (content === null) return null;
    if (content.kind === 'unfinished') {
      this.#begun.set(stamp.tid, { stamp, startUs: before?.startUs ?? timeUs, ...content });
      return null;
    }
    return eventOf(stamp, known ? before.startUs : null, content, timeUs);
  }
}

/** An answer: a number, what it is if it is a descriptor, an error's name, what else is told. */
const ANSWER =
  /^(\?|0x[\da-f]+|-?\d+)(?:<(.*?[^-])>)?(?: (E[A-Z0-9_]+)\b)?(?: (.*?))??(?: <([\d.]+)>)?$/;

/**
 * @param startUs null: the log has begun in the middle of this call.
 * @param endUs null: the line tells when it began alone.
 */
function eventOf(
  stamp: Stamp,
  startUs: number | null,
  content: Content,
  endUs: number | null,
): Call | null {
  if (content.kind === 'detached') {
    const { name, inside } = content;
    const began = startUs ?? endUs ?? 0;
    return { ...neverReturned({ stamp, startUs: began, name, inside }), state: 'detached' };
  }
  if (content.kind !== 'call') return null;
  const answer = ANSWER.exec(content.after);
  if (answer === null) return null;
  const [, value, resultFile = '', error = '', outcome = '', took] = answer;
  const durationUs = durationOf(took, startUs, endUs);
  const result = value === '?' ? null : Number(value);
  return {
    ...bare(stamp, content.name, content.inside),
    startUs: startUs ?? endUs! - (durationUs ?? 0),
    durationUs,
    ...{ result, resultFile, error },
    outcome: outcome.replace(' (INJECTED)', '').replace(/^\(INJECTED\)$/, ''),
    injected: outcome.includes('(INJECTED)'),
    state: 'returned',
    ...movedBy(content.name, content.inside, result),
  };
}

/** What `-T` says; else the time from the call's line to that of its return. */
function durationOf(
  took: string | undefined,
  startUs: number | null,
  endUs: number | null,
): number | null {
  if (took !== undefined) return Math.round(Number(took) * 1e9) / 1e3;
  return startUs === null || endUs === null ? null : endUs - startUs;
}

function bare({ tid, threadName }: Stamp, name: string, inside: string) {
  const { fd, file } = descriptorOf(inside);
  return { kind: 'call', tid, threadName, name, text: inside, fd, file } as const;
}

function neverReturned({ stamp, startUs, name, inside }: Begun): Call {
  return {
    ...bare(stamp, name, inside.replace(/,?\s*$/, '')),
    ...{ startUs, durationUs: null, result: null, resultFile: '', error: '', outcome: '' },
    ...{ injected: false, state: 'unfinished', bytes: NOTHING, movedBytes: 0 },
  };
}

const NOTHING = new Uint8Array(0);

/** recvmmsg and sendmmsg answer with messages: how long each was stands among the arguments. */
function movedBy(
  name: string,
  inside: string,
  result: number | null,
): Pick<Call, 'bytes' | 'movedBytes'> {
  if (result === null || result <= 0 || !(RECEIVES.has(name) || SENDS.has(name))) {
    return { bytes: NOTHING, movedBytes: 0 };
  }
  const movedBytes = name.endsWith('mmsg') ? messageBytes(inside) : result;
  const quoted = stringsIn(inside);
  const parts = inside.includes('iov_base=')
    ? quoted.filter(({ before }) => before === 'iov_base=')
    : quoted.slice(0, 1);
  return { bytes: join(parts.map(({ bytes }) => bytes)).slice(0, movedBytes), movedBytes };
}

function messageBytes(inside: string): number {
  const lengths = [...inside.matchAll(/\bmsg_len=(\d+)/g)].map(([, length]) => Number(length));
  return lengths.reduce((a, b) => a + b, 0);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const HALF_A_DAY_US = 12 * 3600 * 1e6;

/** A whole log. Events stand in the order of their completion; what never returned comes last. */
export function readLog(text: string): Event[] {
  const reader = new StraceReader();
  const events: Event[] = [];
  for (const line of text.split('\n')) {
    const event = reader.push(line.replace(/\r$/, ''));
    if (event !== null) events.push(event);
  }
  return [...events, ...reader.end()];
}
