/**
 * What a server costs, by the kernel's own account: /proc/PID, for all of its processes and
 * threads. Linux alone; elsewhere there is nothing to read and the answer is null.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface Snapshot {
  /** CPU time of all threads, microseconds. */
  readonly cpuUs: number;
  /** Time that they were ready to run and others had the CPU, microseconds. */
  readonly waitedUs: number;
  /** CPU time in ticks of 10 ms, split: coarse, and with that of threads that have ended. */
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly threads: number;
  readonly residentBytes: number;
  /** PID of strace or a debugger that is attached to one of the processes; 0: none is. */
  readonly tracer: number;
}

/** What was spent between two snapshots; the last four are as the second one found them. */
export interface Cost {
  readonly userUs: number;
  readonly systemUs: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly threads: number;
  readonly residentBytes: number;
  readonly tracer: number;
}

/** @returns null where /proc has nothing about one of the processes. */
export function snapshot(pids: readonly number[]): Snapshot | null {
  try {
    const each = pids.map(processSnapshot);
    const sum = (of: (one: ProcessSnapshot) => number) => each.map(of).reduce((a, b) => a + b, 0);
    return {
      cpuUs: sum((one) => one.cpuUs),
      waitedUs: sum((one) => one.waitedUs),
      userTicks: sum((one) => one.userTicks),
      systemTicks: sum((one) => one.systemTicks),
      voluntarySwitches: sum((one) => one.voluntarySwitches),
      involuntarySwitches: sum((one) => one.involuntarySwitches),
      threads: sum((one) => one.threads),
      residentBytes:
        sum((one) => one.ownBytes) + Math.max(0, ...each.map((one) => one.sharedBytes)),
      tracer: Math.max(0, ...each.map((one) => one.tracer)),
    };
  } catch {
    return null;
  }
}

export function costBetween(before: Snapshot | null, after: Snapshot | null): Cost | null {
  if (before === null || after === null) return null;
  const cpuUs = after.cpuUs - before.cpuUs;
  const userTicks = after.userTicks - before.userTicks;
  const ticks = userTicks + after.systemTicks - before.systemTicks;
  // The scheduler knows the sum to the nanosecond; only its split comes in ticks.
  const userShare = ticks === 0 ? 0 : userTicks / ticks;
  return {
    userUs: cpuUs * userShare,
    systemUs: cpuUs * (1 - userShare),
    voluntarySwitches: after.voluntarySwitches - before.voluntarySwitches,
    involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches,
    threads: after.threads,
    residentBytes: after.residentBytes,
    tracer: Math.max(before.tracer, after.tracer),
  };
}

/** How long these CPUs were busy since the start, with whatever; 0 where there is no /proc/stat. */
export function busyMs(cpus: readonly number[]): number {
  const text = tryRead('/proc/stat') ?? '';
  return cpus.map((cpu) => busyTicks(text, cpu) * MS_PER_TICK).reduce((a, b) => a + b, 0);
}

/** user nice system idle iowait irq softirq steal, proc(5): all but the two that are idle. */
function busyTicks(stat: string, cpu: number): number {
  const line = new RegExp(`^cpu${cpu} (.+)$`, 'm').exec(stat)?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(' ')
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** Microseconds that a server had work to do, whether it got a CPU for it or not. */
export function occupiedUs(pids: readonly number[]): number {
  const now = snapshot(pids);
  return now === null ? 0 : now.cpuUs + now.waitedUs;
}

/** A process and all processes that it started, and theirs; none where it has ended. */
export function familyOf(pid: number): number[] {
  const threads = tryThreads(pid);
  if (threads.length === 0) return [];
  return [pid, ...threads.flatMap((thread) => childrenOf(pid, thread)).flatMap(familyOf)];
}

/** The numbers of a process' threads. */
export function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}

function childrenOf(pid: number, thread: number): number[] {
  const text = tryRead(`/proc/${pid}/task/${thread}/children`) ?? '';
  return text.split(' ').map(Number).filter(Boolean);
}

/** CPU microseconds of every thread of these processes, by its number. */
export function threadTimesUs(pids: readonly number[]): Map<number, number> {
  const all = new Map<number, number>();
  for (const pid of pids) {
    for (const thread of tryThreads(pid)) {
      const text = tryRead(`/proc/${pid}/task/${thread}/schedstat`) ?? '0';
      all.set(thread, Number(text.split(' ')[0]) / NS_PER_US);
    }
  }
  return all;
}

function tryThreads(pid: number): number[] {
  try {
    return threadsOf(pid);
  } catch {
    return [];
  }
}

interface ProcessSnapshot extends Omit<Snapshot, 'residentBytes'> {
  /** Of this process alone. */
  readonly ownBytes: number;
  /** Mapped files and shared memory: processes of one server have the same pages. */
  readonly sharedBytes: number;
}

function processSnapshot(pid: number): ProcessSnapshot {
  const [userTicks, systemTicks] = ticksOf(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const threads = threadsOf(pid).map((thread) => threadSnapshot(pid, thread));
  const sum = (field: keyof ThreadSnapshot) => threads.reduce((all, one) => all + one[field], 0);
  return {
    userTicks,
    systemTicks,
    cpuUs: sum('cpuUs'),
    waitedUs: sum('waitedUs'),
    voluntarySwitches: sum('voluntary'),
    involuntarySwitches: sum('involuntary'),
    threads: threads.length,
    ownBytes: field(status, 'RssAnon') * BYTES_PER_KB,
    sharedBytes: (field(status, 'RssFile') + field(status, 'RssShmem')) * BYTES_PER_KB,
    tracer: field(status, 'TracerPid'),
  };
}

/**
 * utime and stime, proc(5). The program's name, in parentheses, may hold anything: count after it.
 */
export function ticksOf(stat: string): [user: number, system: number] {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [Number(fields[11]), Number(fields[12])];
}

interface ThreadSnapshot {
  readonly cpuUs: number;
  readonly waitedUs: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

/** A thread may end between the listing and the look. */
function threadSnapshot(pid: number, thread: number): ThreadSnapshot {
  const folder = `/proc/${pid}/task/${thread}`;
  const schedstat = tryRead(`${folder}/schedstat`) ?? '0 0';
  const [ranNs, waitedNs] = schedstat.split(' ').map(Number);
  const status = tryRead(`${folder}/status`) ?? '';
  return {
    cpuUs: ranNs / NS_PER_US,
    waitedUs: waitedNs / NS_PER_US,
    voluntary: field(status, 'voluntary_ctxt_switches'),
    involuntary: field(status, 'nonvoluntary_ctxt_switches'),
  };
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

const NS_PER_US = 1000;
/** USER_HZ is 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;
const BYTES_PER_KB = 1024;
