/**
 * What is measured: one cell is one way of loading a server. Its name says how: `get-32b-p16`, and
 * what differs from 50 clients, uniform keys and 100 k of them: `get-32b-p64-c1000-zipf-5m`.
 */
import type { Operation } from '../measure/load/job.ts';
import { canRedisBenchmark } from '../measure/redis-benchmark.ts';
import type { Shape } from '../measure/scenarios.ts';

export interface BenchCell {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** Open loops at these shares of the reference's peak. */
  readonly loadShares: readonly number[];
  /** Whether redis-benchmark can make this load. */
  readonly byRedisBenchmark: boolean;
  /** Both loads are measured here, to see how far they differ. */
  readonly common: boolean;
  /** Only these peers, where they were asked for or not; absent: all that were asked for. */
  readonly peers?: readonly string[];
}

/** Half and half is an operation like the others here. */
type Mix = 'ping' | 'set' | 'get' | 'mixed' | 'mget' | 'incr';

interface Choice {
  readonly mix: Mix;
  readonly valueBytes?: number;
  readonly pipeline?: number;
  readonly connections?: number;
  readonly idle?: number;
  readonly distribution?: 'uniform' | 'zipf';
  readonly keys?: number;
  readonly loadShares?: readonly number[];
  readonly peers?: readonly string[];
}

const MIXES: Readonly<Record<Mix, readonly [title: string, operations: readonly Operation[]]>> = {
  ping: ['PING', ['PING']],
  set: ['SET', ['SET']],
  get: ['GET', ['GET']],
  mixed: ['half SET, half GET', ['SET', 'GET']],
  mget: ['MGET of 10 keys', ['MGET']],
  incr: ['INCR', ['INCR']],
};

export const KIBIBYTE = 1024;
export const MEBIBYTE = 1024 ** 2;
const USUAL_VALUE_BYTES = 32;
const USUAL_CONNECTIONS = 50;
const USUAL_KEYS = 100_000;
export const MANY_KEYS = 5_000_000;
/** Busy clients beside MANY_IDLE silent ones: 10,000 in all. */
const FEW_BUSY = 10;
export const MANY_IDLE = 9990;
const MANY_BUSY = 1000;
/** Large values are few, so that all peers' data fit into the memory of a small machine. */
const MOST_DATA_BYTES = 128 * MEBIBYTE;
/** Where GET is as usual and clients are many: both loads can do it well. */
const COMMON_CELL = 'get-32b-p16';
export const MAIN_SHARE = 0.7;
const ALL_SHARES: readonly number[] = [0.5, MAIN_SHARE, 0.9];

/** What a run measures unless it is told otherwise: some minutes. */
export function shortCells(): BenchCell[] {
  const loadShares = [MAIN_SHARE];
  return [
    cell({ mix: 'set', loadShares }),
    cell({ mix: 'get', loadShares }),
    cell({ mix: 'set', pipeline: 16 }),
    cell({ mix: 'get', pipeline: 16 }),
    cell({ mix: 'set', pipeline: 64 }),
    cell({ mix: 'get', pipeline: 64 }),
    cell({ mix: 'mget', pipeline: 16 }),
    cell({ mix: 'get', valueBytes: 16 * KIBIBYTE }),
    cell({ mix: 'mixed', connections: FEW_BUSY, idle: MANY_IDLE }),
  ];
}

/** Every value of every dimension, each with what it interacts with. */
export function fullCells(): BenchCell[] {
  return [
    ...everyOperation(),
    ...everySize(),
    ...everyCrowd(),
    ...(['set', 'get'] as const).flatMap(everyKeySpace),
  ];
}

function everyOperation(): BenchCell[] {
  return (Object.keys(MIXES) as Mix[]).flatMap((mix) => [
    cell({ mix, loadShares: ALL_SHARES }),
    cell({ mix, pipeline: 16, loadShares: [MAIN_SHARE] }),
    cell({ mix, pipeline: 64, loadShares: [MAIN_SHARE] }),
  ]);
}

/** A pipeline of large values measures the sockets' buffers. */
function everySize(): BenchCell[] {
  return (['set', 'get'] as const).flatMap((mix) => [
    cell({ mix, valueBytes: KIBIBYTE, loadShares: [MAIN_SHARE] }),
    cell({ mix, valueBytes: KIBIBYTE, pipeline: 16 }),
    cell({ mix, valueBytes: KIBIBYTE, pipeline: 64 }),
    cell({ mix, valueBytes: 16 * KIBIBYTE, loadShares: [MAIN_SHARE] }),
    cell({ mix, valueBytes: 16 * KIBIBYTE, pipeline: 16 }),
    cell({ mix, valueBytes: MEBIBYTE }),
  ]);
}

