/** MEMORY: what takes how much. redis.io/docs/latest/commands/memory-stats */
import type { Call, MemoryFacts } from './call.ts';
import { peek } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { integerArgument, isWord } from './words.ts';

export function memoryUsage(call: Call): void {
  const { args, reply, store } = call;
  for (let i = 3; i < args.count; i += 2) {
    if (!isWord(args, i, 'samples') || i + 1 === args.count) return reply.error(SYNTAX);
    const samples = integerArgument(call, i + 1);
    if (Number.isNaN(samples)) return;
    if (samples < 0) return reply.error(SYNTAX);
  }
  if (peek(call, 2)) reply.integer(store.entryBytes);
  else reply.nil();
}

export function memoryStats(call: Call): void {
  const { reply, server, store } = call;
  const facts = server.memory();
  const databases = Array.from({ length: server.databases }, (_, i) => i);
  const used = databases.filter((database) => store.count(database) > 0);
  const keys = used.reduce((sum, database) => sum + store.count(database), 0);
  const before = countsBefore(facts);
  const after = countsAfter(facts, keys);
  reply.map(before.length + used.length + after.length);
  for (const [name, value] of before) replyCount(call, name, value);
  for (const database of used) {
    reply.text(`db.${database}`);
    reply.map(3);
    // Tables and entries come from one heap here: what they take is not told apart by database.
    replyCount(call, 'overhead.hashtable.main', 0);
    replyCount(call, 'overhead.hashtable.expires', 0);
    replyCount(call, 'overhead.hashtable.slot-to-keys', 0);
  }
  for (const [name, value, isRatio] of after) {
    if (isRatio === undefined) replyCount(call, name, value);
    else replyRatio(call, name, value);
  }
}

type Count = readonly [name: string, value: number, isRatio?: true];

function countsBefore({ peakBytes, usedBytes, startupBytes, clientsBytes }: MemoryFacts): Count[] {
  return [
    ['peak.allocated', peakBytes],
    ['total.allocated', usedBytes],
    ['startup.allocated', startupBytes],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', clientsBytes],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', 0],
  ];
}

function countsAfter(facts: MemoryFacts, keys: number): Count[] {
  const { usedBytes, peakBytes, startupBytes, clientsBytes, residentBytes } = facts;
  const dataset = Math.max(0, usedBytes - startupBytes);
  const share = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 100);
  const ratio = usedBytes === 0 ? 0 : residentBytes / usedBytes;
  return [
    ['overhead.total', startupBytes + clientsBytes],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(dataset / keys)],
    ['dataset.bytes', dataset],
    ['dataset.percentage', share(dataset, usedBytes), true],
    ['peak.percentage', share(usedBytes, peakBytes), true],
    ['allocator.allocated', usedBytes],
    ['allocator.active', usedBytes],
    ['allocator.resident', residentBytes],
    ['allocator-fragmentation.ratio', 1, true],
    ['allocator-fragmentation.bytes', 0],
    ['allocator-rss.ratio', ratio, true],
    ['allocator-rss.bytes', residentBytes - usedBytes],
    ['rss-overhead.ratio', 1, true],
    ['rss-overhead.bytes', 0],
    ['fragmentation', ratio, true],
    ['fragmentation.bytes', residentBytes - usedBytes],
  ];
}

function replyCount({ reply }: Call, name: string, value: number): void {
  reply.text(name);
  reply.integer(value);
}

function replyRatio({ reply }: Call, name: string, value: number): void {
  reply.text(name);
  reply.double(value);
}

/** Below this nothing can be said. */
const SMALL_BYTES = 5 * 1024 * 1024;

export function memoryDoctor({ reply, server }: Call): void {
  const { usedBytes, peakBytes, clientsBytes } = server.memory();
  const findings: string[] = [];
  if (usedBytes < SMALL_BYTES) {
    return reply.verbatim('txt', 'The store is nearly empty: there is nothing to examine yet.\n');
  }
  if (peakBytes > usedBytes * 1.5) {
    findings.push('The store once took far more than it does now; its pages are given back.\n');
  }
  if (clientsBytes > usedBytes / 2) findings.push('The connections take as much as the data.\n');
  reply.verbatim(
    'txt',
    findings.length === 0 ? 'Nothing is wrong with memory.\n' : findings.join(''),
  );
}

/** Freed pages are given back as they become free: there is nothing left to purge. */
export function memoryPurge({ reply }: Call): void {
  reply.ok();
}

export function memoryMallocStats({ reply, server }: Call): void {
  const { usedBytes, peakBytes, residentBytes } = server.memory();
  reply.verbatim(
    'txt',
    `store: ${usedBytes} bytes used, ${peakBytes} at most; process: ${residentBytes} resident\n`,
  );
}
