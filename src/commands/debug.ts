/** DEBUG: for tests and for the curious. redis.io/docs/latest/commands/debug */
import type { Call } from './call.ts';
import { peek } from './entry.ts';
import { NO_SUCH_KEY } from './errors.ts';
import { encodingOf } from './object.ts';
import { isWord, quotedText } from './words.ts';

interface Topic {
  readonly usage: string;
  readonly summary: string;
  /** Arguments, DEBUG and the topic's word included. */
  readonly count: number;
  readonly run: (call: Call) => void;
}

const TOPICS: readonly Topic[] = [
  { usage: 'ERROR string', summary: 'Answer this error.', count: 3, run: error },
  { usage: 'OBJECT key', summary: 'Tell about the value of a key.', count: 3, run: object },
  { usage: 'PANIC', summary: 'Throw an exception, as a bug would.', count: 2, run: panic },
  {
    usage: 'SET-ACTIVE-EXPIRE 0|1',
    summary: 'Whether expired keys are removed before anybody asks for them.',
    count: 3,
    run: setActiveExpiry,
  },
  { usage: 'SLEEP seconds', summary: 'Block this thread.', count: 3, run: sleep },
  { usage: 'VERIFY', summary: 'Check the whole store.', count: 2, run: verify },
  { usage: 'HELP', summary: 'Tell what the topics do.', count: 2, run: help },
  ...['RELOAD', 'LOADAOF'].map((usage) => ({
    usage,
    summary: 'An error: nothing is kept on disk here.',
    count: 2,
    run: refuseDisk,
  })),
];

export function debug(call: Call): void {
  const { args, client, reply } = call;
  if (!isLocal(client.address)) return reply.error(NOT_ALLOWED);
  const topic = TOPICS.find(
    ({ usage, count }) =>
      isWord(args, 1, usage.split(' ')[0].toLowerCase()) && args.count === count,
  );
  if (topic !== undefined) return topic.run(call);
  const word = quotedText(args, 1, 128);
  reply.error(`ERR unknown subcommand or wrong number of arguments for '${word}'. Try DEBUG HELP.`);
}

const NOT_ALLOWED =
  'ERR DEBUG command not allowed. enable-debug-command is "local": it can be run from a local ' +
  'connection';

/** By the loopback interface, or a UNIX socket. */
function isLocal(address: string): boolean {
  return /^(?:127\.|\[::1\]|\[::ffff:127\.|\/)/.test(address);
}

function help({ reply }: Call): void {
  const lines = [
    'DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
    ...TOPICS.flatMap(({ usage, summary }) => [usage, `    ${summary}`]),
  ];
  reply.array(lines.length);
  for (const line of lines) reply.status(line);
}

function error({ args, reply }: Call): void {
  reply.error(quotedText(args, 2));
}

/** A bug on demand: what is to be seen is that it takes its client with it, and nobody else. */
function panic(): never {
  throw new Error('DEBUG PANIC');
}

function refuseDisk({ reply }: Call): void {
  reply.error('ERR nothing is kept on disk here');
}

function object(call: Call): void {
  const { inTransaction, nowMs, reply, store } = call;
  if (!inTransaction) store.begin(nowMs, false, false);
  if (!peek(call, 2)) return reply.error(NO_SUCH_KEY);
  const idle = store.idleSeconds;
  const length = store.value.end - store.value.start;
  reply.status(
    `Value at:0x0 refcount:1 encoding:${encodingOf(store)} serializedlength:${length} ` +
      `lru:${Math.floor(nowMs / 1000) - idle} lru_seconds_idle:${idle}`,
  );
}

/** As C's strtod: what is no number is zero. */
function sleep({ args, reply, server }: Call): void {
  server.sleep(Math.max(0, Number.parseFloat(args.text(2)) || 0) * 1000);
  reply.ok();
}

function setActiveExpiry({ args, reply, server }: Call): void {
  server.setActiveExpiry((Number.parseInt(args.text(2), 10) || 0) !== 0);
  reply.ok();
}

/** Walks the whole store; OK, or what is wrong with it. */
function verify({ inTransaction, nowMs, reply, store }: Call): void {
  if (!inTransaction) store.begin(nowMs, true, true);
  const [problem] = store.verify();
  if (problem === undefined) reply.ok();
  else reply.error(`ERR ${problem}`);
}
