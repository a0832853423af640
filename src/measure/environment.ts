/** Where the figures come from: a figure without its machine says nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { packageFile } from '../paths.ts';
import { VERSION } from '../version.ts';
import type { Pinning } from './affinity.ts';
import { serverNodeVersion } from './targets/server-node.ts';

export interface Environment {
  readonly date: string;
  readonly platform: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  /** The servers' version of Node. */
  readonly node: string;
  readonly syskv: string;
  /** Abbreviated, with `+` where files were changed; '' outside of a git checkout. */
  readonly commit: string;
  /** What sets the CPU's frequency; '' where the kernel does not say. */
  readonly governor: string;
  readonly serverCpus: readonly number[];
  readonly clientCpus: readonly number[];
}

export function environment(pinning: Pinning): Environment {
  return {
    date: new Date().toISOString(),
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
    node: serverNodeVersion(),
    syskv: VERSION,
    commit: commit(),
    governor: governor(),
    serverCpus: pinning.serverCpus,
    clientCpus: pinning.clientCpus,
  };
}

/** Of the package's own checkout, not of whatever repository it may be installed into. */
function commit(): string {
  const root = packageFile('.');
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    if (git('rev-parse', '--show-prefix') !== '') return '';
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return '';
  }
}

function governor(): string {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').trim();
  } catch {
    return '';
  }
}
