/** Whether the server can be watched: strace, and whom the kernel lets trace whom. */
import { absent, type Finding, limited, type Machine, ok } from './machine.ts';

/** Debian 12's; older ones lack options that the live view uses. */
const OLDEST_STRACE = 6.1;
/** Bit of CAP_SYS_PTRACE in /proc/PID/status (capabilities(7)). */
const CAP_SYS_PTRACE = 19n;
const RECORDER = 'serve --trace FILE records without it';

export function examineStrace(machine: Machine): Finding {
  const { run, platform } = machine;
  if (platform !== 'linux') return absent('strace', `a tool of Linux; ${RECORDER}`);
  const version = /version (\S+)/.exec(run('strace', '-V')?.stdout ?? '')?.[1];
  if (version === undefined) {
    return limited('strace', `not installed; ${RECORDER}`, 'sudo apt-get install strace');
  }
  if (Number.parseFloat(version) < OLDEST_STRACE) {
    return limited(
      'strace',
      `${version} is older than ${OLDEST_STRACE}`,
      'a newer one, or the recorder',
    );
  }
  if (run('strace', '-o', '/dev/null', '-e', 'trace=none', 'true')?.status !== 0) {
    const fix = `docker run --cap-add SYS_PTRACE --security-opt seccomp=unconfined; ${RECORDER}`;
    return limited('strace', `${version}, but ptrace is refused`, fix);
  }
  return ok('strace', `${version}, and it may trace what it starts`);
}

/** Yama's setting, ptrace(2): 0 own processes, 1 own children, 2 with a capability, 3 none. */
export function examineAttaching({ readText, platform }: Machine): Finding {
  const name = 'strace --pid';
  if (platform !== 'linux') return absent(name, 'needs strace');
  const scope = readText('/proc/sys/kernel/yama/ptrace_scope') ?? '0';
  if (scope === '0') return ok(name, 'allowed for processes of the same user');
  const what = `kernel.yama.ptrace_scope is ${scope}`;
  if (scope === '3')
    return limited(name, `${what}: no process may until the next boot`, 'start with strace');
  if (mayTrace(readText)) return ok(name, `allowed: ${what}, but this user has CAP_SYS_PTRACE`);
  const fix = 'sudo strace -p PID, or: sudo sysctl -w kernel.yama.ptrace_scope=0';
  return limited(name, `${what}: only what strace itself started`, fix);
}

function mayTrace(readText: Machine['readText']): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText('/proc/self/status') ?? '')?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << CAP_SYS_PTRACE)) !== 0n;
}
