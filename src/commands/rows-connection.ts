/**
 * The rows of what concerns one connection. Facts as in Redis 7.0; the notation is that of row.ts.
 */
import type { Command } from './call.ts';
import * as client from './client.ts';
import { clientInfo, clientKill, clientList } from './client-list.ts';
import type { CommandTable } from './command-table.ts';
import * as connection from './connection.ts';
import { help } from './help.ts';
import { rowsOf, withSubcommands } from './row.ts';

const row = rowsOf('connection');
const sub = rowsOf('connection', 'client');
const ANYTIME = 'noscript loading stale';
const UNAUTHENTICATED = 'noscript loading stale fast no_auth allow_busy';
const VARIES = 'nondeterministic_output';
const KILL_FILTERS =
  '[ID client-id{@2.8.12}] | [TYPE <NORMAL | MASTER{@3.2.0} | SLAVE | REPLICA{@5.0.0} | PUBSUB>{normal_master_slave_pubsub@2.8.12}] | ' +
  '[USER username] | [ADDR ip:port] | [LADDR ip:port{@6.2.0}] | [SKIPME yes/no]';

export function connectionRows(table: () => CommandTable): readonly Command[] {
  const showHelp = help(table, 'client');
  // biome-ignore format: one command, two lines
  return [
    row(connection.auth, 'auth [username{@6.0.0}] password', -2, UNAUTHENTICATED, '', '1.0.0 O(1)',
      'Give the password.'),
    withSubcommands(
      row(showHelp, 'client', -2, '@none', '', '2.4.0 Depends on the subcommand.',
        'Questions and settings that concern connections.'),
      [
        sub(client.clientGetName, 'getname', 2, ANYTIME, '', '2.6.9 O(1)',
          'Return the name of this connection.'),
        sub(client.clientGetRedirection, 'getredir', 2, ANYTIME, '', '6.0.0 O(1)',
          'Return -1: no keys are tracked here, so no messages are redirected.'),
        sub(showHelp, 'help', 2, 'loading stale', '', '5.0.0 O(1)',
          'Tell what the subcommands do.'),
        sub(client.clientId, 'id', 2, ANYTIME, '', '5.0.0 O(1)',
          'Return the number of this connection.'),
        sub(clientInfo, 'info', 2, ANYTIME, '', '6.2.0 O(1)',
          'Describe this connection.', VARIES),
        sub(clientKill,
          `kill <ip:port{@@2.8.12} | <${KILL_FILTERS}>{new-format} ...>{filter}`,
          -3, `admin ${ANYTIME}`, '', '2.4.0 O(N) with N connections', 'End connections.'),
        sub(clientList, 'list [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>{@5.0.0}] [ID (client-id ...){id@6.2.0}]', -2,
          `admin ${ANYTIME}`, '', '2.4.0 O(N) with N connections',
          'Describe the connections, one a line.', VARIES),
        sub(client.clientNoEvict, 'no-evict <ON | OFF>{enabled}', 3, `admin ${ANYTIME}`, '', '7.0.0 O(1)',
          'Spare this connection when unfinished requests exceed maxmemory-clients.'),
        sub(client.clientNoTouch, 'no-touch <ON | OFF>{enabled}', 3, ANYTIME, '', '7.2.0 O(1)',
          'Let what this connection reads not count as used.'),
        sub(client.clientPause, 'pause timeout [WRITE | ALL]{mode@6.2.0}', -3, `admin ${ANYTIME}`, '', '2.9.50 O(1)',
          'Let all requests, or those that write, wait for some milliseconds.'),
        sub(client.clientReply, 'reply <ON | OFF | SKIP>', 3, ANYTIME, '', '3.2.0 O(1)',
          'Answer this connection, or not, or not the next request.'),
        sub(client.clientSetInfo, 'setinfo <LIB-NAME libname | LIB-VER libver>', 4, ANYTIME, '', '7.2.0 O(1)',
          'Tell which library is at the other end, and its version.'),
        sub(client.clientSetName, 'setname connection-name', 3, ANYTIME, '', '2.6.9 O(1)',
          'Name this connection.'),
        sub(client.clientTrackingInfo, 'trackinginfo', 2, ANYTIME, '', '6.2.0 O(1)',
          'Return that this connection tracks no keys.'),
        sub(client.clientUnpause, 'unpause', 2, `admin ${ANYTIME}`, '', '6.2.0 O(1)',
          'End a pause.'),
      ]),
    row(connection.echo, 'echo message', 2, 'loading stale fast', '', '1.0.0 O(1)',
      'Return the message.'),
    row(connection.quit, 'exit', -1, UNAUTHENTICATED, '', '1.0.0 O(1)',
      'Close this connection. The same as QUIT; not in Redis.'),
    row(connection.hello, 'hello [protover [AUTH username password] [SETNAME clientname]]{arguments}', -1, UNAUTHENTICATED, '',
      '6.0.0 O(1)', 'Agree on the version of the protocol, and learn about the server.'),
    row(connection.ping, 'ping [message]', -1, 'fast', '', '1.0.0 O(1)',
      'Return PONG, or the message.', 'request_policy:all_shards response_policy:all_succeeded'),
    row(connection.quit, 'quit', -1, UNAUTHENTICATED, '', '1.0.0 O(1)',
      'Close this connection.'),
    row(connection.reset, 'reset', 1, UNAUTHENTICATED, '', '6.2.0 O(1)',
      'Bring this connection back to how it was when it was opened.'),
    row(connection.select, 'select index', 2, 'loading stale fast', '', '1.0.0 O(1)',
      'Choose the database of this connection.'),
  ];
}
