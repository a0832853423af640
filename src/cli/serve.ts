/** `syskv serve`: runs a server in the foreground. */
import { writeSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { TRANSFERS } from '../drivers/transfer.ts';
import { posix } from '../posix/native.ts';
import { createBoard } from '../server/board.ts';
import { explainFatal } from '../server/fatal.ts';
import { MODE_NAMES, MODES } from '../server/modes.ts';
import { DEFAULT_OPTIONS, LOG_LEVELS, type ServerOptions } from '../server/options.ts';
import { PROTOCOL_NAMES } from '../server/protocols.ts';
import { type Ready, serve } from '../server/serve.ts';
import { VERSION } from '../version.ts';

export function serveCommand(): Command {
  const defaults = DEFAULT_OPTIONS;
  return new Command('serve')
    .description('Serve until Ctrl+C. A second Ctrl+C ends at once.')
    .addOption(choice('--mode <model>', 'the I/O model', MODE_NAMES, defaults.mode))
    .addOption(choice('--io <call>', 'the pair of calls', Object.keys(TRANSFERS), defaults.io))
    .addOption(choice('--protocol <name>', 'what is spoken', PROTOCOL_NAMES, defaults.protocol))
    .option('--threads <n>', 'threads that serve (default: by mode)', integer(0, 1023), 0)
    .option('--bind <address>', 'numeric IPv4 or IPv6 address', defaults.bind)
    .option('--port <number>', 'TCP port; 0 for any free one', integer(0, 65_535), defaults.port)
    .option('--unixsocket <path>', 'listen on a UNIX socket instead', defaults.unixsocket)
    .option('--tcp-backlog <n>', 'clients that wait in the kernel', integer(0, INT_MAX), 511)
    .option('--databases <n>', 'databases for SELECT', integer(1, 16), defaults.databases)
    .option('--maxmemory <bytes>', 'limit of the store: 100mb, 2gb', bytes, 0)
    .addOption(choice('--loglevel <level>', 'how much is logged', LOG_LEVELS, defaults.loglevel))
    .addHelpText('after', EXAMPLE)
    .action(run);
}

const EXAMPLE = `
Example:
  syskv serve --mode blocking --port 6379
  strace -p PID -e trace=accept4,recvmsg,sendmsg -tt`;

async function run(flags: ServerOptions & { maxmemory: number }): Promise<void> {
  const { maxmemory, ...rest } = flags;
  const options: ServerOptions = { ...rest, maxmemoryBytes: maxmemory };
  try {
    const board = createBoard(posix);
    const aborted = new AbortController().signal;
    const ready = (what: Ready) => announce(options, what);
    await serve({ posix, options, board, signals: true, ready, aborted });
  } catch (error) {
    for (const line of explainFatal(error, options)) writeSync(STDERR, `${line}\n`);
    process.exit(1);
  }
  process.exit(0);
}

/** Written at once: while a driver runs, Node's own stdout stands still. */
function announce({ mode, io, protocol }: ServerOptions, ready: Ready): void {
  const { listener, pids, threaded } = ready;
  const target = `${threaded ? '-f ' : ''}-p ${pids.join(',')}`;
  const lines = [
    `syskv ${VERSION}  mode ${mode} (${MODES[mode].summary})`,
    `protocol ${protocol}  io ${io}  pid ${process.pid}`,
    `watch it:  strace ${target} -e trace=accept4,${TRACED[io]} -tt`,
    `listening on ${listener.name}`,
  ];
  writeSync(STDOUT, `${lines.join('\n')}\n`);
}

/** Each pair as strace names it: glibc's recv and send are the kernel's recvfrom and sendto. */
const TRACED: Readonly<Record<string, string>> = {
  recvmsg: 'recvmsg,sendmsg',
  recv: 'recvfrom,sendto',
  read: 'read,write',
  readv: 'readv,writev',
  recvfrom: 'recvfrom,sendto',
  recvmmsg: 'recvmmsg,sendmmsg',
};

function choice(flag: string, what: string, names: readonly string[], otherwise: string): Option {
  return new Option(flag, what).choices(names).default(otherwise);
}

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Must be an integer from ${least} to ${most}.`);
  };
}

/** As redis.conf words sizes: 1k is 1000 bytes, 1kb is 1024. */
function bytes(text: string): number {
  const match = /^(\d+)([kmg]?)(b?)$/i.exec(text);
  if (match === null)
    throw new InvalidArgumentError('Must be a size such as 1048576, 100mb or 2gb.');
  const power = ['', 'k', 'm', 'g'].indexOf(match[2].toLowerCase());
  return Number(match[1]) * (match[3] === '' ? 1000 : 1024) ** power;
}

const INT_MAX = 2 ** 31 - 1;
const STDOUT = 1;
const STDERR = 2;
