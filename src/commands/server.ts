/** INFO, CONFIG, FLUSHALL and their kin. redis.io/docs/latest/commands/?group=server */
import { CALLS, type Call, TALLY } from './call.ts';
import { DATABASE_OUT_OF_RANGE, SYNTAX, wrongCount } from './errors.ts';
import { matchesText } from './glob.ts';
import {
  humanText,
  INT_MAX,
  INT_MIN,
  integerArgument,
  isWord,
  quotedText,
  textsFrom,
} from './words.ts';

export function info(call: Call): void {
  const sections = textsFrom(call.args, 1).map((section) => section.toLowerCase());
  call.reply.verbatim('txt', call.server.info(sections, call.nowMs));
}

export function flushAll(call: Call): void {
  flush(call, -1);
}

export function flushDatabase(call: Call): void {
  flush(call, call.client.database);
}

/** ASYNC and SYNC are one here: the store gives memory back without walking the entries. */
function flush(call: Call, database: number): void {
  const { args, reply, store } = call;
  const known = args.count === 2 && (isWord(args, 1, 'async') || isWord(args, 1, 'sync'));
  if (args.count > 1 && !known) return reply.error(SYNTAX);
  store.flush(database);
  call.effects?.itself();
  reply.ok();
}

export function configGet({ args, reply, server }: Call): void {
  const names = [...server.config.names()];
  const wanted = new Map<string, string>();
  for (const pattern of textsFrom(args, 2)) {
    for (const name of matchingNames(pattern, names)) {
      // Redis repeats a plain name in the letters in which it was asked for.
      const shown = isPlain(pattern) ? pattern : name;
      if (!wanted.has(name)) wanted.set(name, shown);
    }
  }
  reply.map(wanted.size);
  for (const [name, shown] of wanted) {
    reply.text(shown);
    reply.text(server.config.get(name));
  }
}

function matchingNames(pattern: string, names: readonly string[]): readonly string[] {
  if (isPlain(pattern)) return names.filter((name) => name === pattern.toLowerCase());
  return names.filter((name) => matchesText(pattern, name));
}

function isPlain(pattern: string): boolean {
  return !/[[*?]/.test(pattern);
}

export function configSet({ args, reply, server }: Call): void {
  if (args.count % 2 !== 0) return reply.error(SYNTAX);
  const pairs: [string, string][] = [];
  for (let i = 2; i < args.count; i += 2) {
    pairs.push([args.text(i).toLowerCase(), humanText(args, i + 1)]);
  }
  const known = new Set(server.config.names());
  const unknown = pairs.findIndex(([name]) => !known.has(name));
  if (unknown >= 0) {
    const text = 'ERR Unknown option or number of arguments for CONFIG SET';
    return reply.error(`${text} - '${quotedText(args, 2 + 2 * unknown)}'`);
  }
  const names = pairs.map(([name]) => name);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  const error = twice < 0 ? server.config.set(pairs) : duplicate(quotedText(args, 2 + 2 * twice));
  if (error === '') reply.ok();
  else reply.error(`ERR ${error}`);
}

function duplicate(name: string): string {
  return `CONFIG SET failed (possibly related to argument '${name}') - duplicate parameter`;
}

/** Seconds and the microseconds within. The clock of a turn has milliseconds. */
export function time({ reply, nowMs }: Call): void {
  reply.array(2);
  reply.text(String(Math.floor(nowMs / 1000)));
  reply.text(String(Math.floor((nowMs % 1000) * 1000)));
}

/** Nobody replicates from here: a master at offset 0 without replicas. */
export function role({ reply }: Call): void {
  reply.array(3);
  reply.text('master');
  reply.integer(0);
  reply.array(0);
}

/** Nothing is kept on disk, so SAVE can't be done; FORCE says that it does not matter. */
export function shutdown(call: Call): void {
  const { args, client, reply, server } = call;
  const words = textsFrom(args, 1).map((word) => word.toLowerCase());
  const has = (word: string) => words.includes(word);
  const known = words.every((word) => SHUTDOWN_WORDS.has(word));
  if (!known || (has('save') && has('nosave')) || (has('abort') && words.length > 1)) {
    return reply.error(SYNTAX);
  }
  if (has('abort')) return reply.error('ERR No shutdown in progress.');
  if (has('save') && !has('force')) {
    return reply.error('ERR Errors trying to SHUTDOWN. Nothing is kept on disk here.');
  }
  client.closing = true;
  server.stop();
}

const SHUTDOWN_WORDS = new Set(['save', 'nosave', 'now', 'force', 'abort']);

/** There are no functions to remove. */
export function functionFlush({ args, reply }: Call): void {
  if (args.count > 3) return reply.error(wrongCount('function', quotedText(args, 1)));
  const known = args.count === 2 || isWord(args, 2, 'async') || isWord(args, 2, 'sync');
  if (known) reply.ok();
  else reply.error('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
}

/** The first call that is counted anew is this one. */
export function configResetStatistics({ command, reply, server, tally }: Call): void {
  server.resetStatistics();
  if (command !== undefined) tally.counts[command.number * TALLY + CALLS] = 1;
  reply.ok();
}

export function configRewrite({ reply }: Call): void {
  reply.error('ERR The server is running without a config file');
}

/** Argument `index` as an integer of 32 bits; NaN and `error` answered where it is none. */
function intArgument(call: Call, index: number, error: string): number {
  const value = integerArgument(call, index, error);
  if (Number.isNaN(value) || (value >= INT_MIN && value <= INT_MAX)) return value;
  call.reply.error(error);
  return Number.NaN;
}

export function swapDatabases(call: Call): void {
  const { reply, server, store } = call;
  const first = intArgument(call, 1, 'ERR invalid first DB index');
  if (Number.isNaN(first)) return;
  const second = intArgument(call, 2, 'ERR invalid second DB index');
  if (Number.isNaN(second)) return;
  const exists = (database: number) => database >= 0 && database < server.databases;
  if (!exists(first) || !exists(second)) return reply.error(DATABASE_OUT_OF_RANGE);
  if (first !== second) store.swap(first, second);
  call.effects?.itself();
  reply.ok();
}
