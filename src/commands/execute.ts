/**
 * Runs one request: finds its row, checks its shape, opens the store for it, hands it over. The
 * caller closes the store (`store.end()`) once a batch of requests is done.
 *
 * The common path makes no string, no object and no closure.
 */
import { CALLS, type Call, type Command, TALLY } from './call.ts';
import { NO_AUTH, OUT_OF_MEMORY, wrongArity } from './errors.ts';
import {
  ACCESS_ANYBODY,
  ACCESS_AT_ONCE,
  ACCESS_DENY_OOM,
  ACCESS_MANY,
  ACCESS_STORE_MASK,
  ACCESS_WHOLE,
  ACCESS_WRITE,
} from './row.ts';
import { lookup, subcommandOf } from './table.ts';
import { queue, refuse } from './transactions.ts';
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
  client.lastCommand = command;
  const { access } = command;
  if (!hasArity(command, args.count)) return refuse(call, command, wrongArity(command.name));
  if (!client.authenticated && !mayAsk(call, access)) return refuse(call, command, NO_AUTH);
  if (client.transaction !== undefined && (access & ACCESS_AT_ONCE) === 0) {
    return queue(call, command);
  }
  if ((access & ACCESS_STORE_MASK) !== 0 && !openStore(call, command, access)) return;
  call.command = command;
  client.commands++;
  call.tally.counts[command.number * TALLY + CALLS]++;
  command.handler(call);
}

/**
 * Whether the requests of this client can be run without `run`, as far as they are ACCESS_PLAIN and
 * have the right number of arguments: nothing is to be refused, queued or asked first.
 */
export function runsPlainly({ client, server }: Call): boolean {
  return client.transaction === undefined && (client.authenticated || server.password === '');
}

/** Whether so many arguments, the name included, are right for the command. */
export function hasArity({ arity }: Command, count: number): boolean {
  return arity > 0 ? count === arity : count >= -arity;
}

/** Whether a client that has not given the password may use this command. */
function mayAsk({ server }: Call, access: number): boolean {
  return (access & ACCESS_ANYBODY) !== 0 || server.password === '';
}

/** False, and the error answered, when the command needs memory and there is none. */
function openStore(call: Call, command: Command, access: number): boolean {
  const { store } = call;
  const whole =
    (access & ACCESS_WHOLE) !== 0 ||
    ((access & ACCESS_MANY) !== 0 && call.args.count > command.keys[0] + command.keys[2]);
  store.begin(call.nowMs, (access & ACCESS_WRITE) !== 0, whole);
  if ((access & ACCESS_DENY_OOM) === 0 || store.makeRoom()) return true;
  refuse(call, command, OUT_OF_MEMORY);
  return false;
}

/** How much of an unknown command's words is quoted back. */
const QUOTED_BYTES = 128;

function unknownCommand(call: Call): void {
  const { args, client } = call;
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
  refuse(call, undefined, `ERR unknown command '${name}', with args beginning with: ${quoted}`);
}

function unknownSubcommand(call: Call): void {
  const { args } = call;
  const container = quotedText(args, 0).toUpperCase();
  const word = quotedText(args, 1, QUOTED_BYTES);
  refuse(call, undefined, `ERR unknown subcommand '${word}'. Try ${container} HELP.`);
}
