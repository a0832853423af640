/** LCS: the longest common subsequence of two strings. redis.io/docs/latest/commands/lcs */
import type { Call } from './call.ts';
import { find } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { copyOfValue } from './strings.ts';
import { integerArgument, isWord } from './words.ts';

interface LcsOptions {
  length: boolean;
  ranges: boolean;
  matchLengths: boolean;
  shortestMatch: number;
}

/** Bytes of first and second string that match one after another, first and last included. */
interface Match {
  readonly first: number;
  readonly second: number;
  readonly length: number;
}

const NO_BYTES = new Uint8Array(0);

export function lcs(call: Call): void {
  const { reply, server } = call;
  const a = find(call, 1) ? copyOfValue(call) : NO_BYTES;
  const b = find(call, 2) ? copyOfValue(call) : NO_BYTES;
  const options = lcsOptions(call);
  if (options === undefined) return;
  const tableBytes = 4 * (a.length + 1) * (b.length + 1);
  if (tableBytes > Number(server.config.get('proto-max-bulk-len'))) {
    const text = 'Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len';
    return reply.error(`ERR ${text}`);
  }
  const lengths = lengthTable(a, b);
  if (options.length) return reply.integer(lengths[lengths.length - 1]);
  const matches = backtrack(a, b, lengths);
  if (options.ranges) replyRanges(call, matches, options, lengths[lengths.length - 1]);
  else replyString(call, a, matches);
}

function lcsOptions(call: Call): LcsOptions | undefined {
  const { args, reply } = call;
  const options = { length: false, ranges: false, matchLengths: false, shortestMatch: 0 };
  for (let i = 3; i < args.count; i++) {
    if (isWord(args, i, 'idx')) {
      options.ranges = true;
    } else if (isWord(args, i, 'len')) {
      options.length = true;
    } else if (isWord(args, i, 'withmatchlen')) {
      options.matchLengths = true;
    } else if (isWord(args, i, 'minmatchlen') && i + 1 < args.count) {
      options.shortestMatch = integerArgument(call, ++i);
      if (Number.isNaN(options.shortestMatch)) return undefined;
    } else {
      reply.error(SYNTAX);
      return undefined;
    }
  }
  if (!options.ranges || !options.length) return options;
  reply.error('ERR If you want both the length and indexes, please just use IDX.');
  return undefined;
}

/** At [i × (b.length + 1) + j]: the length for the first i bytes of `a` and the first j of `b`. */
function lengthTable(a: Uint8Array, b: Uint8Array): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array(width * (a.length + 1));
  for (let i = 1; i <= a.length; i++) {
    const row = i * width;
    const byte = a[i - 1];
    for (let j = 1; j <= b.length; j++) {
      const above = lengths[row - width + j];
      const left = lengths[row + j - 1];
      if (byte === b[j - 1]) lengths[row + j] = lengths[row - width + j - 1] + 1;
      else lengths[row + j] = Math.max(above, left);
    }
  }
  return lengths;
}

/** The matches from the last to the first; where two ways are as good, the one that Redis takes. */
function backtrack(a: Uint8Array, b: Uint8Array, lengths: Uint32Array): Match[] {
  const width = b.length + 1;
  const matches: Match[] = [];
  let length = 0;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      length++;
      i--;
      j--;
      continue;
    }
    if (length > 0) matches.push({ first: i, second: j, length });
    length = 0;
    if (lengths[(i - 1) * width + j] > lengths[i * width + j - 1]) i--;
    else j--;
  }
  if (length > 0) matches.push({ first: i, second: j, length });
  return matches;
}

function replyString({ reply }: Call, a: Uint8Array, matches: readonly Match[]): void {
  const total = matches.reduce((sum, match) => sum + match.length, 0);
  const common = new Uint8Array(total);
  let end = total;
  for (const { first, length } of matches) {
    end -= length;
    common.set(a.subarray(first, first + length), end);
  }
  reply.bulk(common, 0, total);
}

function replyRanges(call: Call, all: readonly Match[], options: LcsOptions, total: number): void {
  const { reply } = call;
  const matches = all.filter((match) => match.length >= options.shortestMatch);
  reply.map(2);
  reply.text('matches');
  reply.array(matches.length);
  for (const match of matches) {
    reply.array(options.matchLengths ? 3 : 2);
    for (const start of [match.first, match.second]) {
      reply.array(2);
      reply.integer(start);
      reply.integer(start + match.length - 1);
    }
    if (options.matchLengths) reply.integer(match.length);
  }
  reply.text('len');
  reply.integer(total);
}
