/** A server within a measurement: what stands in its way is kept, and nobody else suffers. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { UNPINNED } from '../../src/measure/affinity.ts';
import { Entrant, type Timing } from '../../src/measure/entrant.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';
import { syskv } from '../../src/measure/targets/syskv.ts';
import { posix } from '../../src/posix/native.ts';

const [{ shape }] = SCENARIOS;
const TIMING: Timing = {
  ...{ warmUpMs: 0, durationMs: 50, warmingMs: 1000, seed: 1 },
  pinning: UNPINNED,
};
const LIMIT_MS = 60_000;

async function started(signal: AbortSignal): Promise<Entrant> {
  const about = { mode: 'epoll', summary: '', refusal: '', limit: null };
  const entrant = new Entrant(syskv(about));
  onTestFinished(() => entrant.stop());
  await entrant.start(posix, shape, TIMING.pinning, signal);
  return entrant;
}

describe('a server that ends by itself', { timeout: LIMIT_MS }, () => {
  test('has failed, with how it ended as the reason', async () => {
    const { signal } = new AbortController();
    const entrant = await started(signal);
    const [pid] = entrant.running!.pids();
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => entrant.running!.fate()).toBe('SIGKILL');
    expect(entrant.running!.pids()).toEqual([]);
    expect(await entrant.load(entrant.job(shape, TIMING), signal)).toBe(null);
    expect(entrant).toMatchObject({ outcome: 'failed', reason: 'it ended with SIGKILL' });
  });

  test('after the run was stopped has not failed: Ctrl+C reaches servers, too', async () => {
    const stop = new AbortController();
    const entrant = await started(stop.signal);
    const [pid] = entrant.running!.pids();
    stop.abort();
    process.kill(pid, 'SIGINT');
    await expect.poll(() => entrant.running!.fate(), { timeout: 10_000 }).not.toBe('');
    expect(await entrant.load(entrant.job(shape, TIMING), stop.signal)).toBe(null);
    expect(entrant.outcome).toBe('measured');
  });
});
