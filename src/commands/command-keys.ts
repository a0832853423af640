/** COMMAND GETKEYS and GETKEYSANDFLAGS: where the keys of a request stand. */
import type { Call, Handler } from './call.ts';
import type { KeySpec } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { textsFrom } from './words.ts';

export function getKeys(table: () => CommandTable): Handler {
  return (call) => {
    const found = findKeys(call, table());
    if (found === undefined) return;
    call.reply.array(found.length);
    for (const { index } of found) replyArgument(call, index);
  };
}

export function getKeysAndFlags(table: () => CommandTable): Handler {
  return (call) => {
    const found = findKeys(call, table());
    if (found === undefined) return;
    call.reply.array(found.length);
    for (const { index, spec } of found) {
      const flags = flagsOfUse(call, spec);
      call.reply.array(2);
      replyArgument(call, index);
      call.reply.set(flags.length);
      for (const flag of flags) call.reply.status(flag);
    }
  };
}

/** `COMMAND GETKEYS` stands before the request in question. */
const SHIFT = 2;

interface FoundKey {
  readonly index: number;
  readonly spec: KeySpec;
}

function findKeys({ args, reply }: Call, table: CommandTable): FoundKey[] | undefined {
  const count = args.count - SHIFT;
  const word = args.text(SHIFT).toLowerCase();
  const container = table.named(word);
  const isContainer = container?.subcommands !== undefined && count > 1;
  const row = isContainer
    ? table.named(`${word}|${args.text(SHIFT + 1).toLowerCase()}`)
    : container;
  if (row === undefined) {
    reply.error('ERR Invalid command specified');
  } else if (row.keySpecs.length === 0) {
    reply.error('ERR The command has no key arguments');
  } else if (row.arity > 0 ? row.arity !== count : count < -row.arity) {
    reply.error('ERR Invalid number of arguments specified for command');
  } else {
    return row.keySpecs.flatMap((spec) => positions(spec, count));
  }
  return undefined;
}

function positions(spec: KeySpec, count: number): FoundKey[] {
  const last = spec.last < 0 ? count + spec.last : spec.last;
  const found: FoundKey[] = [];
  for (let i = spec.first; i <= last; i += spec.step) found.push({ index: i + SHIFT, spec });
  return found;
}

function replyArgument({ args, reply }: Call, index: number): void {
  reply.bulk(args.bytes, args.starts[index], args.ends[index]);
}

/** SET reads only with GET; BITFIELD with nothing but GETs only reads. */
function flagsOfUse({ args }: Call, spec: KeySpec): readonly string[] {
  if (!spec.flags.includes('variable_flags')) return spec.flags;
  const words = textsFrom(args, SHIFT).map((word) => word.toLowerCase());
  if (words[0] === 'set') {
    return words.includes('get', 3) ? ['RW', 'access', 'update'] : ['OW', 'update'];
  }
  return onlyReads(words) ? ['RO', 'access'] : ['RW', 'access', 'update'];
}

/** Words of BITFIELD with their arguments; what is wrong is taken for a change, as in Redis. */
function onlyReads(words: readonly string[]): boolean {
  for (let i = 2; i < words.length; ) {
    const counted = words[i] === 'get' ? 2 : words[i] === 'overflow' ? 1 : Infinity;
    if (words.length - i - 1 < counted) return false;
    i += counted + 1;
  }
  return true;
}
