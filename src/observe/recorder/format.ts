/** A record as strace would have printed it, so that one parser reads both. See strace(1). */
import { errorName } from '../../posix/errors.ts';
import { ACCEPTS, RECEIVES, SENDS, WAITS } from '../calls.ts';
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
export function whole(ring: CallRing, record: number, name: string): string {
  const { result, outcome } = answerOf(ring, record, name);
  const seconds = (ring.durationUs[record] / 1e6).toFixed(6);
  const inside = argumentsOf(ring, record, name);
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

function argumentsOf(ring: CallRing, record: number, name: string): string {
  if (ring.text[record] !== '') return ring.text[record];
  const described = ring.descriptorFirst[record];
  const parts = [described !== 0 ? descriptor(ring, record) : '[...]'];
  if (name.endsWith('mmsg')) {
    parts.push(
      `[{msg_hdr={msg_iov=[{iov_base=${quoted(ring, record)}}]}, msg_len=${ring.moved[record]}}]`,
    );
  } else if (RECEIVES.has(name) || SENDS.has(name)) parts.push(quoted(ring, record));
  else if (name.startsWith('epoll_') && WAITS.has(name)) parts.push(eventsOf(ring, record));
  else if (ACCEPTS.has(name)) parts.push('NULL', 'NULL');
  const first = record * KEPT_NUMBERS;
  const count = ring.numberCount[record];
  for (let i = described; i < count; i++) parts.push(String(ring.numbers[first + i]));
  return parts.join(', ');
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

function eventsOf(ring: CallRing, record: number): string {
  const events = pairsOf(ring, record).map(
    ([fd, mask]) => `{events=0x${(mask >>> 0).toString(16)}, data={u32=${fd}}}`,
  );
  return `[${events.join(', ')}]`;
}

function answerOf(ring: CallRing, record: number, name: string) {
  const result = ring.result[record];
  if (result < 0) return { result: `-1 ${errorName(-result)}`, outcome: '' };
  const file = ring.resultFile[record];
  return {
    result: file === '' ? `${result}` : `${result}<${file}>`,
    outcome: readyOf(ring, record, name),
  };
}

/** poll and select tell behind the answer which descriptors are meant. */
function readyOf(ring: CallRing, record: number, name: string): string {
  const pairs = pairsReady(ring, record, name);
  if (pairs.length === 0) return '';
  if (!name.includes('poll')) return ` (in [${pairs.map(([fd]) => fd).join(' ')}])`;
  const fds = pairs.map(([fd, mask]) => `{fd=${fd}, revents=0x${mask.toString(16)}}`);
  return ` ([${fds.join(', ')}])`;
}

function pairsReady(ring: CallRing, record: number, name: string): [number, number][] {
  return /^(p?poll|p?select)$/.test(name) ? pairsOf(ring, record) : [];
}
