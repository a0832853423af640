/** The same requests to us and to Redis 7.0: the same effects as in its AOF, word for word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Effects } from '../../src/commands/effects.ts';
import type { Arguments } from '../../src/protocol/arguments.ts';
import { CommandDriver } from '../commands/driver.ts';
import { type Effect, EffectLog, requestsOf } from '../commands/effect-log.ts';
import { requireTool } from '../support/tools.ts';
import { type Connection, Peer, type Request } from './peer.ts';
import { BITS, CONNECTION, KEYS, STRINGS, TRANSACTIONS } from './requests.ts';

requireTool('redis-server', 'redis-server');

let peer: Peer;
let redis: Connection;
beforeEach(async () => {
  peer = new Peer('redis-server', [
    ...['--port', '0', '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
    ...['--aof-use-rdb-preamble', 'no', '--auto-aof-rewrite-percentage', '0'],
    ...['--enable-debug-command', 'local'],
  ]);
  redis = await peer.connect();
  await redis.ask([['DEBUG', 'SET-ACTIVE-EXPIRE', '0']]);
});
afterEach(() => peer.end());

/**
 * A SETBIT that finds its bit as it is makes raw bytes of a value: Redis does not tell of that, and
 * its replicas answer OBJECT ENCODING differently.
 */
class ComparableLog extends EffectLog {
  #writes = 0;
  readonly #driver: CommandDriver;

  constructor(driver: CommandDriver) {
    super();
    this.#driver = driver;
  }

  override append(database: number, words: Arguments): void {
    const { writes } = this.#driver.store.watches;
    const isNews = writes !== this.#writes || words.text(0).toLowerCase() !== 'setbit';
    this.#writes = writes;
    if (isNews) super.append(database, words);
  }
}

async function theirs(requests: readonly Request[]): Promise<string[]> {
  await redis.ask(requests);
  const folder = join(peer.folder, 'appendonlydir');
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.incr.aof'));
  return comparable(wordsOf(readFileSync(join(folder, name), 'latin1')));
}

function ours(requests: readonly Request[]): string[] {
  const driver = new CommandDriver();
  const log = new ComparableLog(driver);
  driver.call.effects = new Effects(driver.store, log);
  driver.call.nowMs = Date.now();
  for (const request of requests) driver.run(...request);
  return comparable(requestsOf(log.effects));
}

/** The requests that an AOF is made of. */
function wordsOf(aof: string): string[][] {
  const requests: string[][] = [];
  for (let at = 0; at < aof.length; ) {
    const count = Number(/^\*(\d+)\r\n/.exec(aof.slice(at, at + 20))![1]);
    at = aof.indexOf('\n', at) + 1;
    const words: string[] = [];
    for (let i = 0; i < count; i++) {
      const length = Number(aof.slice(at + 1, aof.indexOf('\r', at)));
      const start = aof.indexOf('\n', at) + 1;
      words.push(aof.slice(start, start + length));
      at = start + length + 2;
    }
    requests.push(words);
  }
  return requests;
}

/** Both begin in database 0; Redis says so. Times that are to come are rounded. */
function comparable(requests: readonly string[][]): string[] {
  const first = requests.findIndex(([name]) => name !== 'SELECT');
  const begins = requests.slice(0, first).every(([, database]) => database === '0') ? first : 0;
  return requests
    .slice(begins)
    .map((words) => JSON.stringify(words.map((word) => (isSoon(word) ? rounded(word) : word))));
}

/** Within three hours: longer than any relative expiry of these tests. */
const SOON_MS = 3 * 3600 * 1000;
/** They are multiples of a thousand seconds: a test may be half of that late. */
const ROUND_MS = 500_000;

function isSoon(word: string): boolean {
  return /^\d{13}$/.test(word) && Math.abs(Number(word) - Date.now()) < SOON_MS;
}

function rounded(word: string): string {
  return `in about ${Math.ceil((Number(word) - Date.now()) / ROUND_MS) * (ROUND_MS / 1000)} s`;
}

