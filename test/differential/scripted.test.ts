/** Conversations chosen by hand, to us in each I/O model and to Redis 7.0: the same replies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { requireTool } from '../support/tools.ts';
import { type Peer, redis, syskv } from './peer.ts';

requireTool('redis-server', 'redis-server');

/** Requests in one line each, words parted by blanks; `''` is an empty word. */
const CONVERSATIONS: Readonly<Record<string, string>> = {
  'a transaction and what it refuses': `
    MULTI|MULTI|WATCH a|NOSUCH|EXEC|EXEC|DISCARD|WATCH|MULTI|GET|PING|EXEC|MULTI|PING|UNWATCH
    SELECT 20|INCR|EXEC|EXEC x|MULTI|EXEC x|EXEC|MULTI|SHUTDOWN x|EXEC|MULTI|SET a b|INCR a|GET a
    EXEC|MULTI|RESET|EXEC|MULTI|DISCARD`,
  'a transaction in RESP3': `
    HELLO 3|WATCH a|SET a 1|MULTI|GET a|EXEC|MULTI|EXEC|MULTI|INCRBYFLOAT a 1.5|GET no|EXEC`,
  'a watched key that expires': `
    SET a 1 PX 100000|WATCH a|PEXPIREAT a 1|MULTI|PING|EXEC|SET a 1 PXAT 1|WATCH a|GET a|MULTI
    PING|EXEC|WATCH a|SET a 1 PXAT 1|MULTI|PING|EXEC`,
  'a watched key in a database that is exchanged': `
    SET a 1|WATCH a|SWAPDB 0 1|MULTI|PING|EXEC|WATCH no|SWAPDB 0 1|MULTI|PING|EXEC|WATCH no
    SELECT 1|SET no 1|SWAPDB 0 1|SELECT 0|MULTI|PING|EXEC|FLUSHALL|WATCH a|FLUSHALL|MULTI|PING
    EXEC|SET a 1|WATCH a|FLUSHDB|MULTI|PING|EXEC`,
  'changes that are none': `
    WATCH a|SETRANGE a 0 ''|DEL a|EXPIRE a 10|PERSIST a|MULTI|PING|EXEC|SET a 1|WATCH a|SETNX a 2
    GETEX a|PERSIST a|SET a 1 NX|RENAMENX a a|MULTI|PING|EXEC|WATCH a|APPEND a ''|MULTI|PING|EXEC
    WATCH a|SETBIT a 2 1|MULTI|PING|EXEC`,
  passwords: `
    AUTH|AUTH a|AUTH default a|AUTH bob a|AUTH a b c|HELLO 3 AUTH bob x
    HELLO 2 AUTH default x SETNAME|CONFIG SET requirepass secret|PING|RESET|PING|NOSUCH|GET|GET a
    AUTH wrong|MULTI|EXEC|DISCARD|WATCH a|COMMAND|HELLO 2 SETNAME x|HELLO 3
    HELLO 2 AUTH default wrong|AUTH secret|CLIENT GETNAME|CONFIG SET requirepass ''|RESET|PING`,
  'CLIENT KILL and its filters': `
    CLIENT KILL ID abc|CLIENT KILL ID 0|CLIENT KILL ID -1|CLIENT KILL ID 99999
    CLIENT KILL TYPE foo|CLIENT KILL USER bob|CLIENT KILL SKIPME maybe|CLIENT KILL ID
    CLIENT KILL ADDR|CLIENT KILL ADDR 1.2.3.4:5|CLIENT KILL 1.2.3.4:5|CLIENT KILL ID 1 foo bar
    CLIENT KILL LADDR 1.2.3.4:1 SKIPME no|CLIENT KILL USER default ID 99999
    CLIENT KILL TYPE master|CLIENT KILL TYPE slave SKIPME yes|CLIENT KILL ID 0 ID`,
  'CLIENT and its other words': `
    CLIENT LIST TYPE foo|CLIENT LIST ID|CLIENT LIST ID a|CLIENT LIST TYPE|CLIENT LIST foo bar
    CLIENT LIST ID 100000|CLIENT GETREDIR|CLIENT TRACKINGINFO|CLIENT NO-EVICT foo
    CLIENT NO-EVICT on|CLIENT REPLY foo|CLIENT REPLY ON|CLIENT PAUSE abc|CLIENT PAUSE -1
    CLIENT PAUSE 1 foo|CLIENT PAUSE 1 WRITE x|CLIENT PAUSE 0|CLIENT UNPAUSE|CLIENT|CLIENT nosuch
    CLIENT PAUSE 99999999999999999999`,
  'CONFIG SET and what it refuses': `
    CONFIG SET|CONFIG SET a|CONFIG SET a b|CONFIG SET maxmemory x|CONFIG SET maxmemory 1kk
    CONFIG SET maxmemory 100mb|CONFIG GET maxmemory|CONFIG SET maxmemory 0
    CONFIG SET maxmemory-policy foo|CONFIG SET maxmemory-policy allkeys-lru maxmemory-samples 3
    CONFIG GET maxmemory-policy|CONFIG SET maxmemory-samples 0|CONFIG SET maxmemory-samples abc
    CONFIG SET maxmemory-samples 100000000000|CONFIG SET timeout -1|CONFIG SET databases 3
    CONFIG SET appendonly maybe no|CONFIG SET client-output-buffer-limit foo
    CONFIG GET client-output-buffer-limitx|CONFIG SET slowlog-log-slower-than -2
    CONFIG SET slowlog-max-len -1|CONFIG SET latency-monitor-threshold -1|CONFIG SET maxclients 0
    CONFIG SET loglevel foo|CONFIG SET hz 0|CONFIG SET hz 1000|CONFIG GET hz|CONFIG SET hz 10
    CONFIG REWRITE|CONFIG RESETSTAT|CONFIG RESETSTAT x|CONFIG SET daemonize yes
    CONFIG SET lfu-log-factor -1|CONFIG SET proto-max-bulk-len 100
    CONFIG SET notify-keyspace-events KEA|CONFIG GET notify-keyspace-events
    CONFIG SET notify-keyspace-events Kg$x|CONFIG GET notify-keyspace-events
    CONFIG SET notify-keyspace-events ''|CONFIG SET client-query-buffer-limit 1
    CONFIG SET maxmemory-policy noeviction maxmemory-samples 5|CONFIG SET timeout 1 timeout 2
    CONFIG GET timeout`,
  'OBJECT by policy': `
    SET a x|OBJECT FREQ a|OBJECT FREQ no|CONFIG SET maxmemory-policy allkeys-lfu|SET b x
    OBJECT FREQ b|OBJECT IDLETIME b|OBJECT IDLETIME no|CONFIG SET maxmemory-policy noeviction
    SET c 1|OBJECT IDLETIME c|OBJECT FREQ c`,
  'out of memory': `
    SET a 1|CONFIG SET maxmemory 1|SET b 1|GET a|DEL a|MULTI|GET a|EXEC|INCR c|SETBIT a 1 1
    EXPIRE a 10|MSET a 1 b 2|CONFIG SET maxmemory 0|MULTI|SET a 1|CONFIG SET maxmemory 1|EXEC
    GET a|CONFIG SET maxmemory 0|GET a`,
  'questions about the server': `
    SLOWLOG GET 0|SLOWLOG GET -2|SLOWLOG GET a|SLOWLOG RESET|SLOWLOG foo|SLOWLOG LEN x
    LATENCY LATEST|LATENCY HISTORY|LATENCY HISTORY foo|LATENCY RESET foo|LATENCY GRAPH foo
    LATENCY HISTOGRAM foo|LATENCY foo|LATENCY DOCTOR x|MEMORY PURGE|MEMORY USAGE|MEMORY USAGE no
    MEMORY USAGE no SAMPLES|MEMORY USAGE no SAMPLES -1|MEMORY foo|DEBUG foo|DEBUG SLEEP
    DEBUG SLEEP 0|DEBUG OBJECT no|DEBUG OBJECT|DEBUG ERROR foo|SHUTDOWN foo|SHUTDOWN NOSAVE SAVE
    SHUTDOWN ABORT|SHUTDOWN NOW FORCE foo|SHUTDOWN ABORT NOSAVE|LOLWUT|LOLWUT foo|LOLWUT VERSION x
    ROLE|ROLE x|FUNCTION FLUSH|FUNCTION FLUSH ASYNC|FUNCTION FLUSH foo|FUNCTION foo|SWAPDB 0 0
    SWAPDB 0 x|SWAPDB x 0|SWAPDB 0 99|TIME x|FLUSHALL foo|FLUSHDB ASYNC SYNC|FLUSHDB SYNC
    NOSUCH a b c|QUIT`,
};

function requestsOf(conversation: string): string[][] {
  return conversation
    .split(/[|\n]/)
    .map((request) => request.trim())
    .filter((request) => request !== '')
    .map((request) => request.split(' ').map((word) => (word === "''" ? '' : word)));
}

describe.each(MODES)('the same replies as Redis, in mode %s', (mode) => {
  let peers: Peer[] = [];
  beforeAll(() => {
    peers = [redis(), syskv('--mode', mode)];
  });
  afterAll(() => Promise.all(peers.map((peer) => peer.end())));

  test.each(Object.entries(CONVERSATIONS))('%s', async (_what, conversation) => {
    const requests = requestsOf(conversation);
    const told = await Promise.all(
      peers.map(async (peer) => {
        const client = await peer.converse();
        await client.tell([['FLUSHALL']]);
        const lines = await client.tell(requests);
        client.close();
        return lines;
      }),
    );
    expect(told[1]).toEqual(told[0]);
  });
});
