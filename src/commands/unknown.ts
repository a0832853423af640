/** The answer to a request that names no command. */
import type { Call } from './call.ts';
import { refuse } from './transactions.ts';
import { isWord, quotedText } from './words.ts';

/** How much of an unknown command's words is quoted back. */
const QUOTED_BYTES = 128;

export function unknownCommand(call: Call): void {
  const { args, client } = call;
  if (isWord(args, 0, 'post') || isWord(args, 0, 'host:')) {
    // A browser was made to talk to us: what follows is not its user's will.
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

export function unknownSubcommand(call: Call): void {
  const { args } = call;
  const container = quotedText(args, 0).toUpperCase();
  const word = quotedText(args, 1, QUOTED_BYTES);
  refuse(call, undefined, `ERR unknown subcommand '${word}'. Try ${container} HELP.`);
}
