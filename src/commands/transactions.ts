/** MULTI, EXEC, DISCARD. redis.io/docs/latest/develop/interact/transactions */
import { Arguments } from '../protocol/arguments.ts';
import { type Call, type Client, type Command, REJECTED_CALLS, TALLY } from './call.ts';
import { OUT_OF_MEMORY } from './errors.ts';
import { ACCESS_DENY_OOM, ACCESS_NO_MULTI, ACCESS_WRITE } from './row.ts';
import { Transaction } from './transaction.ts';
import { unwatchAll } from './watch.ts';

export function multi({ client, reply, buffers }: Call): void {
  if (client.transaction !== undefined) return reply.error('ERR MULTI calls can not be nested');
  client.transaction = new Transaction(buffers);
  reply.ok();
}

export function discard({ client, reply }: Call): void {
  if (client.transaction === undefined) return reply.error('ERR DISCARD without MULTI');
  endTransaction(client);
  reply.ok();
}

/** Forgets what was queued, and what was watched. */
export function endTransaction(client: Client): void {
  client.transaction?.release();
  client.transaction = undefined;
  unwatchAll(client);
}

/** Keeps the request for EXEC, instead of running it. */
export function queue(call: Call, command: Command): void {
  const { args, client, reply, store } = call;
  const transaction = client.transaction!;
  if ((command.access & ACCESS_NO_MULTI) !== 0) {
    return refuse(call, command, 'ERR Command not allowed inside a transaction');
  }
  // The queue takes memory itself: so nothing at all is queued when there is none.
  store.begin(call.nowMs, true, false);
  if (!store.makeRoom()) return refuse(call, command, OUT_OF_MEMORY);
  if (!transaction.add(args, command)) return refuse(call, command, TOO_LARGE);
  call.command = undefined;
  reply.status('QUEUED');
}

const TOO_LARGE = 'ERR the transaction is too large';

/** Answers the error of a request that was not run, and remembers it for EXEC. */
export function refuse(call: Call, command: Command | undefined, error: string): void {
  const { client, reply, tally } = call;
  if (client.transaction !== undefined) client.transaction.failed = true;
  if (command !== undefined) tally.counts[command.number * TALLY + REJECTED_CALLS]++;
  call.command = undefined;
  if (command?.name === 'exec') {
    endTransaction(client);
    reply.error(`EXECABORT Transaction discarded because of: ${error.replace(/^ERR /, '')}`);
  } else {
    reply.error(error);
  }
}

export function exec(call: Call): void {
  const { client, nowMs, reply, store } = call;
  const { transaction } = client;
  if (transaction === undefined) return reply.error('ERR EXEC without MULTI');
  if (transaction.failed) {
    endTransaction(client);
    return reply.error('EXECABORT Transaction discarded because of previous errors.');
  }
  store.begin(nowMs, (transaction.access & ACCESS_WRITE) !== 0, true);
  const changed = client.watched?.changed() ?? false;
  const denied = (transaction.access & ACCESS_DENY_OOM) !== 0 && !store.makeRoom();
  // The queue is still to be run.
  client.transaction = undefined;
  endTransaction(client);
  if (denied) reply.error(`EXECABORT Transaction discarded because of: ${OUT_OF_MEMORY}`);
  else if (changed) reply.nilArray();
  else runAll(call, transaction);
  transaction.release();
}

/** The store stays wholly locked from the first request to the last. */
function runAll(call: Call, transaction: Transaction<Command>): void {
  const { args, reply } = call;
  call.args = new Arguments();
  call.inTransaction = true;
  call.effects?.beginTransaction();
  reply.array(transaction.count);
  try {
    transaction.forEach(call.args, (command) => call.runQueued(command));
  } finally {
    call.args = args;
    call.inTransaction = false;
    call.effects?.endTransaction();
  }
}
