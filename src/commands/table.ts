/** The one table of commands: what is not in it does not exist. */

import type { Arguments } from '../protocol/arguments.ts';
import type { Command } from './call.ts';
import { CommandTable } from './command-table.ts';
import { BITMAP_ROWS } from './rows-bitmap.ts';
import { connectionRows } from './rows-connection.ts';
import { GENERIC_ROWS, objectRows } from './rows-generic.ts';
import { serverRows } from './rows-server.ts';
import { STRING_ROWS } from './rows-string.ts';
import { TRANSACTION_ROWS } from './rows-transactions.ts';

export const TABLE: CommandTable = new CommandTable([
  ...STRING_ROWS,
  ...BITMAP_ROWS,
  ...GENERIC_ROWS,
  objectRows(() => TABLE),
  ...TRANSACTION_ROWS,
  ...connectionRows(() => TABLE),
  ...serverRows(() => TABLE),
]);

/** The row of the request's second word under a container. */
export function subcommandOf(container: Command, args: Arguments): Command | undefined {
  return container.subcommands?.get(args.text(1).toLowerCase());
}
