/** What `--bigkeys`, `--memkeys` and `--hotkeys` find and say, in redis-cli's words. */
import { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { appendEscaped } from './format/quoted.ts';

export const BIGGEST_TITLE = titleOf('biggest keys');
export const HOTTEST_TITLE = titleOf('hot keys');

function titleOf(what: string): string {
  return (
    `\n# Scanning the entire keyspace to find ${what} as well as\n` +
    '# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec\n' +
    '# per 100 SCAN commands (not usually needed).\n\n'
  );
}

const SUMMARY_TITLE = '\n-------- summary -------\n\n';

interface KeyType {
  readonly name: string;
  /** What tells its size, and the unit of that. */
  readonly command: string;
  readonly unit: string;
}

/** In the order in which redis-cli sums them up. */
export const KEY_TYPES: readonly KeyType[] = [
  { name: 'list', command: 'LLEN', unit: 'items' },
  { name: 'hash', command: 'HLEN', unit: 'fields' },
  { name: 'string', command: 'STRLEN', unit: 'bytes' },
  { name: 'stream', command: 'XLEN', unit: 'entries' },
  { name: 'set', command: 'SCARD', unit: 'members' },
  { name: 'zset', command: 'ZCARD', unit: 'members' },
];

interface Found {
  readonly type: KeyType;
  count: number;
  total: number;
  biggest: number;
  biggestKey: string;
}

/** `"a\x00b"`: as it can be typed again. */
export function quotedKey(key: Uint8Array): string {
  const out = new ReplyBuffer();
  appendEscaped(out, key);
  return Buffer.from(out.bytes.subarray(0, out.length)).toString('latin1');
}

export function percentText(percent: number): string {
  return `[${share(percent)}]`;
}

function share(percent: number): string {
  return `${percent.toFixed(2).padStart(5, '0')}%`;
}

/** The biggest key of each type, by elements or by bytes of memory. */
export class BiggestKeys {
  readonly #found: readonly Found[];
  readonly #inBytes: boolean;
  #sampled = 0;
  #keyBytes = 0;

  constructor(inBytes: boolean) {
    this.#inBytes = inBytes;
    const nothing = { count: 0, total: 0, biggest: 0, biggestKey: '' };
    this.#found = KEY_TYPES.map((type) => ({ type, ...nothing }));
  }

  /** Counts a key; returns the line that tells of it, or '' where it is not the biggest so far. */
  add(typeName: string, key: Uint8Array, size: number, percent: number): string {
    const found = this.#found.find(({ type }) => type.name === typeName);
    if (found === undefined) return '';
    found.count++;
    found.total += size;
    this.#sampled++;
    this.#keyBytes += key.length;
    if (size <= found.biggest) return '';
    found.biggest = size;
    found.biggestKey = quotedKey(key);
    const name = typeName.padEnd(6);
    const what = `'${found.biggestKey}' with ${size} ${this.#unit(found)}`;
    return `${percentText(percent)} Biggest ${name} found so far ${what}\n`;
  }

  #unit({ type }: Found): string {
    return this.#inBytes ? 'bytes' : type.unit;
  }

  summary(): string {
    const average = (total: number, count: number) => (count === 0 ? 0 : total / count).toFixed(2);
    const biggest = this.#found
      .filter(({ biggestKey }) => biggestKey !== '')
      .map(
        (found) =>
          `Biggest ${found.type.name.padStart(6)} found '${found.biggestKey}' has ` +
          `${found.biggest} ${this.#unit(found)}\n`,
      );
    const totals = this.#found.map((found) => {
      const percent = this.#sampled === 0 ? 0 : (100 * found.count) / this.#sampled;
      return (
        `${found.count} ${found.type.name}s with ${found.total} ${this.#unit(found)} ` +
        `(${share(percent)} of keys, avg size ${average(found.total, found.count)})\n`
      );
    });
    return [
      `${SUMMARY_TITLE}Sampled ${this.#sampled} keys in the keyspace!\n`,
      `Total key length in bytes is ${this.#keyBytes} `,
      `(avg len ${average(this.#keyBytes, this.#sampled)})\n\n`,
      ...biggest,
      '\n',
      ...totals,
    ].join('');
  }
}

/** As many as redis-cli shows. */
const HOTTEST = 16;

/** The keys with the highest counters of use (OBJECT FREQ). */
export class HottestKeys {
  /** From the least to the most used. */
  #hottest: { readonly key: string; readonly counter: number }[] = [];
  #sampled = 0;

  /** Counts a key; returns the line that tells of it, or '' where others are hotter. */
  add(key: Uint8Array, counter: number, percent: number): string {
    this.#sampled++;
    const hotter = this.#hottest.filter((one) => one.counter >= counter);
    if (counter === 0 || hotter.length >= HOTTEST) return '';
    const colder = this.#hottest.filter((one) => one.counter < counter);
    const found = { key: quotedKey(key), counter };
    this.#hottest = [...colder, found, ...hotter].slice(-HOTTEST);
    return (
      `${percentText(percent)} Hot key '${found.key}' found so far ` +
      `with counter ${found.counter}\n`
    );
  }

  summary(): string {
    const lines = this.#hottest
      .toReversed()
      .map(({ key, counter }) => `hot key found with counter: ${counter}\tkeyname: ${key}\n`);
    return `${SUMMARY_TITLE}Sampled ${this.#sampled} keys in the keyspace!\n${lines.join('')}`;
  }
}
