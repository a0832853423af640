/**
 * CLIENT LIST, INFO and KILL: connections told and chosen. redis.io/docs/latest/commands/client-
 * list
 */
import type { Call, ClientView } from './call.ts';
import { SYNTAX } from './errors.ts';
import { integerAt, isWord, quotedText } from './words.ts';

export function clientInfo(call: Call): void {
  replyList(call, ({ id }) => id === call.client.id);
}

export function clientList(call: Call): void {
  const { args, reply } = call;
  if (args.count === 4 && isWord(args, 2, 'type')) {
    const isType = typeArgument(call, 3);
    if (isType !== undefined) replyList(call, isType);
    return;
  }
  if (args.count > 3 && isWord(args, 2, 'id')) return listOfIds(call);
  if (args.count !== 2) return reply.error(SYNTAX);
  replyList(call, () => true);
}

type Wanted = (client: ClientView) => boolean;

/** Every connection is a normal one: nobody replicates or subscribes here. */
function typeArgument({ args, reply }: Call, index: number): Wanted | undefined {
  const type = args.text(index).toLowerCase();
  if (type === 'normal') return () => true;
  if (/^(master|slave|replica|pubsub)$/.test(type)) return () => false;
  reply.error(`ERR Unknown client type '${quotedText(args, index)}'`);
  return undefined;
}

function listOfIds(call: Call): void {
  const { args, reply } = call;
  const ids = new Set<number>();
  for (let i = 3; i < args.count; i++) {
    const id = integerAt(args, i);
    if (Number.isNaN(id)) return reply.error('ERR Invalid client ID');
    ids.add(id);
  }
  replyList(call, (client) => ids.has(client.id));
}

function replyList(call: Call, wanted: Wanted): void {
  const { client, server, reply } = call;
  const lines = server
    .clients(client)
    .filter(wanted)
    .map((view) => `${describe(view, view.id === client.id ? requestMemory(call) : NO_REQUEST)}\n`);
  reply.verbatim('txt', lines.join(''));
}

/** What a client takes while its request is run; all bytes. */
interface RequestMemory {
  readonly queryBytes: number;
  readonly argumentBytes: number;
  readonly replyBytes: number;
}

/** Between its requests a client has no buffers: those of its thread are lent to the next one. */
const NO_REQUEST: RequestMemory = { queryBytes: 0, argumentBytes: 0, replyBytes: 0 };

function requestMemory({ args, reply }: Call): RequestMemory {
  let argumentBytes = 0;
  let queryBytes = headBytes(args.count);
  for (let i = 0; i < args.count; i++) {
    argumentBytes += args.length(i);
    queryBytes += headBytes(args.length(i)) + args.length(i) + LINE_END_BYTES;
  }
  return { queryBytes, argumentBytes, replyBytes: reply.roomBytes };
}

const LINE_END_BYTES = 2;

/** Of `*2` or `$5` and its line end. */
function headBytes(count: number): number {
  return 1 + String(count).length + LINE_END_BYTES;
}

/** Its objects, and its row in the table that all threads share. */
const CLIENT_BYTES = 1024;

/** One line of CLIENT LIST. What belongs to features that are not here has its resting value. */
function describe(client: ClientView, request: RequestMemory): string {
  const { queryBytes, argumentBytes, replyBytes } = request;
  const { keptBytes, queuedBytes } = client;
  const sums = keptBytes + queuedBytes + queryBytes + argumentBytes + replyBytes;
  const fields = {
    id: client.id,
    addr: client.address,
    laddr: client.localAddress,
    fd: client.fd,
    name: client.name,
    age: Math.floor(client.ageMs / 1000),
    idle: Math.floor(client.idleMs / 1000),
    flags: flagsOf(client),
    db: client.database,
    sub: 0,
    psub: 0,
    ssub: 0,
    multi: client.queued,
    qbuf: keptBytes + queryBytes,
    'qbuf-free': 0,
    'argv-mem': argumentBytes,
    'multi-mem': queuedBytes,
    rbs: replyBytes,
    rbp: replyBytes,
    obl: 0,
    oll: 0,
    omem: 0,
    'tot-mem': CLIENT_BYTES + sums,
    events: 'r',
    cmd: client.commandName || 'NULL',
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

/**
 * x: in MULTI; b: its request waits (CLIENT PAUSE); U: over a UNIX socket; e: NO-EVICT;
 * T: NO-TOUCH; N: nothing of these.
 */
function flagsOf(client: ClientView): string {
  const flags =
    (client.queued >= 0 ? 'x' : '') +
    (client.blocked ? 'b' : '') +
    (client.address.startsWith('/') ? 'U' : '') +
    (client.noEvict ? 'e' : '') +
    (client.noTouch ? 'T' : '');
  return flags || 'N';
}

export function clientKill(call: Call): void {
  const { args, client, reply, server } = call;
  const everybody = server.clients(client);
  if (args.count === 3) {
    const address = args.text(2);
    const victim = everybody.find((view) => view.address === address);
    if (victim === undefined) return reply.error('ERR No such client');
    endClient(call, victim);
    return reply.ok();
  }
  const chosen = readFilters(call);
  if (chosen === undefined) return;
  const victims = everybody.filter((view) => chosen.every((wanted) => wanted(view)));
  for (const victim of victims) endClient(call, victim);
  reply.integer(victims.length);
}

/** A client that ends itself still gets the answer. */
function endClient({ client, server }: Call, { id }: ClientView): void {
  if (id === client.id) client.closing = true;
  else server.kill(id);
}

/** Undefined and the error answered where the filters do not fit. */
function readFilters(call: Call): Wanted[] | undefined {
  const { args, client, reply } = call;
  const filters: Wanted[] = [];
  let skipMe = true;
  for (let i = 2; i < args.count; i += 2) {
    const isSkip = isWord(args, i, 'skipme') && i + 1 < args.count;
    const filter = isSkip ? undefined : readFilter(call, i);
    if (filter !== undefined) {
      filters.push(filter);
    } else if (isSkip && (isWord(args, i + 1, 'yes') || isWord(args, i + 1, 'no'))) {
      skipMe = isWord(args, i + 1, 'yes');
    } else {
      if (isSkip) reply.error(SYNTAX);
      return undefined;
    }
  }
  if (skipMe) filters.push(({ id }) => id !== client.id);
  return filters;
}

function readFilter(call: Call, index: number): Wanted | undefined {
  const { args, reply } = call;
  const value = index + 1;
  if (value < args.count) {
    if (isWord(args, index, 'id')) return idFilter(call, value);
    if (isWord(args, index, 'type')) return typeArgument(call, value);
    if (isWord(args, index, 'addr')) return addressFilter(args.text(value), 'address');
    if (isWord(args, index, 'laddr')) return addressFilter(args.text(value), 'localAddress');
    if (isWord(args, index, 'user')) return userFilter(call, value);
  }
  reply.error(SYNTAX);
  return undefined;
}

function idFilter({ args, reply }: Call, index: number): Wanted | undefined {
  const wanted = integerAt(args, index);
  if (wanted > 0) return ({ id }) => id === wanted;
  reply.error('ERR client-id should be greater than 0');
  return undefined;
}

function addressFilter(address: string, field: 'address' | 'localAddress'): Wanted {
  return (client) => client[field] === address;
}

/** There is one user. */
function userFilter({ args, reply }: Call, index: number): Wanted | undefined {
  if (args.text(index) === 'default') return () => true;
  reply.error(`ERR No such user '${quotedText(args, index)}'`);
  return undefined;
}
