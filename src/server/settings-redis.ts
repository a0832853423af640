/** Rules of single settings of Redis that mean nothing here, with its texts. */
import { bytesOf, memoryFrom, type Rule, UINT64_MAX, wordsOf } from './settings-rules.ts';

const PERCENTILES = 'latency-tracking-info-percentiles';
const FRACTION = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What INFO latencystats tells of: `50 99 99.9`. */
export const percentiles: Rule = (text) => {
  const words = wordsOf(text);
  if (!words.every((word) => FRACTION.test(word))) {
    return { wrong: `Invalid ${PERCENTILES} parameters` };
  }
  const shares = words.map(Number);
  if (shares.some((share) => share < 0 || share > 100)) {
    return { wrong: `${PERCENTILES} parameters should sit between [0.0,100.0]` };
  }
  return { value: shares.join(' ') };
};

/** `900 1 300 10`: seconds and changes, which would have to be kept on disk. */
export const savePoints: Rule = (text) => {
  const words = wordsOf(text);
  if (words.length === 0) return { value: '' };
  const numbers = words.map((word) => (/^\d+$/.test(word) ? Number(word) : -1));
  const valid = numbers.every((number, i) => number >= 1 - (i % 2)) && words.length % 2 === 0;
  return { wrong: valid ? 'nothing is kept on disk here' : 'Invalid save parameters' };
};

export const appendOnly: Rule = (text) => {
  const value = text.toLowerCase();
  if (value === 'no') return { value };
  return { wrong: value === 'yes' ? NO_DISK : "argument must be 'yes' or 'no'" };
};

const NO_DISK = 'nothing is kept on disk here';

const DEFRAGMENTATION =
  'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified ' +
  'Jemalloc like the one shipped by default with the Redis source distribution';

/** As a Redis without its own allocator. */
export const noDefragmentation: Rule = (text) => {
  const value = text.toLowerCase();
  if (value === 'no') return { value };
  return { wrong: value === 'yes' ? DEFRAGMENTATION : "argument must be 'yes' or 'no'" };
};

/** Bytes, or a share of maxmemory. */
export const clientsMemory: Rule = (text) => {
  const share = /^(\d+)%$/.exec(text);
  if (share !== null && Number(share[1]) > 100) {
    return { wrong: 'percentage argument must be less or equal to 100' };
  }
  const amount = share === null ? bytesOf(text) : BigInt(share[1]);
  if (amount === undefined) return { wrong: 'argument must be a memory or percent value' };
  return { value: share === null || amount === 0n ? String(amount) : `${amount}%` };
};

const SCORES = 'oom-score-adj-values';
const MOST_SCORE = 2000;

export const outOfMemoryScores: Rule = (text) => {
  const words = wordsOf(text);
  if (words.length !== 3) return { wrong: 'wrong number of arguments' };
  const inRange = (word: string) => /^-?\d+$/.test(word) && Math.abs(Number(word)) <= MOST_SCORE;
  if (words.every(inRange)) return { value: words.map(Number).join(' ') };
  return {
    wrong: `Invalid ${SCORES}, elements must be between -${MOST_SCORE} and ${MOST_SCORE}.`,
  };
};

export const hostName: Rule = (text) => {
  if (/^[a-z0-9.-]*$/i.test(text)) return { value: text };
  return { wrong: 'Hostnames may only contain alphanumeric characters, hyphens or dots' };
};

const PLACES = /\{(?:title|listen-addr|server-mode|port|tls-port|unixsocket|config-file)\}/g;

export const titleTemplate: Rule = (text) => {
  if (text !== '' && !/[{}]/.test(text.replace(PLACES, ''))) return { value: text };
  return { wrong: 'template format is invalid or contains unknown variables' };
};

const SHUTDOWN_WORDS = ['default', 'save', 'nosave', 'now', 'force'];

export const shutdownWords: Rule = (text) => {
  const given = new Set(wordsOf(text.toLowerCase()));
  if (given.size === 0 || [...given].some((word) => !SHUTDOWN_WORDS.includes(word))) {
    return { wrong: `argument(s) must be one of the following: ${SHUTDOWN_WORDS.join(', ')}` };
  }
  if (given.has('save') && given.has('nosave')) {
    return { wrong: "shutdown options SAVE and NOSAVE can't be used simultaneously" };
  }
  const named = SHUTDOWN_WORDS.slice(1).filter((word) => given.has(word));
  return { value: named.join(' ') || 'default' };
};

/** As a Redis without certificates: nothing is encrypted here. */
export function noEncryption(rule: Rule, off: string): Rule {
  return (text) => {
    const judged = rule(text);
    if ('wrong' in judged || judged.value === off) return judged;
    return { wrong: 'Unable to update TLS configuration. Check server logs.' };
  };
}

const LEAST_BACKLOG_BYTES = 16_384n;

/** From 1 byte on; Redis keeps at least its own minimum. */
export const backlogSize: Rule = (text) => {
  const judged = memoryFrom(1n)(text);
  if ('wrong' in judged || BigInt(judged.value) >= LEAST_BACKLOG_BYTES) return judged;
  return { value: String(LEAST_BACKLOG_BYTES) };
};

/** Bytes up to the largest number there is. */
export const anySize = memoryFrom(0n, UINT64_MAX);
