/** CLIENT and its subcommands. redis.io/docs/latest/commands/client-list */
import { type Call, REPLIES_OFF, REPLIES_ON, REPLIES_SKIP_NEXT } from './call.ts';
import { SYNTAX, wrongCount } from './errors.ts';
import { INT64_MAX, parseInteger64 } from './numbers.ts';
import { integerArgument, isWord, quotedText } from './words.ts';

export function clientId({ client, reply }: Call): void {
  reply.integer(client.id);
}

export function clientGetName({ client, reply }: Call): void {
  if (client.name === '') reply.nil();
  else reply.text(client.name);
}

export function clientSetName(call: Call): void {
  const name = clientNameArgument(call, 2);
  if (name === undefined) return;
  call.client.name = name;
  call.reply.ok();
}

/**
 * Argument `index` as a connection's name; undefined and the error answered where it can't be one.
 */
export function clientNameArgument({ args, reply }: Call, index: number): string | undefined {
  const name = args.text(index);
  if (printable(name)) return name;
  reply.error('ERR Client names cannot contain spaces, newlines or special characters.');
  return undefined;
}

/** CLIENT LIST parts its fields by blanks and its lines by LF: these must not occur in a name. */
function printable(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

export function clientSetInfo({ args, client, reply }: Call): void {
  const option = args.text(2);
  const value = args.text(3);
  const isName = isWord(args, 2, 'lib-name');
  if (!isName && !isWord(args, 2, 'lib-ver')) {
    return reply.error(`ERR Unrecognized option '${quotedText(args, 2)}'`);
  }
  if (!printable(value)) {
    const text = 'cannot contain spaces, newlines or special characters.';
    return reply.error(`ERR ${option.toLowerCase()} ${text}`);
  }
  if (isName) client.libraryName = value;
  else client.libraryVersion = value;
  reply.ok();
}

export function clientNoEvict(call: Call): void {
  const on = switchArgument(call);
  if (on === undefined) return;
  call.client.noEvict = on;
  call.reply.ok();
}

export function clientNoTouch(call: Call): void {
  const on = switchArgument(call);
  if (on === undefined) return;
  call.client.noTouch = on;
  call.reply.ok();
}

function switchArgument({ args, reply }: Call): boolean | undefined {
  if (isWord(args, 2, 'on')) return true;
  if (isWord(args, 2, 'off')) return false;
  reply.error(SYNTAX);
  return undefined;
}

/** OFF and SKIP have no answer; what is not to be sent is taken back by who runs the requests. */
export function clientReply({ args, client, reply }: Call): void {
  if (isWord(args, 2, 'on')) {
    client.replies = REPLIES_ON;
    reply.ok();
  } else if (isWord(args, 2, 'off')) {
    client.replies = REPLIES_OFF;
  } else if (isWord(args, 2, 'skip')) {
    if (client.replies !== REPLIES_OFF) client.replies = REPLIES_SKIP_NEXT;
  } else {
    reply.error(SYNTAX);
  }
}

export function clientPause(call: Call): void {
  const { args, reply, server } = call;
  if (args.count > 4) {
    return reply.error(wrongCount('client', quotedText(args, 1)));
  }
  const writesOnly = args.count === 4 && isWord(args, 3, 'write');
  if (args.count === 4 && !writesOnly && !isWord(args, 3, 'all')) {
    return reply.error('ERR CLIENT PAUSE mode must be WRITE or ALL');
  }
  const milliseconds = integerArgument(call, 2, 'ERR timeout is not an integer or out of range');
  if (Number.isNaN(milliseconds)) return;
  if (milliseconds < 0) return reply.error('ERR timeout is negative');
  if (!endsBeyondTime(call)) server.pause(milliseconds, writesOnly);
  reply.ok();
}

/** Redis adds in 64 bits: a pause whose end they don't hold has ended before it begins. */
function endsBeyondTime({ args, nowMs }: Call): boolean {
  const milliseconds = parseInteger64(args.bytes, args.starts[2], args.ends[2]) ?? 0n;
  return milliseconds + BigInt(nowMs) > INT64_MAX;
}

export function clientUnpause({ reply, server }: Call): void {
  server.unpause();
  reply.ok();
}

/** Nobody tracks keys here: no messages are redirected. */
export function clientGetRedirection({ reply }: Call): void {
  reply.integer(-1);
}

export function clientTrackingInfo({ reply }: Call): void {
  reply.map(3);
  reply.text('flags');
  reply.set(1);
  reply.text('off');
  reply.text('redirect');
  reply.integer(-1);
  reply.text('prefixes');
  reply.array(0);
}
