/** CLIENT and its subcommands. redis.io/docs/latest/commands/client-list */
import type { Call, Client } from './call.ts';
import { SYNTAX } from './errors.ts';
import { parseInteger } from './numbers.ts';
import { isWord, quotedText } from './words.ts';

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

export function clientInfo({ client, reply, nowMs }: Call): void {
  reply.verbatim('txt', `${describe(client, nowMs)}\n`);
}

export function clientList(call: Call): void {
  const { args, reply } = call;
  if (args.count === 4 && isWord(args, 2, 'type')) return listOfType(call);
  if (args.count > 3 && isWord(args, 2, 'id')) return listOfIds(call);
  if (args.count !== 2) return reply.error(SYNTAX);
  replyList(call, () => true);
}

function listOfType(call: Call): void {
  const type = call.args.text(3);
  switch (type.toLowerCase()) {
    case 'normal':
      return replyList(call, () => true);
    case 'master':
    case 'slave':
    case 'replica':
    case 'pubsub':
      return replyList(call, () => false);
    default:
      return call.reply.error(`ERR Unknown client type '${quotedText(call.args, 3)}'`);
  }
}

function listOfIds(call: Call): void {
  const { args, reply } = call;
  const ids = new Set<number>();
  for (let i = 3; i < args.count; i++) {
    const id = parseInteger(args.bytes, args.starts[i], args.ends[i]);
    if (Number.isNaN(id)) return reply.error('ERR Invalid client ID');
    ids.add(id);
  }
  replyList(call, (client) => ids.has(client.id));
}

function replyList({ server, reply, nowMs }: Call, wanted: (client: Client) => boolean): void {
  let text = '';
  for (const client of server.clients()) {
    if (wanted(client)) text += `${describe(client, nowMs)}\n`;
  }
  reply.verbatim('txt', text);
}

/** One line of CLIENT LIST. What belongs to features that are not here has its resting value. */
function describe(client: Client, nowMs: number): string {
  const seconds = (sinceMs: number) => Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  const fields = {
    id: client.id,
    addr: client.address,
    laddr: client.localAddress,
    fd: client.fd,
    name: client.name,
    age: seconds(client.connectedAtMs),
    idle: seconds(client.lastUsedAtMs),
    flags: 'N',
    db: client.database,
    sub: 0,
    psub: 0,
    ssub: 0,
    multi: -1,
    qbuf: 0,
    'qbuf-free': 0,
    'argv-mem': 0,
    'multi-mem': 0,
    rbs: 0,
    rbp: 0,
    obl: 0,
    oll: 0,
    omem: 0,
    'tot-mem': 0,
    events: 'r',
    cmd: client.lastCommand?.name ?? 'NULL',
    user: 'default',
    redir: -1,
    resp: client.protocolVersion,
    'lib-name': client.libraryName,
    'lib-ver': client.libraryVersion,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
