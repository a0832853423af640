/** COMMAND: what the table tells about its commands. redis.io/docs/latest/commands/command */
import type { Reply } from '../protocol/reply.ts';
import type { Call, Command, Handler } from './call.ts';
import type { KeySpec } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { SYNTAX } from './errors.ts';
import { matchesText } from './glob.ts';
import { DEPRECATED, DOCUMENT_FLAGS, HISTORY, type History, KEY_NOTES } from './history.ts';
import { type Argument, parseSyntax } from './syntax.ts';
import { isWord, textsFrom } from './words.ts';

/** COMMAND without more: every row. */
export function allCommands(table: () => CommandTable): Handler {
  return ({ reply }) => describeAll(reply, table().commands);
}

export function commandCount(table: () => CommandTable): Handler {
  return ({ reply }) => reply.integer(table().commands.length);
}

export function commandInfo(table: () => CommandTable): Handler {
  return ({ args, reply }) => {
    if (args.count === 2) return describeAll(reply, table().commands);
    reply.array(args.count - 2);
    for (const name of textsFrom(args, 2)) {
      const row = table().named(name.toLowerCase());
      if (row === undefined) reply.nil();
      else describe(reply, row);
    }
  };
}

export function commandDocs(table: () => CommandTable): Handler {
  return ({ args, reply }) => {
    const named = textsFrom(args, 2).map((name) => table().named(name.toLowerCase()));
    const rows = args.count === 2 ? table().commands : named.filter((row) => row !== undefined);
    documentAll(reply, rows);
  };
}

function describeAll(reply: Reply, rows: readonly Command[]): void {
  reply.array(rows.length);
  for (const row of rows) describe(reply, row);
}

function describe(reply: Reply, row: Command): void {
  reply.array(10);
  reply.text(row.name);
  reply.integer(row.arity);
  statuses(reply, row.flags);
  for (const position of row.keys) reply.integer(position);
  statuses(
    reply,
    row.categories.map((category) => `@${category}`),
  );
  reply.set(row.tips.length);
  for (const tip of row.tips) reply.text(tip);
  reply.set(row.keySpecs.length);
  for (const spec of row.keySpecs) describeKeys(reply, spec, KEY_NOTES[row.name] ?? '');
  if (row.subcommands === undefined) reply.set(0);
  else describeAll(reply, [...row.subcommands.values()]);
}

function statuses(reply: Reply, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.status(word);
}

function describeKeys(reply: Reply, spec: KeySpec, notes: string): void {
  reply.map(notes === '' ? 3 : 4);
  if (notes !== '') pair(reply, 'notes', notes);
  reply.text('flags');
  statuses(reply, spec.flags);
  reply.text('begin_search');
  reply.map(2);
  pair(reply, 'type', 'index');
  reply.text('spec');
  reply.map(1);
  numberPair(reply, 'index', spec.first);
  reply.text('find_keys');
  reply.map(2);
  pair(reply, 'type', 'range');
  reply.text('spec');
  reply.map(3);
  // Here a last key that is not counted from the end is counted from the first.
  numberPair(reply, 'lastkey', spec.last < 0 ? spec.last : spec.last - spec.first);
  numberPair(reply, 'keystep', spec.step);
  numberPair(reply, 'limit', 0);
}

function pair(reply: Reply, name: string, value: string): void {
  reply.text(name);
  reply.text(value);
}

function numberPair(reply: Reply, name: string, value: number): void {
  reply.text(name);
  reply.integer(value);
}

function documentAll(reply: Reply, rows: readonly Command[]): void {
  reply.map(rows.length);
  for (const row of rows) {
    reply.text(row.name);
    document(reply, row);
  }
}

