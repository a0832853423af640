/**
 * Random requests: few keys, so that they meet; values and options of every kind, wrong ones too.
 */
import fc from 'fast-check';
import type { Request } from './peer.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'key:1', 'key:2', 'h\0le', '');
const integer = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.constantFrom('0', '-1', '9223372036854775807', '-9223372036854775808', '4294967296', '007'),
  fc.constantFrom('9223372036854775808', '1.5', 'ten', '', ' 1', '+1', '-0'),
);
const double = fc.oneof(
  integer,
  fc.constantFrom('0.1', '-2.75', '1e3', '3.0e-5', 'inf', 'nan', '1e400', '10.50', '5.', '.5'),
);
const value = fc.oneof(
  integer,
  double,
  fc.constantFrom('hello', 'Hello, world', 'x'.repeat(44), 'y'.repeat(45), 'z'.repeat(300)),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
);
const offset = fc.oneof(fc.integer({ min: -12, max: 60 }).map(String), integer);
const bitOffset = fc.constantFrom('0', '1', '7', '8', '63', '100', '-1', '#1', 'x', '4294967296');
const database = fc.constantFrom('0', '1', '2', '15', '16', '-1', 'x');
const seconds = fc.constantFrom('1000', '5000', '0', '-1', '9223372036854775807', 'soon', '1e3');
const milliseconds = fc.constantFrom(
  '1000000',
  '5000000',
  '0',
  '-1',
  '9223372036854775807',
  'soon',
);
/** Far enough for no test to see it pass, and the past. */
const unixSeconds = fc.constantFrom('4102444800', '4102444801', '1', '0', '-5', '9999999999999999');
const unixMilliseconds = fc.constantFrom('4102444800123', '4102444800500', '1', '-5');
const pattern = fc.constantFrom('*', 'key:*', '?', '[a-c]', '[^a]', 'h*e', '\\a', '', 'zz*');

type Word = fc.Arbitrary<string> | string;

/** `words` one after the other; what is optional comes in an array. */
function request(...words: Word[]): fc.Arbitrary<Request> {
  return fc.tuple(
    ...words.map((word) => (typeof word === 'string' ? fc.constant(word) : word)),
  ) as fc.Arbitrary<string[]>;
}

/** Words of which any number may come, in any order. */
function options(...choices: fc.Arbitrary<Request>[]): fc.Arbitrary<Request> {
  return fc.array(fc.oneof(...choices), { maxLength: 2 }).map((chosen) => chosen.flat());
}

function joined(...parts: fc.Arbitrary<Request>[]): fc.Arbitrary<Request> {
  return fc.tuple(...parts).map((chosen) => chosen.flat());
}

function many(name: string, ...words: Word[]): fc.Arbitrary<Request> {
  const group = fc.array(request(...words), { minLength: 0, maxLength: 4 });
  return group.map((groups) => [name, ...groups.flat()]);
}

const word = (...names: string[]) => request(fc.constantFrom(...names));
const setExpiry = fc.oneof(
  request(fc.constantFrom('EX', 'ex'), seconds),
  request('PX', milliseconds),
  request('EXAT', unixSeconds),
  request('PXAT', unixMilliseconds),
);

export const STRINGS = fc.oneof(
  request('GET', key),
  request('STRLEN', key),
  request('SET', key, value),
  joined(request('SET', key, value), options(word('NX', 'XX', 'GET', 'KEEPTTL', 'bad'), setExpiry)),
  request('SETNX', key, value),
  request('GETSET', key, value),
  request('GETDEL', key),
  joined(request('GETEX', key), options(word('PERSIST', 'bad'), setExpiry)),
  request('APPEND', key, value),
  request(fc.constantFrom('INCR', 'DECR'), key),
  request(fc.constantFrom('INCRBY', 'DECRBY'), key, integer),
  request('INCRBYFLOAT', key, double),
  request('SETEX', key, seconds, value),
  request('PSETEX', key, milliseconds, value),
  request('SETRANGE', key, offset, value),
  request(fc.constantFrom('GETRANGE', 'SUBSTR'), key, offset, offset),
  many('MGET', key),
  many('MSET', key, value),
  many('MSETNX', key, value),
  joined(
    request('LCS', key, key),
    options(word('LEN', 'IDX', 'WITHMATCHLEN', 'bad'), request('MINMATCHLEN', integer)),
  ),
);

const field = fc.constantFrom('u8', 'i8', 'u1', 'i64', 'u63', 'i5', 'u64', 'i65', 'x8');
const fieldOperation = fc.oneof(
  request('GET', field, bitOffset),
  request('SET', field, bitOffset, integer),
  request('INCRBY', field, bitOffset, integer),
  request('OVERFLOW', fc.constantFrom('WRAP', 'SAT', 'FAIL', 'bad')),
);

