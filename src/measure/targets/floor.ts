/**
 * The floor: a loop in C that answers a constant (bench/peers/floor.c), built when it is wanted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { packageFile } from '../../paths.ts';
import { MGET_KEYS } from '../load/batch.ts';
import type { Shape } from '../scenarios.ts';
import { launch } from './server-process.ts';
import type { Target } from './target.ts';

const SOURCE = packageFile('bench/peers/floor.c');
const BINARY = packageFile('build/bench/floor');
/** As redis-server is built, less its last few percent. */
const COMPILER_FLAGS: readonly string[] = ['-O2', '-Wall', '-Wextra'];

export function floor(): Target {
  return {
    name: 'floor',
    reference: true,
    refusal: compiler() === '' ? 'needs a C compiler: sudo apt-get install gcc' : '',
    limit: '',
    description: `epoll in C, a constant answer, no store (${compiler()})`,
    start: async (shape) => {
      build();
      return launch({
        command: BINARY,
        arguments: ['0', ...replyOf(shape)],
        listening: /^listening on .*:(\d+)\n/m,
        port: 0,
      });
    },
  };
}

/** As long as the right answer: bulk strings, and bytes in each. A mixture has that of SET. */
function replyOf(shape: Shape | undefined): [bulks: string, bytes: string] {
  const { mix, valueBytes } = shape?.workload ?? { mix: ['PING'], valueBytes: 0 };
  const bulks = mix.length > 1 ? 0 : ({ GET: 1, MGET: MGET_KEYS }[mix[0] as string] ?? 0);
  return [String(bulks), String(valueBytes)];
}

/** `cc (Debian 12.2.0-14) 12.2.0`; '' where there is none. */
function compiler(): string {
  const { stdout, status } = spawnSync('cc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : '';
}

function build(): void {
  if (changedMs(BINARY) > changedMs(SOURCE)) return;
  mkdirSync(dirname(BINARY), { recursive: true });
  // Built beside and moved: who starts it meanwhile has the old one or the new one.
  const unfinished = `${BINARY}.${process.pid}`;
  execFileSync('cc', [...COMPILER_FLAGS, '-o', unfinished, SOURCE], { stdio: 'pipe' });
  renameSync(unfinished, BINARY);
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
