/**
 * The floors: what the kernel costs by itself, in C, with a constant answer and no store. One is an
 * epoll loop, one has a thread for each connection (bench/peers). Built when they are wanted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../paths.ts';
import { MGET_KEYS } from '../load/batch.ts';
import type { Shape } from '../scenarios.ts';
import { launch } from './server-process.ts';
import type { Limit, Target } from './target.ts';

export const FLOOR = 'floor';
export const FLOOR_THREADS = 'floor-threads';

const BINARIES = packageFile('build/bench');
const SHARED_SOURCE = packageFile('bench/peers/floor.h');
/** As redis-server is built, less its last few percent. */
const COMPILER_FLAGS: readonly string[] = ['-O2', '-Wall', '-Wextra', '-pthread'];
/** MOST_THREADS of floor-threads.c. */
const THREADS = 64;

export function floor(): Target {
  return floorOf(FLOOR, 'epoll in C', null);
}

export function floorThreads(): Target {
  const why = `each client keeps one of its ${THREADS} threads`;
  const limit = { clients: THREADS, ownNeed: 0, why };
  return floorOf(FLOOR_THREADS, 'a thread for each connection in C', limit);
}

function floorOf(name: string, what: string, limit: Limit | null): Target {
  const source = packageFile(`bench/peers/${name}.c`);
  return {
    name,
    reference: true,
    isPrecompiled: true,
    isFloor: true,
    refusal: compiler() === '' ? 'needs a C compiler: sudo apt-get install gcc' : '',
    limit,
    description: `${what}, a constant answer, no store (${compiler()})`,
    start: async (shape) => {
      return launch({
        command: built(name, source),
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

let compilerVersion: string | undefined;

/** `cc (Debian 12.2.0-14) 12.2.0`; '' where there is none. */
function compiler(): string {
  if (compilerVersion === undefined) {
    const { stdout, status } = spawnSync('cc', ['--version'], { encoding: 'utf8' });
    compilerVersion = status === 0 ? stdout.split('\n')[0] : '';
  }
  return compilerVersion;
}

/** @returns the program, compiled where the one that is there is older than its sources. */
function built(name: string, source: string): string {
  const binary = join(binaryFolder(), name);
  if (changedMs(binary) > Math.max(changedMs(source), changedMs(SHARED_SOURCE))) return binary;
  // Built beside and moved: a run that starts it meanwhile has the old one or the new one.
  const unfinished = `${binary}.${process.pid}`;
  execFileSync('cc', [...COMPILER_FLAGS, '-o', unfinished, source], { stdio: 'pipe' });
  renameSync(unfinished, binary);
  return binary;
}

let ownFolder: string | undefined;

/** Within the package; where that is another user's, a folder that ends with this process. */
function binaryFolder(): string {
  try {
    mkdirSync(BINARIES, { recursive: true });
    accessSync(BINARIES, constants.W_OK);
    return BINARIES;
  } catch {
    if (ownFolder === undefined) {
      const made = mkdtempSync(join(tmpdir(), 'syskv-floor-'));
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
      ownFolder = made;
    }
    return ownFolder;
  }
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
