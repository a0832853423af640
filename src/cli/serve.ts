/** `syskv serve`: runs a server in the foreground. */
import { writeSync } from 'node:fs';
import { Command } from 'commander';
import { TRANSFERS } from '../drivers/transfer.ts';
import { posix as native } from '../posix/native.ts';
import { createBoard } from '../server/board.ts';
import { inlineMore } from '../server/compiler.ts';
import { explainFatal, UsageError } from '../server/fatal.ts';
import { nameOf } from '../server/listeners.ts';
import { chooseMode, MODE_CHOICES, type ModeChoice, modeOf } from '../server/modes.ts';
import {
  DEFAULT_BIND,
  DEFAULT_OPTIONS,
  type Endpoint,
  LOG_LEVELS,
  POLICIES,
  type PolicyName,
  type ServerOptions,
} from '../server/options.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../server/protocols.ts';
import { startRecording } from '../server/recording.ts';
import { type Ready, serve } from '../server/serve.ts';
import { VERSION } from '../version.ts';
import {
  address,
  bytes,
  choice,
  endpointOf,
  endpoints,
  httpHosts,
  integer,
  MAXIMUM_PORT,
  permissions,
  socketPath,
  word,
} from './arguments.ts';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Serve until Ctrl+C. A second Ctrl+C ends at once.')
    .addHelpText('after', EXAMPLE)
    .action(run);
  addModel(command);
  addListening(command);
  addLimits(command);
  return command;
}

const EXAMPLE = `
Example:
  syskv serve --mode blocking --port 6379
  strace -p PID -e trace=accept4,recvmsg,sendmsg -tt`;

function addModel(command: Command): void {
  const { mode, io, loglevel } = DEFAULT_OPTIONS;
  command
    .optionsGroup('Model:')
    .addOption(choice('--mode <model>', 'I/O model', MODE_CHOICES, mode))
    .addOption(choice('--io <call>', 'system call that receives', Object.keys(TRANSFERS), io))
    .option(
      '--threads <n>',
      'threads (prefork: processes) [by mode]',
      integer(1, MAXIMUM_THREADS),
      0,
    )
    .addOption(choice('--loglevel <level>', 'lowest level that is logged', LOG_LEVELS, loglevel))
    .option('--trace <file>', 'record the system calls in this file', '');
}

function addListening(command: Command): void {
  const { tcpBacklog, tcpKeepaliveSeconds } = DEFAULT_OPTIONS;
  command
    .optionsGroup('Network:')
    .addOption(choice('--protocol <name>', 'protocol', PROTOCOL_NAMES, 'resp'))
    .option('--bind <address>', 'numeric IPv4 or IPv6 address', address, DEFAULT_BIND)
    .option('--port <n>', 'TCP port, 0: any free [6379, http 1729]', integer(0, MAXIMUM_PORT))
    .option('--unixsocket <path>', 'UNIX socket to listen on, instead of TCP', socketPath, '')
    .option('--unixsocketperm <mode>', 'octal permissions of the socket [umask]', permissions, 0)
    .option('--listen <url>', 'resp://host:port, line:/path; repeatable', endpoints)
    .option('--tcp-backlog <n>', BACKLOG_HELP, integer(0, INT_MAX), tcpBacklog)
    .option('--tcp-keepalive <seconds>', KEEPALIVE_HELP, integer(0, 32_767), tcpKeepaliveSeconds)
    .option('--http-close', 'close after each HTTP response', false)
    .option('--http-host <name>', 'accepted HTTP Host name; repeatable', httpHosts, []);
}

const BACKLOG_HELP = 'most clients in the accept queue';
const KEEPALIVE_HELP = 'idle time before keepalive probes';

function addLimits(command: Command): void {
  const defaults = DEFAULT_OPTIONS;
  const { clientQueryBufferLimitBytes, protoMaxBulkBytes, clientOutputBufferLimitBytes } = defaults;
  command
    .optionsGroup('Limits:')
    .option(
      '--maxclients <n>',
      'most clients connected at once',
      integer(1, INT_MAX),
      defaults.maxclients,
    )
    .option('--timeout <seconds>', IDLE_HELP, integer(0, INT_MAX), 0)
    .option('--request-timeout <seconds>', SILENCE_HELP, integer(0, INT_MAX), 60)
    .option(
      '--client-query-buffer-limit <bytes>',
      'longest unfinished request',
      bytes,
      clientQueryBufferLimitBytes,
    )
    .option(
      '--proto-max-bulk-len <bytes>',
      'longest argument of a request',
      bytes,
      protoMaxBulkBytes,
    )
    .option(
      '--client-output-buffer-limit <bytes>',
      'most unread replies of a client',
      bytes,
      clientOutputBufferLimitBytes,
    )
    .option('--maxmemory-clients <bytes>', 'unfinished requests of all clients [1gb]', bytes, 0)
    .option(
      '--databases <n>',
      'number of databases, for SELECT',
      integer(1, 16),
      defaults.databases,
    )
    .option('--maxmemory <bytes>', 'memory for the data, as 100mb [no limit]', bytes, 0)
    .option('--maxmemory-policy <name>', EVICTION_HELP, word(POLICIES), defaults.maxmemoryPolicy)
    .option('--requirepass <password>', 'password that AUTH has to give', '')
    .option('--protected-mode <yes|no>', PROTECTED_HELP, word(['yes', 'no']), 'yes');
}