export const BITS = fc.oneof(
  request('SETBIT', key, bitOffset, fc.constantFrom('0', '1', '2', 'x')),
  request('GETBIT', key, bitOffset),
  joined(
    request('BITCOUNT', key),
    fc.oneof(request(), request(offset, offset), request(offset, offset, 'BIT'), request(offset)),
  ),
  joined(
    request('BITPOS', key, fc.constantFrom('0', '1', '2')),
    fc.oneof(request(), request(offset), request(offset, offset), request(offset, offset, 'BIT')),
  ),
  request('BITOP', fc.constantFrom('AND', 'OR', 'XOR', 'NOT', 'bad'), key, key, key),
  request('BITOP', 'NOT', key, key),
  joined(
    request('BITFIELD', key),
    fc.array(fieldOperation, { maxLength: 3 }).map((operations) => operations.flat()),
  ),
  request('BITFIELD_RO', key, 'GET', field, bitOffset),
);

const condition = options(word('NX', 'XX', 'GT', 'LT', 'bad'));
/** Which of two relative expiries is later, chance would say where they are as long. */
const relativeCondition = options(word('NX', 'XX', 'bad'));

export const KEYS = fc.oneof(
  many('DEL', key),
  many('UNLINK', key),
  many('EXISTS', key),
  many('TOUCH', key),
  request('TYPE', key),
  joined(request('EXPIRE', key, seconds), relativeCondition),
  joined(request('PEXPIRE', key, milliseconds), relativeCondition),
  joined(request('EXPIREAT', key, unixSeconds), condition),
  joined(request('PEXPIREAT', key, unixMilliseconds), condition),
  request(fc.constantFrom('TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME'), key),
  request('PERSIST', key),
  request(fc.constantFrom('RENAME', 'RENAMENX'), key, key),
  joined(request('COPY', key, key), options(word('REPLACE', 'bad'), request('DB', database))),
  request('MOVE', key, database),
  request('OBJECT', fc.constantFrom('ENCODING', 'REFCOUNT', 'FREQ', 'bad'), key),
  request('KEYS', pattern),
  joined(
    request('SCAN', '0', 'COUNT', '1000'),
    options(request('MATCH', pattern), request('TYPE', fc.constantFrom('string', 'list'))),
  ),
  request('SCAN', fc.constantFrom('x', '-1', '0'), fc.constantFrom('COUNT', 'bad'), '0'),
  request('DUMP', key),
  request('RESTORE', key, '0', value),
  request('DBSIZE'),
);

export const CONNECTION = fc.oneof(
  request('PING'),
  request('PING', value),
  request('ECHO', value),
  request('SELECT', database),
  request('SWAPDB', database, database),
  request(fc.constantFrom('FLUSHDB', 'FLUSHALL'), fc.constantFrom('ASYNC', 'SYNC', 'bad')),
  request(
    'CLIENT',
    fc.constantFrom('SETNAME', 'NO-EVICT', 'REPLY', 'bad'),
    fc.constantFrom('x', 'a b'),
  ),
  request('CLIENT', fc.constantFrom('GETNAME', 'GETREDIR', 'UNPAUSE', 'TRACKINGINFO')),
  request(
    'CLIENT',
    'KILL',
    fc.constantFrom('ID', 'TYPE', 'ADDR', 'bad'),
    fc.constantFrom('0', 'x'),
  ),
  request(
    'CONFIG',
    'GET',
    fc.constantFrom('maxmemory-policy', 'save', 'hz', 'nosuch', 'APPENDONLY'),
  ),
  request(
    'CONFIG',
    'SET',
    fc.constantFrom('timeout', 'hz', 'maxmemory-samples', 'nosuch'),
    integer,
  ),
  request('SLOWLOG', fc.constantFrom('LEN', 'RESET', 'bad')),
  request('AUTH', value),
  request(
    'COMMAND',
    fc.constantFrom('GETKEYS', 'bad'),
    fc.constantFrom('GET', 'MSET', 'PING'),
    key,
    value,
  ),
  request('FUNCTION', 'FLUSH'),
  request('LATENCY', fc.constantFrom('LATEST', 'RESET', 'bad')),
  request(fc.constantFrom('ROLE', 'RESET', 'HELLO', 'LOLWUT', 'nosuch', 'GET', 'TIME x')),
  request('HELLO', fc.constantFrom('2', '3', '4', 'x')),
);

export const TRANSACTIONS = fc.oneof(
  request('MULTI'),
  request('EXEC'),
  request('EXEC'),
  request('DISCARD'),
  many('WATCH', key),
  request('UNWATCH'),
);