const EVERY_WRITE = `
SET a 1|SET a 2 NX|SET b 2 NX|set b 3 XX GET|SET c 4 EX 1000|SET c 5 KEEPTTL
SET c 6 PX 1000000 GET|SET c 7 EXAT 4102444800|SET c 8 PXAT 4102444800000
SET c 9 GET PXAT 4102444800000|SETNX a 1|SETNX n 1|SETEX x 1000 v|PSETEX x 1000000 v|GETSET x w
GETSET nothing w|GETDEL nothing|GETDEL no|GETEX x|GETEX x EX 1000|GETEX x PX 1000000
GETEX x EXAT 4102444800|GETEX x PXAT 4102444800000|GETEX x PERSIST|GETEX x PERSIST
GETEX x PXAT 1|GETEX x EX 1000|APPEND a 2|APPEND new 2|APPEND new|INCR a|DECR a|INCRBY a 5
DECRBY a 5|INCRBYFLOAT a 0.5|INCRBYFLOAT f 3|INCR c|INCR x|SETRANGE a 4 xyz|SETRANGE no 4
MSET p 1 q 2|MSETNX p 1 r 2|MSETNX r 1 s 2|SETBIT a 3 1|SETBIT a 3 1|SETBIT e 70 0
BITFIELD a SET u8 0 5 INCRBY u8 8 1 GET u8 0|BITFIELD a GET u8 0|BITOP NOT d a
BITOP AND d a none|BITOP OR d no none|DEL d nope|DEL nope|UNLINK q nope|EXPIRE a 1000
EXPIRE a 2000 XX GT|EXPIRE a 1000 NX|EXPIRE no 1000|PEXPIRE a 1000000 XX|EXPIREAT a 4102444800
PEXPIREAT a 4102444800000|pexpireat a 4102444800001 GT|PERSIST a|PERSIST a|EXPIRE p 0
EXPIRE r -1|PEXPIREAT s 5|RENAME a b|RENAME b b|RENAMENX b c|RENAMENX b z|RENAME no yes|COPY z y
COPY z y|COPY z y REPLACE|COPY z y DB 3|MOVE z 4|MOVE z 4|SELECT 4|SET here 1|MOVE here 5
SELECT 3|SWAPDB 3 5|SWAPDB 2 2|TOUCH y|GET y|SET y 1 EX soon|SET y|FLUSHDB|FLUSHDB|SELECT 0
FLUSHALL ASYNC|flushall|SET in 1|MULTI|SET a 1|GET a|INCR a|SELECT 2|SET b 1 EX 1000|SELECT 0
EXEC|MULTI|SET a 1|EXEC|MULTI|GET a|EXEC|MULTI|SET a 5|DISCARD|MULTI|EXEC|MULTI|SET a 1
SETNX a 1|EXEC|SET end 1`;

const everyWrite: Request[] = EVERY_WRITE.trim()
  .split(/[|\n]/)
  .map((line) => line.split(' '));

test('of each command that writes', async () => {
  // Not among the lines, which are parted by spaces.
  const driver = new CommandDriver();
  driver.run('SET', 'a', 'value');
  const dump = driver.bulk('DUMP', 'a')!;
  const restores: Request[] = [
    ['RESTORE', 'kept', '0', dump],
    ['RESTORE', 'soon', '1000000', dump],
    ['restore', 'soon', '2000000', dump, 'REPLACE', 'IDLETIME', '5'],
    ['RESTORE', 'soon', '4102444800000', dump, 'replace', 'absttl'],
    ['RESTORE', 'soon', '1', dump, 'REPLACE', 'ABSTTL'],
    ['RESTORE', 'soon', '1', dump, 'REPLACE', 'ABSTTL'],
    ['RESTORE', 'kept', '0', dump],
    ['APPEND', 'kept', ''],
    ['SETRANGE', 'kept', '2', ''],
  ];
  const requests = [...everyWrite, ...restores];
  expect(ours(requests)).toEqual(await theirs(requests));
});

/** These are about data; the rest of their kind is about the server. */
const ABOUT_DATA = new Set(['SELECT', 'SWAPDB', 'FLUSHDB', 'FLUSHALL']);

const MIXED = fc.oneof(
  { weight: 4, arbitrary: STRINGS },
  { weight: 2, arbitrary: BITS },
  { weight: 4, arbitrary: KEYS },
  { weight: 1, arbitrary: TRANSACTIONS },
  { weight: 1, arbitrary: CONNECTION.filter(([name]) => ABOUT_DATA.has(name)) },
);

/**
 * What is stored with an expiry that has passed is removed when it is met: Redis' readers remove
 * it, too, ours leave that to writers.
 */
function expiresAtOnce(request: Request): boolean {
  return request.some((word, i) => /^(ex|px)at$/i.test(word) && Number(request[i + 1]) < 10);
}

test('of random requests', { timeout: 60_000 }, async () => {
  const requests = fc
    .sample(MIXED, { seed: 20_261_129, numRuns: 20_000 })
    .filter((request) => !expiresAtOnce(request));
  const expected = await theirs(requests);
  const told = withoutVainFields(ours(requests), expected);
  expect(told.length).toBeGreaterThan(3000);
  expect(told).toEqual(expected);
});

/**
 * A BITFIELD that leaves all bits as they are, or whose operations all overflow, may still lengthen
 * the value or make raw bytes of it. Redis does not tell of that; here it is an effect, so that the
 * data is the same.
 */
function withoutVainFields(told: readonly string[], expected: readonly string[]): string[] {
  const kept: string[] = [];
  for (const line of told) {
    const isVain = /^\["bitfield"/i.test(line) && line !== expected[kept.length];
    if (!isVain) kept.push(line);
  }
  return kept;
}

/** Redis puts the two between MULTI and EXEC; here they need not be one, as nobody saw the key. */
test('of a writer that meets an expired key, but for MULTI and EXEC', async () => {
  await redis.ask([['SET', 'a', '1', 'PX', '1']]);
  while ((await redis.ask([['EXISTS', 'a']]))[0] === ':1\r\n');
  const effects: Effect[] = [
    { database: 0, words: ['DEL', 'a'] },
    { database: 0, words: ['APPEND', 'a', '2'] },
  ];
  const [, ...rest] = await theirs([
    ['SET', 'a', '1', 'PX', '1'],
    ['DEBUG', 'SLEEP', '0.01'],
    ['APPEND', 'a', '2'],
  ]);
  const last = rest.slice(-4).map((line) => JSON.parse(line));
  expect(last).toEqual([['MULTI'], ...effects.map(({ words }) => words), ['EXEC']]);
});