const IDLE_HELP = 'close clients idle for this time [never]';
const SILENCE_HELP = 'longest silence within a request';
const EVICTION_HELP = 'keys to evict at maxmemory';
const PROTECTED_HELP = 'no password: local clients only';

/** What commander makes of the flags. */
interface Flags
  extends Pick<
    ServerOptions,
    | 'io'
    | 'threads'
    | 'loglevel'
    | 'tcpBacklog'
    | 'httpClose'
    | 'maxclients'
    | 'databases'
    | 'trace'
  > {
  mode: ModeChoice;
  protocol: ProtocolName;
  bind: string;
  port?: number;
  unixsocket: string;
  listen?: Endpoint[];
  unixsocketperm: number;
  tcpKeepalive: number;
  httpHost: readonly string[];
  timeout: number;
  requestTimeout: number;
  clientQueryBufferLimit: number;
  protoMaxBulkLen: number;
  clientOutputBufferLimit: number;
  maxmemoryClients: number;
  maxmemory: number;
  maxmemoryPolicy: PolicyName;
  requirepass: string;
  protectedMode: string;
}

function optionsOf(flags: Flags): ServerOptions {
  const mode = chooseMode(native, flags.mode);
  const { io, threads, loglevel, tcpBacklog, httpClose, maxclients, databases } = flags;
  return {
    ...DEFAULT_OPTIONS,
    ...{ mode, io, threads, loglevel, tcpBacklog, httpClose, maxclients, databases },
    trace: flags.trace,
    listen: flags.listen ?? [endpointOf(flags)],
    unixsocketperm: flags.unixsocketperm,
    httpHosts: flags.httpHost,
    tcpKeepaliveSeconds: flags.tcpKeepalive,
    timeoutSeconds: flags.timeout,
    requestTimeoutSeconds: flags.requestTimeout,
    clientQueryBufferLimitBytes: flags.clientQueryBufferLimit,
    protoMaxBulkBytes: flags.protoMaxBulkLen,
    clientOutputBufferLimitBytes: flags.clientOutputBufferLimit,
    maxmemoryClientsBytes: flags.maxmemoryClients,
    maxmemoryBytes: flags.maxmemory,
    maxmemoryPolicy: flags.maxmemoryPolicy,
    requirepass: flags.requirepass,
    protectedMode: flags.protectedMode === 'yes',
  };
}

async function run(flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  inlineMore();
  try {
    const { posix, requests } = startRecording(native, options);
    const board = createBoard(posix);
    const aborted = new AbortController().signal;
    let threaded = false;
    const ready = (what: Ready) => {
      threaded = what.threaded;
      announce(options, what);
    };
    await serve({ posix, options, board, signals: true, ready, requests, aborted });
    // process.exit would wait for threads that are still coming up, and take apart the heap of each
    // that has ended: on a busy machine the second that is promised would be over.
    if (threaded) posix._exit(0);
  } catch (error) {
    for (const line of explainFatal(error)) writeSync(STDERR, `${line}\n`);
    process.exit(error instanceof UsageError ? EXIT_USAGE : EXIT_FAILURE);
  }
  process.exit(0);
}

/** Written at once: while a driver runs, Node's own stdout stands still. */
function announce({ mode, io }: ServerOptions, { endpoints: got, pids, threaded }: Ready): void {
  const target = `${threaded ? '-f ' : ''}-p ${pids.join(',')}`;
  const protocols = [...new Set(got.map((endpoint) => endpoint.protocol))].join(',');
  const { summary, ownTransfer, waitsIn } = modeOf(mode);
  const moving = ownTransfer === true ? '' : `accept4,${TRACED[io]}`;
  const calls = [waitsIn, moving].filter((names) => names !== '').join(',');
  const lines = [
    `syskv ${VERSION}  mode ${mode} (${summary})`,
    `protocol ${protocols}  io ${ownTransfer === true ? mode : io}  pid ${process.pid}`,
    `watch it:  strace ${target} -e trace=${calls} -tt`,
    ...got.map((endpoint) => `listening on ${nameOf(endpoint)}`),
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

/** Worker threads cost some 10 MB each: beyond this a typing error is likelier than a wish. */
const MAXIMUM_THREADS = 512;
const INT_MAX = 2 ** 31 - 1;
/** What the shell's own tools use: 1 for what failed, 2 for a wrong call. */
const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const STDOUT = 1;
const STDERR = 2;
