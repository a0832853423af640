/** Runs a program to its end, with what it is to read, and returns what it wrote. */
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { DEADLINE_MS, within } from './deadline.ts';

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export async function run(
  command: string,
  commandArguments: readonly string[],
  input = '',
  deadlineMs = DEADLINE_MS,
): Promise<Outcome> {
  const child = spawn(command, commandArguments);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // A program that ends without reading its input is judged by what it wrote.
  child.stdin.on('error', () => {});
  child.stdin.end(input, 'latin1');
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  const soFar = () => `which wrote: ${stdout}${stderr}`;
  return within(`the end of ${command}`, ended, soFar, deadlineMs);
}