function document(reply: Reply, row: Command): void {
  const args = parseSyntax(row.syntax);
  const subcommands = [...(row.subcommands?.values() ?? [])];
  const past = DEPRECATED[row.name];
  const flags = past === undefined ? (DOCUMENT_FLAGS[row.name] ?? '') : 'deprecated';
  const history = HISTORY[row.name] ?? [];
  const parts = [flags !== '', history.length > 0, args.length > 0, subcommands.length > 0];
  reply.map(4 + (past === undefined ? 0 : 2) + parts.filter(Boolean).length);
  pair(reply, 'summary', row.summary);
  pair(reply, 'since', row.since);
  pair(reply, 'group', row.group);
  pair(reply, 'complexity', row.complexity);
  if (flags !== '') {
    reply.text('doc_flags');
    statuses(reply, [flags]);
  }
  if (past !== undefined) {
    pair(reply, 'deprecated_since', past.since);
    pair(reply, 'replaced_by', past.replacedBy);
  }
  if (history.length > 0) documentHistory(reply, history);
  if (args.length > 0) {
    reply.text('arguments');
    documentArguments(reply, args, { next: 0, last: row.keySpecs.length - 1 });
  }
  if (subcommands.length > 0) {
    reply.text('subcommands');
    documentAll(reply, subcommands);
  }
}

function documentHistory(reply: Reply, history: History): void {
  reply.text('history');
  reply.set(history.length);
  for (const [version, change] of history) {
    reply.array(2);
    reply.text(version);
    reply.text(change);
  }
}

/** Which key spec the next key argument belongs to; the last spec takes all that follow. */
interface KeyCounter {
  next: number;
  readonly last: number;
}

function documentArguments(reply: Reply, args: readonly Argument[], keys: KeyCounter): void {
  reply.array(args.length);
  for (const argument of args) documentArgument(reply, argument, keys);
}

function documentArgument(reply: Reply, argument: Argument, keys: KeyCounter): void {
  const { name, type, token, since, deprecatedSince, members } = argument;
  const flags: string[] = [];
  if (argument.optional) flags.push('optional');
  if (argument.multiple) flags.push('multiple');
  if (argument.multipleToken) flags.push('multiple_token');
  const versions = [since !== '', deprecatedSince !== ''];
  const extras = [type === 'key', token !== '', ...versions, flags.length > 0, members.length > 0];
  reply.map(2 + extras.filter(Boolean).length);
  pair(reply, 'name', name);
  pair(reply, 'type', type);
  if (type === 'key') numberPair(reply, 'key_spec_index', Math.min(keys.next++, keys.last));
  if (token !== '') pair(reply, 'token', token);
  if (since !== '') pair(reply, 'since', since);
  if (deprecatedSince !== '') pair(reply, 'deprecated_since', deprecatedSince);
  if (flags.length > 0) {
    reply.text('flags');
    statuses(reply, flags);
  }
  if (members.length === 0) return;
  reply.text('arguments');
  documentArguments(reply, members, keys);
}

export function commandList(table: () => CommandTable): Handler {
  return (call) => {
    const { reply } = call;
    const filter = listFilter(call);
    if (filter === undefined) return reply.error(SYNTAX);
    const mark = reply.arrayLater();
    let count = 0;
    for (const command of table().commands) {
      for (const row of [command, ...(command.subcommands?.values() ?? [])]) {
        if (!filter(row)) continue;
        reply.text(row.name);
        count++;
      }
    }
    reply.arrayDone(mark, count);
  };
}

function listFilter({ args }: Call): ((row: Command) => boolean) | undefined {
  if (args.count === 2) return () => true;
  if (args.count !== 5 || !isWord(args, 2, 'filterby')) return undefined;
  if (isWord(args, 3, 'module')) return () => false;
  if (isWord(args, 3, 'aclcat')) {
    const category = args.text(4).toLowerCase();
    return (row) => row.categories.includes(category);
  }
  if (!isWord(args, 3, 'pattern')) return undefined;
  const pattern = args.text(4);
  return (row) => matchesText(pattern, row.name);
}
