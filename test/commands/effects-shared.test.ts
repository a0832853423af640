/** Several threads, or processes, over one store and one log: the log replayed is the same data. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { createRegionFile, mapRegion } from '../../src/server/region.ts';
import { createStoreFiles } from '../../src/server/store-files.ts';
import type { Request } from '../differential/peer.ts';
import { BITS, KEYS, STRINGS, TRANSACTIONS } from '../differential/requests.ts';
import { contentsOf, type Effect, replayed } from './effect-log.ts';

const SCRIPT = fileURLToPath(new URL('./effects-writer.mjs', import.meta.url));
const WRITERS = 4;
const REQUESTS_EACH = 5_000;
const LOG_BYTES = 32 * 2 ** 20;

const MIXED = fc.oneof(
  { weight: 4, arbitrary: STRINGS },
  { weight: 2, arbitrary: BITS },
  { weight: 4, arbitrary: KEYS },
  { weight: 1, arbitrary: TRANSACTIONS },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Request>(['SELECT', '0'], ['SELECT', '1'], ['SWAPDB', '0', '1']),
  },
);

type StoreOptions = Parameters<typeof createStoreFiles>[1];
type Files = ReturnType<typeof createStoreFiles>[0];

interface Task {
  readonly files: Files;
  readonly logFile: number;
  readonly logBytes: number;
  readonly requests: readonly Request[];
}

async function thread(task: Task): Promise<unknown> {
  const worker = new Worker(SCRIPT, { workerData: task });
  const [said] = await once(worker, 'message');
  return said;
}

/** The memfds are its descriptors 3 and 4. */
async function childProcess(task: Task): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT], {
    stdio: ['pipe', 'inherit', 'inherit', task.files.file, task.logFile],
  });
  const inherited = { ...task, files: { ...task.files, file: 3 }, logFile: 4 };
  child.stdin!.end(JSON.stringify(inherited));
  const [status] = await once(child, 'exit');
  return status === 0 ? 'done' : `status ${status}`;
}

function effectsIn({ bytes, words }: ReturnType<typeof mapRegion>): Effect[] {
  const effects: Effect[] = [];
  for (let at = 4; at < words[0] + 4; ) {
    const length = words[at / 4];
    effects.push(JSON.parse(Buffer.from(bytes.subarray(at + 4, at + 4 + length)).toString()));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return effects;
}

test.each([
  ['threads', thread, false],
  ['processes', childProcess, true],
] as const)('effects of %s', { timeout: 120_000 }, async (_name, start, areProcesses) => {
  const options = { databases: 16, maxmemoryBytes: 0, threads: 8 } as StoreOptions;
  const [files, store] = createStoreFiles(posix, options, areProcesses);
  const logFile = createRegionFile(posix, LOG_BYTES);
  const log = mapRegion(posix, logFile, 0, LOG_BYTES);
  const tasks = Array.from({ length: WRITERS }, (_, seed) => ({
    files,
    logFile,
    logBytes: LOG_BYTES,
    requests: fc.sample(MIXED, { seed, numRuns: REQUESTS_EACH }),
  }));
  expect(await Promise.all(tasks.map(start))).toEqual(Array(WRITERS).fill('done'));
  const effects = effectsIn(log);
  expect(effects.length).toBeGreaterThan(WRITERS * 500);
  expect(contentsOf(replayed(effects).store)).toEqual(contentsOf(store));
  store.close();
  posix.close(files.file);
  posix.close(logFile);
});
