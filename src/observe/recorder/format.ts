/** A record as strace would have printed it, so that one parser reads both. See strace(1). */
import { errorName } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { ACCEPTS, RECEIVES, SENDS, WAITS } from '../calls.ts';
import { argumentName, eventNames } from './names.ts';
import { type CallRing, KEPT_BYTES, KEPT_NUMBERS, KEPT_READY } from './ring.ts';

/** `4711<main> 1700000000.000001 `: what every line begins with. */
export function stamp(tid: number, threadName: string, timeUs: number): string {
  return `${tid}<${threadName}> ${(timeUs / 1e6).toFixed(6)} `;
}

/** The line of a call that has begun, and waits. */
export function beginning(ring: CallRing, record: number, name: string): string {
  return `${name}(${descriptor(ring, record)} <unfinished ...>`;
}

/** The line of a call that has returned. */
export function whole(ring: CallRing, record: number, name: string, posix: Posix): string {
  const { result, outcome } = answerOf(ring, record, name, posix);
  const seconds = (ring.durationUs[record] / 1e6).toFixed(6);
  const inside = argumentsOf(ring, record, name, posix);
  if (ring.announced[record] !== 0) {
    const begun = descriptor(ring, record);
    return `<... ${name} resumed>${inside.slice(begun.length)}) = ${result}${outcome} <${seconds}>`;
  }
  return `${name}(${inside}) = ${result}${outcome} <${seconds}>`;
}

function descriptor(ring: CallRing, record: number): string {
  if (ring.descriptorFirst[record] === 0) return '';
  const fd = ring.numbers[record * KEPT_NUMBERS];
  return ring.file[record] === '' ? `${fd}` : `${fd}<${ring.file[record]}>`;
}

function argumentsOf(ring: CallRing, record: number, name: string, posix: Posix): string {
  if (ring.text[record] !== '') return ring.text[record];
  const first = record * KEPT_NUMBERS;
  const count = ring.numberCount[record];
  const numbers = Array.from(ring.numbers.subarray(first, first + count), String);
  const described = ring.descriptorFirst[record] !== 0;
  // The bound stands before the sets.
  if (isSelect(name)) return [numbers[0], '[...]', ...numbers.slice(1)].join(', ');
  const parts = [described ? descriptor(ring, record) : '[...]'];
  if (described) numbers.shift();
  if (name.endsWith('mmsg')) {
    parts.push(
      `[{msg_hdr={msg_iov=[{iov_base=${quoted(ring, record)}}]}, msg_len=${ring.moved[record]}}]`,
    );
  } else if (RECEIVES.has(name) || SENDS.has(name)) parts.push(quoted(ring, record));
  else if (name.startsWith('epoll_') && WAITS.has(name)) parts.push(eventsOf(ring, record, posix));
  else if (ACCEPTS.has(name)) parts.push('NULL', 'NULL');
  nameLast(numbers, name, posix);
  return [...parts, ...numbers].join(', ');
}

/** The flags of the calls that are made often: where they stand among the numbers. */
function nameLast(numbers: string[], name: string, posix: Posix): void {
  const [among, place] = FLAGS_OF[name] ?? [];
  if (among === undefined || numbers[among] === undefined) return;
  numbers[among] = argumentName(posix, name, place!, Number(numbers[among]));
}

/** Their index behind the descriptor, and their place in the call. */
const FLAGS_OF: Readonly<Record<string, readonly [among: number, place: number]>> = {
  accept4: [0, 2],
  io_uring_enter: [2, 3],
};

function isSelect(name: string): boolean {
  return name === 'select' || name === 'pselect';
}

function quoted(ring: CallRing, record: number): string {
  const at = record * KEPT_BYTES;
  let text = '"';
  for (let i = 0; i < ring.kept[record]; i++) text += ESCAPED[ring.bytes[at + i]];
  return `${text}"${ring.moved[record] > ring.kept[record] ? '...' : ''}`;
}

/** Each byte as C writes it; three octal digits, so that no digit behind it can join in. */
const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const named = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' }[byte];
  if (named !== undefined) return named;
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte);
  return `\\${byte.toString(8).padStart(3, '0')}`;
});

export function escapeText(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => ESCAPED[byte]).join('');
}

function pairsOf(ring: CallRing, record: number): [fd: number, events: number][] {
  const pairs: [number, number][] = [];
  const at = record * KEPT_READY;
  for (let i = 0; i < ring.kept[record]; i += 2)
    pairs.push([ring.ready[at + i], ring.ready[at + i + 1]]);
  return pairs;
}

function eventsOf(ring: CallRing, record: number, posix: Posix): string {
  const events = pairsOf(ring, record).map(
    ([fd, mask]) => `{events=${eventNames(posix, 'epoll', mask)}, data={u32=${fd}}}`,
  );
  return `[${events.join(', ')}]`;
}

function answerOf(ring: CallRing, record: number, name: string, posix: Posix) {
  const result = ring.result[record];
  if (result < 0) return { result: `-1 ${errorName(-result)}`, outcome: '' };
  const file = ring.resultFile[record];
  return {
    result: file === '' ? `${result}` : `${result}<${file}>`,
    outcome: readyOf(ring, record, name, posix),
  };
}

/** poll and select tell behind the answer which descriptors are meant. */
function readyOf(ring: CallRing, record: number, name: string, posix: Posix): string {
  const pairs = pairsReady(ring, record, name);
  if (pairs.length === 0) return '';
  if (!name.includes('poll')) return ` (in [${pairs.map(([fd]) => fd).join(' ')}])`;
  const fds = pairs.map(([fd, mask]) => `{fd=${fd}, revents=${eventNames(posix, 'poll', mask)}}`);
  return ` ([${fds.join(', ')}])`;
}

function pairsReady(ring: CallRing, record: number, name: string): [number, number][] {
  return /^(p?poll|p?select)$/.test(name) ? pairsOf(ring, record) : [];
}
