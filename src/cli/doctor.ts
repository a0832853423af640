/** `syskv doctor`: what this machine allows, and the fix for what it doesn't. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, release, type } from 'node:os';
import { Command } from 'commander';
import { probeIoUring } from '../drivers/io-uring/probe.ts';
import { examine } from '../observe/doctor/doctor.ts';
import { type Finding, failed, type Machine, ok } from '../observe/doctor/machine.ts';
import type { Posix } from '../posix/posix.ts';
import { findPortHolder } from '../server/port-holder.ts';
import { VERSION } from '../version.ts';
import { integer, MAXIMUM_PORT } from './arguments.ts';
import { renderFindings } from './doctor/render.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Tell what this machine allows a server, and the fix for what it refuses.')
    .option('--port <n>', 'TCP port to check', integer(1, MAXIMUM_PORT), DEFAULT_PORT)
    .addHelpText('after', EXAMPLE)
    .action(run);
}

const EXAMPLE = `
Exits with 1 where a server can't work, 0 where it can, if only within limits.

Example:
  syskv doctor --port 8080`;

async function run({ port }: { port: number }): Promise<void> {
  const findings = await findingsOf(port);
  const { stdout } = process;
  const columns = stdout.isTTY ? stdout.columns : DEFAULT_COLUMNS;
  const isPlain = !stdout.isTTY || Boolean(process.env['NO_COLOR']);
  const machine = `syskv ${VERSION}  Node ${process.versions.node}  ${type()} ${release()}`;
  const lines = renderFindings(findings, { columns, isPlain });
  stdout.write(`${machine}  ${availableParallelism()} CPUs\n\n${lines.join('\n')}\n`);
  process.exitCode = findings.some(({ state }) => state === 'failed') ? 1 : 0;
}

/** The addon itself is the first patient. */
async function findingsOf(port: number): Promise<Finding[]> {
  const posix = await loadPosix();
  if (posix === undefined) {
    return [
      failed(
        'addon',
        'not built for this Node',
        'npm ci (it needs python3, make and a C++ compiler)',
      ),
    ];
  }
  return [ok('addon', 'built for this Node'), ...examine(machineOf(posix), port)];
}

async function loadPosix(): Promise<Posix | undefined> {
  try {
    return (await import('../posix/native.ts')).posix;
  } catch {
    return undefined;
  }
}

function machineOf(posix: Posix): Machine {
  return {
    platform: process.platform,
    posix,
    ioUringRefusal: probeIoUring(posix),
    readText,
    run(command, ...args) {
      const { error, status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
      return error === undefined ? { status, stdout } : undefined;
    },
    portHolder: findPortHolder,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

const DEFAULT_PORT = 6379;
const DEFAULT_COLUMNS = 80;
