/** SLOWLOG: requests that took long. redis.io/docs/latest/commands/slowlog-get */
import type { Call, SlowEntry } from './call.ts';
import { wrongCount } from './errors.ts';
import { integerArgument, quotedText } from './words.ts';

const DEFAULT_COUNT = 10;
const BAD_COUNT = 'ERR count should be greater than or equal to -1';

export function slowLogGet(call: Call): void {
  const { args, reply, server } = call;
  if (args.count > 3) return reply.error(wrongCount('slowlog', quotedText(args, 1)));
  let count = DEFAULT_COUNT;
  if (args.count === 3) {
    count = integerArgument(call, 2, BAD_COUNT);
    if (Number.isNaN(count)) return;
    if (count < -1) return reply.error(BAD_COUNT);
  }
  const entries = server.slowLog.entries(count === -1 ? server.slowLog.length : count);
  reply.array(entries.length);
  for (const entry of entries) replyEntry(call, entry);
}

function replyEntry({ reply }: Call, entry: SlowEntry): void {
  reply.array(6);
  reply.integer(entry.id);
  reply.integer(entry.at);
  reply.integer(entry.microseconds);
  reply.array(entry.words.length);
  for (const word of entry.words) {
    const bytes = Uint8Array.from(word, (letter) => letter.charCodeAt(0));
    reply.bulk(bytes, 0, bytes.length);
  }
  reply.text(entry.address);
  reply.text(entry.name);
}

export function slowLogLength({ reply, server }: Call): void {
  reply.integer(server.slowLog.length);
}

export function slowLogReset({ reply, server }: Call): void {
  server.slowLog.reset();
  reply.ok();
}