function everyCrowd(): BenchCell[] {
  return [
    cell({ mix: 'mixed', connections: 1, loadShares: [MAIN_SHARE] }),
    cell({ mix: 'mixed', connections: 1, pipeline: 16 }),
    cell({ mix: 'mixed', connections: MANY_BUSY, loadShares: [MAIN_SHARE] }),
    cell({ mix: 'mixed', connections: MANY_BUSY, pipeline: 16 }),
    cell({ mix: 'mixed', connections: FEW_BUSY, idle: MANY_IDLE }),
  ];
}

function everyKeySpace(mix: Mix): BenchCell[] {
  return [
    cell({ mix, distribution: 'zipf' }),
    cell({ mix, pipeline: 64, distribution: 'zipf' }),
    cell({ mix, keys: MANY_KEYS }),
    cell({ mix, pipeline: 64, keys: MANY_KEYS }),
    cell({ mix, keys: MANY_KEYS, distribution: 'zipf' }),
    cell({ mix, pipeline: 64, keys: MANY_KEYS, distribution: 'zipf' }),
  ];
}

const MODES: readonly string[] = ['epoll', 'io_uring'];
const AGAINST_REDIS: readonly string[] = [...MODES, 'redis-server'];
const AGAINST_BOTH: readonly string[] = [...AGAINST_REDIS, 'node-net'];
/** One thread and two, which share the store. */
export const THREADED: readonly string[] = ['epoll', 'epoll:2'];

/** What the goals are about, and nobody else. */
export function goalCells(): BenchCell[] {
  const each = (choice: Omit<Choice, 'mix'>) =>
    (['set', 'get'] as const).map((mix) => cell({ mix, ...choice }));
  return [
    ...each({ pipeline: 64, peers: AGAINST_BOTH }),
    ...each({ pipeline: 16, peers: AGAINST_BOTH }),
    ...each({ loadShares: [MAIN_SHARE], peers: AGAINST_REDIS }),
    cell({ mix: 'mixed', connections: FEW_BUSY, idle: MANY_IDLE, peers: MODES }),
    cell({ mix: 'mixed', pipeline: 16, peers: THREADED }),
    ...each({ pipeline: 64, keys: MANY_KEYS, peers: AGAINST_REDIS }),
  ];
}

function cell(choice: Choice): BenchCell {
  const shape = shapeOf(choice);
  const name = nameOf(choice, shape);
  return {
    name,
    title: titleOf(choice, shape),
    shape,
    loadShares: choice.loadShares ?? [],
    byRedisBenchmark: canRedisBenchmark(shape),
    common: name === COMMON_CELL,
    ...(choice.peers === undefined ? {} : { peers: choice.peers }),
  };
}

function shapeOf(choice: Choice): Shape {
  const { mix, valueBytes = USUAL_VALUE_BYTES, keys = USUAL_KEYS } = choice;
  const affordable = Math.floor(MOST_DATA_BYTES / valueBytes);
  return {
    workload: {
      mix: MIXES[mix][1],
      valueBytes,
      keys: keys === MANY_KEYS ? keys : Math.min(keys, affordable),
      distribution: choice.distribution ?? 'uniform',
    },
    connections: choice.connections ?? USUAL_CONNECTIONS,
    idle: choice.idle ?? 0,
    pipeline: choice.pipeline ?? 1,
    reconnect: false,
    disturbance: 'none',
  };
}

function nameOf({ mix, keys }: Choice, shape: Shape): string {
  const { workload, connections, idle, pipeline } = shape;
  return [
    ...[mix, shortBytes(workload.valueBytes), `p${pipeline}`],
    ...(idle === 0 && connections !== USUAL_CONNECTIONS ? [`c${connections}`] : []),
    ...(idle === 0 ? [] : [`idle${idle}`]),
    ...(workload.distribution === 'zipf' ? ['zipf'] : []),
    ...(keys === MANY_KEYS ? ['5m'] : []),
  ].join('-');
}

function titleOf({ mix, keys }: Choice, shape: Shape): string {
  const { workload, connections, idle, pipeline } = shape;
  const number = (value: number) => value.toLocaleString('en-US');
  return [
    MIXES[mix][0],
    ...(mix === 'ping' || mix === 'incr' ? [] : [`${longBytes(workload.valueBytes)} values`]),
    `pipeline ${pipeline}`,
    connections === 1 ? '1 client' : `${number(connections)} clients`,
    ...(idle === 0 ? [] : [`${number(idle)} idle ones`]),
    ...(workload.distribution === 'zipf' ? ['Zipf'] : []),
    ...(keys === MANY_KEYS ? ['5 M keys'] : []),
  ].join(', ');
}

function shortBytes(value: number): string {
  if (value >= MEBIBYTE) return `${value / MEBIBYTE}m`;
  return value >= KIBIBYTE ? `${value / KIBIBYTE}k` : `${value}b`;
}

function longBytes(value: number): string {
  if (value >= MEBIBYTE) return `${value / MEBIBYTE} MiB`;
  return value >= KIBIBYTE ? `${value / KIBIBYTE} KiB` : `${value} B`;
}
