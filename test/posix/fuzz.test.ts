/**
 * Whatever JavaScript passes, the process lives: each call with anything at all, in a child
 * process.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { NO_FD } from './descriptors.ts';
import { SIGNATURES } from './signatures.ts';

const SCRIPT = fileURLToPath(new URL('fuzz.mjs', import.meta.url));
const ADDON =
  process.env['SYSKV_ADDON'] ??
  fileURLToPath(new URL('../../build/Release/syskv.node', import.meta.url));
const RUNS_PER_CALL = 300;

/** Runs in a folder of its own: open and unlink get paths within it. */
function fuzz(): Promise<{ status: number | null; signal: string | null; output: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'syskv-'));
  const shapes = SIGNATURES.map(({ call, parameters }) => [
    call,
    parameters.map(({ kind, value }) => (value === NO_FD ? 'fd' : kind)),
  ]);
  const args = [SCRIPT, ADDON, JSON.stringify(shapes), String(RUNS_PER_CALL)];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(cwd, { recursive: true });
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, output }));
  });
}

test('no call crashes, hangs or leaks', { timeout: 120_000 }, async () => {
  const { status, signal, output } = await fuzz();
  expect({ status, signal }).toEqual({ status: 0, signal: null });
  const { answered, threw } = JSON.parse(output);
  expect(answered + threw).toBe(SIGNATURES.length * RUNS_PER_CALL);
  expect(answered).toBeGreaterThan(1000);
});
