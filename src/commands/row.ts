/**
 * Rows of the command table from a short notation. What can be derived is derived: ACL categories
 * from flags and group, the key range from the key specs, the store's bracket from both.
 */
import type { Command, Handler } from './call.ts';
import type { CommandFlag, CommandGroup, KeySpec } from './command.ts';

/** The command reads or writes the store. */
export const ACCESS_STORE = 1;
/** It changes the store: exclusive locks. */
export const ACCESS_WRITE = 2;
/** It may need memory: evict first, refuse when there is none. */
export const ACCESS_DENY_OOM = 4;
/** It sees several keys at one moment, always. */
export const ACCESS_WHOLE = 8;
/** It takes any number of keys: several as soon as there is more than one. */
export const ACCESS_MANY = 16;
/** Somebody who has not given the password may ask for it. */
export const ACCESS_ANYBODY = 32;
/** MULTI does not queue it. */
export const ACCESS_AT_ONCE = 64;
/** MULTI refuses it. */
export const ACCESS_NO_MULTI = 128;
/** It does little, however large the data. */
export const ACCESS_QUICK = 256;
/**
 * It is quick and about one key, its first argument: all it needs is an open store: the
 * engine has nothing else to see to.
 */
export const ACCESS_PLAIN = 512;
/** What concerns the store. */
export const ACCESS_STORE_MASK = 31;

export type Row = (
  handler: Handler,
  /** The name, then the arguments in the notation of syntax.ts. */
  usage: string,
  arity: number,
  /** Flags in Redis' order, and `@category` where group and flags do not imply it. */
  flags: string,
  /** `first last step flags…`, several parted by `;`. */
  keys: string,
  /** Version and complexity: `1.0.0 O(1)`. */
  since: string,
  summary: string,
  tips?: string,
) => Command;

/** A function that makes the rows of one group; `container` for subcommands: `client`. */
export function rowsOf(group: CommandGroup, container = ''): Row {
  return (handler, usage, arity, flags, keys, since, summary, tips = '') => {
    const [word, ...rest] = usage.split(' ');
    const [version, ...complexity] = since.split(' ');
    const specs = keySpecs(keys);
    const names = words(flags).filter((flag) => flag[0] !== '@') as CommandFlag[];
    return {
      name: container === '' ? word : `${container}|${word}`,
      arity,
      flags: names,
      categories: categories(group, words(flags)),
      keys: keyRange(specs),
      keySpecs: specs,
      tips: words(tips),
      group,
      since: version,
      complexity: complexity.join(' '),
      summary,
      syntax: rest.join(' '),
      subcommands: undefined,
      handler,
      number: 0,
      access: access(container === '' ? word : '', names, specs),
    };
  };
}

/** A command that is only the roof over others: CLIENT, CONFIG. */
export function withSubcommands(container: Command, subcommands: readonly Command[]): Command {
  const byWord = new Map(subcommands.map((row) => [row.name.split('|')[1], row]));
  return { ...container, subcommands: byWord };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function keySpecs(notation: string): KeySpec[] {
  if (notation === '') return [];
  return notation.split(';').map((spec) => {
    const [first, last, step, ...flags] = words(spec);
    return { first: Number(first), last: Number(last), step: Number(step), flags };
  });
}

function keyRange(specs: readonly KeySpec[]): [number, number, number] {
  if (specs.length === 0) return [0, 0, 0];
  const lasts = specs.map((spec) => spec.last);
  const last = Math.min(...lasts) < 0 ? Math.min(...lasts) : Math.max(...lasts);
  return [specs[0].first, last, specs[0].step];
}

/** `name`: '' for a subcommand. */
function access(name: string, flags: readonly CommandFlag[], specs: readonly KeySpec[]): number {
  const anybody = flags.includes('no_auth') ? ACCESS_ANYBODY : 0;
  const atOnce = AT_ONCE.has(name) ? ACCESS_AT_ONCE : 0;
  const noMulti = flags.includes('no_multi') ? ACCESS_NO_MULTI : 0;
  const quick = flags.includes('fast') || name === 'set' ? ACCESS_QUICK : 0;
  const store = storeAccess(flags, specs);
  const single = store !== 0 && (store & (ACCESS_MANY | ACCESS_WHOLE)) === 0;
  const plain = quick !== 0 && single && name !== '' && specs[0].first === 1 ? ACCESS_PLAIN : 0;
  return anybody | atOnce | noMulti | quick | plain | store;
}

/** They speak of the transaction itself, or end it. */
const AT_ONCE = new Set(['multi', 'exec', 'discard', 'watch', 'quit', 'exit', 'reset']);

function storeAccess(flags: readonly CommandFlag[], specs: readonly KeySpec[]): number {
  const write = flags.includes('write');
  if (!write && !flags.includes('readonly')) return 0;
  const [first, last] = keyRange(specs);
  const denyOom = flags.includes('denyoom') ? ACCESS_DENY_OOM : 0;
  const many = last < 0 ? ACCESS_MANY : 0;
  const whole = first === 0 || last > first ? ACCESS_WHOLE : 0;
  return ACCESS_STORE | (write ? ACCESS_WRITE : 0) | denyOom | many | whole;
}

/** ACL categories in the order in which Redis lists them. */
const CATEGORY_ORDER = [
  'keyspace',
  'read',
  'write',
  'string',
  'bitmap',
  'admin',
  'fast',
  'slow',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
];

/** The group `server` has no category of its own, and containers name none: see `-group`. */
const CATEGORY_OF_GROUP: Record<CommandGroup, string> = {
  string: '@string',
  bitmap: '@bitmap',
  generic: '@keyspace',
  connection: '@connection',
  server: '',
  transactions: '@transaction',
  scripting: '@scripting',
};

function categories(group: CommandGroup, flags: readonly string[]): string[] {
  const names = new Set(flags.filter((flag) => flag[0] === '@'));
  if (!names.delete('@none')) names.add(CATEGORY_OF_GROUP[group]);
  if (flags.includes('write')) names.add('@write');
  if (flags.includes('readonly')) names.add('@read');
  if (flags.includes('admin')) names.add('@admin').add('@dangerous');
  names.add(flags.includes('fast') ? '@fast' : '@slow');
  return CATEGORY_ORDER.filter((name) => names.has(`@${name}`));
}
