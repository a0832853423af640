/**
 * Runs one request: finds its row, checks its shape, opens the store for it, hands it over. The
 * caller closes the store (`store.end()`) once a batch of requests is done.
 *
 * The common path makes no string, no object and no closure.
 */
import type { Call } from './call.ts';
import type { Command } from './command.ts';
import { OUT_OF_MEMORY, wrongArity } from './errors.ts';
import { ACCESS_DENY_OOM, ACCESS_MANY, ACCESS_WHOLE, ACCESS_WRITE } from './row.ts';
import { lookup, subcommandOf } from './table.ts';
import { isWord, quotedText } from './words.ts';

export function execute(call: Call): void {
  run(call, lookup(call.args));
}

/** The same where the row has been looked up already; undefined: there is none. */
export function run(call: Call, found: Command | undefined): void {
  const { args, client } = call;
  let command = found;
  if (command === undefined) return unknownCommand(call);
  if (command.subcommands !== undefined && args.count > 1) {
    command = subcommandOf(command, args);
    if (command === undefined) return unknownSubcommand(call);
  }
  call.command = command;
  client.lastCommand = command;
  client.commands++;
  const { arity, access } = command;
  if (arity > 0 ? args.count !== arity : args.count < -arity) {
    return call.reply.error(wrongArity(command.name));
  }
  if (access !== 0 && !openStore(call, command, access)) return;
  command.handler(call);
}

/** False, and the error answered, when the command needs memory and there is none. */
function openStore(call: Call, command: Command, access: number): boolean {
  const { store } = call;
  const whole =
    (access & ACCESS_WHOLE) !== 0 ||
    ((access & ACCESS_MANY) !== 0 && call.args.count > command.keys[0] + command.keys[2]);
  store.begin(call.nowMs, (access & ACCESS_WRITE) !== 0, whole);
  if ((access & ACCESS_DENY_OOM) === 0 || store.makeRoom()) return true;
  call.reply.error(OUT_OF_MEMORY);
  return false;
}

/** How much of an unknown command's words is quoted back. */
const QUOTED_BYTES = 128;

function unknownCommand(call: Call): void {
  const { args, client, reply } = call;
  if (isWord(args, 0, 'post') || isWord(args, 0, 'host:')) {
    // A browser was made to talk to us: whatever follows is not this user's will.
    client.closing = true;
    return;
  }
  let quoted = '';
  for (let i = 1; i < args.count && quoted.length < QUOTED_BYTES; i++) {
    quoted += `'${quotedText(args, i, QUOTED_BYTES - quoted.length)}' `;
  }
  const name = quotedText(args, 0, QUOTED_BYTES);
  reply.error(`ERR unknown command '${name}', with args beginning with: ${quoted}`);
}

function unknownSubcommand(call: Call): void {
  const { args } = call;
  const container = quotedText(args, 0).toUpperCase();
  const word = quotedText(args, 1, QUOTED_BYTES);
  call.reply.error(`ERR unknown subcommand '${word}'. Try ${container} HELP.`);
}
