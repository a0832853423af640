/**
 * The load process. It reads a job from stdin, connects, says so, and waits for a line before it
 * measures, and for another one before it closes: what happens in between is the measured load
 * alone, which is what a tracer is to see.
 */
import { readSync, writeSync } from 'node:fs';
import { posix } from '../../posix/native.ts';
import { pin } from '../affinity.ts';
import { fill } from '../load/fill.ts';
import { Generator } from '../load/generator.ts';
import type { LoadJob } from '../load/job.ts';

const STDIN = 0;
const STDOUT = 1;

/** One line, without its end; undefined once the other side is gone. */
function readLine(): string | undefined {
  const byte = new Uint8Array(1);
  const bytes: number[] = [];
  while (readSync(STDIN, byte) === 1) {
    if (byte[0] === 0x0a) return Buffer.from(bytes).toString('utf8');
    bytes.push(byte[0]);
  }
  return undefined;
}

function say(what: object): void {
  const bytes = Buffer.from(`${JSON.stringify(what)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
}

function serve(job: LoadJob): void {
  const { SIGINT, SIG_IGN } = posix.constants;
  // Ctrl+C goes to everybody in the terminal; the parent process ends this one when it is due.
  posix.sigaction(SIGINT, SIG_IGN, 0);
  pin(posix, [process.pid], job.cpus);
  if (job.fill) fill(posix, job);
  const generator = new Generator(posix, job);
  const whole = generator.open();
  say({ ready: whole });
  if (readLine() === undefined) return;
  say(whole ? generator.run() : generator.incomplete());
  readLine();
  generator.end();
}

const line = readLine();
if (line !== undefined) serve(JSON.parse(line));
