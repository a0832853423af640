/** INFO server and INFO cpu: the process, and what it runs on. */
import { readFileSync } from 'node:fs';
import { machine, release, type as systemName } from 'node:os';
import { REDIS_VERSION } from '../commands/version.ts';
import { VERSION } from '../version.ts';
import { SERVING } from './board.ts';
import { monotonicMs } from './clock.ts';
import type { Fields, InfoSource } from './info.ts';

export function serverSection(source: InfoSource, nowMs: number): Fields {
  const { options, board, settings, upSinceMs, runId } = source;
  const uptimeSeconds = Math.floor((monotonicMs() - upSinceMs) / 1000);
  return {
    redis_version: REDIS_VERSION,
    redis_git_sha1: '00000000',
    redis_git_dirty: 0,
    redis_build_id: '0',
    redis_mode: 'standalone',
    os: `${systemName()} ${release()} ${machine()}`,
    arch_bits: 64,
    monotonic_clock: 'POSIX clock_gettime',
    multiplexing_api: options.mode,
    atomicvar_api: 'Atomics',
    gcc_version: '0.0.0',
    process_id: process.pid,
    process_supervised: 'no',
    run_id: runId,
    tcp_port: options.listen[0].port,
    server_time_usec: nowMs * 1000,
    uptime_in_seconds: uptimeSeconds,
    uptime_in_days: Math.floor(uptimeSeconds / 86_400),
    hz: settings.get('hz'),
    configured_hz: settings.get('hz'),
    lru_clock: Math.floor(nowMs / 1000) & 0xffffff,
    executable: process.execPath,
    config_file: '',
    io_threads_active: 0,
    syskv_version: VERSION,
    syskv_mode: options.mode,
    syskv_io: options.io,
    syskv_threads: options.threads,
    syskv_threads_running: board.threadsIn(SERVING),
    syskv_threads_lost: board.threadsLost,
    node_version: process.versions.node,
  };
}

export function cpuSection(): Fields {
  const { user, system } = process.cpuUsage();
  return {
    used_cpu_sys: (system / 1e6).toFixed(6),
    used_cpu_user: (user / 1e6).toFixed(6),
    used_cpu_sys_children: '0.000000',
    used_cpu_user_children: '0.000000',
    ...mainThreadSeconds(),
  };
}

/** The kernel tells CPU times of threads in hundredths of a second. */
const TICKS_A_SECOND = 100;
/** Of proc_pid_stat(5), counted from behind the name in parentheses, which may hold anything. */
const USER_TICKS = 11;

/** Of the main thread alone, whichever thread is asked; absent where there is no /proc. */
function mainThreadSeconds(): Fields {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = (ticks: string) => (Number(ticks) / TICKS_A_SECOND).toFixed(6);
    return {
      used_cpu_sys_main_thread: seconds(fields[USER_TICKS + 1]),
      used_cpu_user_main_thread: seconds(fields[USER_TICKS]),
    };
  } catch {
    return {};
  }
}
