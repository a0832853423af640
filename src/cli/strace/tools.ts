/** Whether strace is there and may trace, and what to do where it may not. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** '' where strace can start a program under itself; else one line that says what to do. */
export function refusalToRun(): string {
  const { error, status } = spawnSync('strace', [
    '-qq',
    '-e',
    'trace=none',
    '-o',
    '/dev/null',
    'true',
  ]);
  if (error !== undefined) return NOT_INSTALLED;
  if (status === 0) return '';
  return 'ptrace is refused here: in a container, docker run --cap-add SYS_PTRACE';
}

/** '' where strace can attach to this process; else one line. */
export function refusalToAttach(pid: number): string {
  if (spawnSync('strace', ['-V']).error !== undefined) return NOT_INSTALLED;
  if (!exists(pid)) return `there is no process ${pid}`;
  const scope = restriction();
  if (scope === 0 || (scope < FORBIDDEN && process.geteuid?.() === 0)) return '';
  return scope >= FORBIDDEN
    ? 'ptrace is switched off until the next boot (kernel.yama.ptrace_scope = 3)'
    : 'only its parent may trace a process here: sudo sysctl kernel.yama.ptrace_scope=0';
}

const NOT_INSTALLED = 'strace is not installed: sudo apt-get install strace';

/** Yama's levels, ptrace(2): at 3 nobody may trace. */
const FORBIDDEN = 3;

function restriction(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8'));
  } catch {
    return 0;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process, or, of a server whose children serve, these. */
export function serversOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [pid, ...text.split(' ').map(Number).filter(Boolean)];
  } catch {
    return [pid];
  }
}
