/** PING, ECHO, SELECT, HELLO, RESET, QUIT. redis.io/docs/latest/commands/?group=connection */
import { type Call, REPLIES_ON } from './call.ts';
import { clientNameArgument } from './client.ts';
import { DATABASE_OUT_OF_RANGE, SYNTAX, wrongArity } from './errors.ts';
import { endTransaction } from './transactions.ts';
import { REDIS_VERSION } from './version.ts';
import { humanText, INT_MAX, INT_MIN, integerArgument, isWord, quotedText } from './words.ts';

export function ping(call: Call): void {
  const { args, reply } = call;
  if (args.count > 2) reply.error(wrongArity('ping'));
  else if (args.count === 2) echo(call);
  else reply.status('PONG');
}

export function echo({ args, reply }: Call): void {
  reply.bulk(args.bytes, args.starts[1], args.ends[1]);
}

export function select(call: Call): void {
  const database = databaseArgument(call, 1);
  if (database < 0) return;
  call.client.database = database;
  call.reply.ok();
}

const NOT_AN_INT = `ERR value is out of range, value must between ${INT_MIN} and ${INT_MAX}`;

/** Argument `index` as the number of a database; -1 and the error answered where there is none. */
export function databaseArgument(call: Call, index: number): number {
  const database = integerArgument(call, index);
  if (Number.isNaN(database)) return -1;
  if (database > INT_MAX || database < INT_MIN) {
    call.reply.error(NOT_AN_INT);
    return -1;
  }
  if (database >= 0 && database < call.server.databases) return database;
  call.reply.error(DATABASE_OUT_OF_RANGE);
  return -1;
}

/** QUIT, and EXIT, which Redis lacks. */
export function quit(call: Call): void {
  call.client.closing = true;
  call.reply.ok();
}

export function reset(call: Call): void {
  const { client, reply, server } = call;
  endTransaction(client);
  client.authenticated = server.password === '';
  client.database = 0;
  client.name = '';
  client.replies = REPLIES_ON;
  client.noEvict = false;
  client.noTouch = false;
  client.protocolVersion = 2;
  reply.version = 2;
  reply.status('RESET');
}

export function auth(call: Call): void {
  const { args, client, reply, server } = call;
  if (args.count > 3) return reply.error(SYNTAX);
  if (args.count === 2 && server.password === '') return reply.error(NO_PASSWORD);
  const passes = args.count === 2 ? isPassword(call, 1) : isUser(call, 1);
  if (!passes) return reply.error(WRONG_PASSWORD);
  client.authenticated = true;
  reply.ok();
}

const NO_PASSWORD =
  'ERR AUTH <password> called without any password configured for the default user. ' +
  'Are you sure your configuration is correct?';
const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

export function hello(call: Call): void {
  const { args, client, reply } = call;
  let version = client.protocolVersion;
  if (args.count > 1) {
    version = integerArgument(call, 1, NOT_A_VERSION);
    if (Number.isNaN(version)) return;
    if (version !== 2 && version !== 3) {
      return reply.error('NOPROTO unsupported protocol version');
    }
  }
  if (!readHelloOptions(call)) return;
  client.protocolVersion = version;
  reply.version = version;
  describeServer(call);
}

const NOT_A_VERSION = 'ERR Protocol version is not an integer or out of range';
const HELLO_WITHOUT_AUTH =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH ' +
  '<user> <pass> option can be used to authenticate the client and select the RESP protocol ' +
  'version at the same time';

/** As in Redis, what comes before a wrong option has taken effect. */
function readHelloOptions(call: Call): boolean {
  const { args, client, reply, server } = call;
  for (let i = 2; i < args.count; i++) {
    const more = args.count - 1 - i;
    if (isWord(args, i, 'auth') && more >= 2) {
      if (!isUser(call, i + 1)) {
        reply.error(WRONG_PASSWORD);
        return false;
      }
      client.authenticated = true;
      i += 2;
    } else if (isWord(args, i, 'setname') && more >= 1) {
      const name = clientNameArgument(call, ++i);
      if (name === undefined) return false;
      client.name = name;
    } else {
      reply.error(`ERR Syntax error in HELLO option '${quotedText(args, i)}'`);
      return false;
    }
  }
  if (client.authenticated || server.password === '') return true;
  reply.error(HELLO_WITHOUT_AUTH);
  return false;
}

/** There is one user, `default`; without `requirepass` any password of his is right. */
function isUser(call: Call, index: number): boolean {
  if (call.args.text(index) !== 'default') return false;
  return call.server.password === '' || isPassword(call, index + 1);
}

function isPassword({ args, server }: Call, index: number): boolean {
  return sameText(server.password, humanText(args, index));
}

/** Takes as long whatever the first difference: time must not tell how much of a guess is right. */
export function sameText(secret: string, guess: string): boolean {
  let difference = secret.length ^ guess.length;
  for (let i = 0; i < guess.length; i++) {
    difference |= secret.charCodeAt(i % secret.length) ^ guess.charCodeAt(i);
  }
  return difference === 0;
}

function describeServer({ client, reply }: Call): void {
  reply.map(7);
  reply.text('server');
  reply.text('redis');
  reply.text('version');
  reply.text(REDIS_VERSION);
  reply.text('proto');
  reply.integer(client.protocolVersion);
  reply.text('id');
  reply.integer(client.id);
  reply.text('mode');
  reply.text('standalone');
  reply.text('role');
  reply.text('master');
  reply.text('modules');
  reply.array(0);
}
