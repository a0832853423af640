/**
 * The server under test, as a child process: in the test's own process a blocking accept4 would
 * stop the test runner too. It takes any free port, and it has started once it says that it
 * listens.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { within } from './deadline.ts';

export const SYSKV = fileURLToPath(new URL('../../bin/syskv', import.meta.url));

/** How a process ended: by itself with a status, or by a signal. */
export interface Exit {
  status: number | null;
  signal: NodeJS.Signals | null;
}

export class Server {
  /** What it wrote so far to stdout and to stderr. */
  output = '';
  log = '';
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  /** `through`: a command that ends by running the one behind it, as prlimit does. */
  constructor(flags: readonly string[], through: readonly string[] = []) {
    const [command, ...rest] = [...through, process.execPath, SYSKV, 'serve', ...flags];
    this.#child = spawn(command, rest);
    this.#child.stdout?.on('data', (chunk) => {
      this.output += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.log += chunk;
    });
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (status, signal) => resolve({ status, signal }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** `127.0.0.1:34567`, `[::1]:34567` or the path of a UNIX socket, as it was printed. */
  get address(): string {
    return /^listening on (.+)$/m.exec(this.output)?.[1] ?? '';
  }

  /** All of them, in the order of `--listen`. */
  get addresses(): string[] {
    return [...this.output.matchAll(/^listening on (.+)$/gm)].map(([, address]) => address);
  }

  get port(): number {
    return Number(this.address.slice(this.address.lastIndexOf(':') + 1));
  }

  /** Sockets that the server and its own child processes have open, by the kernel's account. */
  get sockets(): number {
    return [this.pid, ...this.children].map(countSockets).reduce((a, b) => a + b);
  }

  /** Memory that the server and its own child processes take, by the kernel's account. */
  get residentBytes(): number {
    return [this.pid, ...this.children].map(residentBytesOf).reduce((a, b) => a + b);
  }

  /** The most memory that the process itself ever took at one time, by the kernel's account. */
  get peakResidentBytes(): number {
    return statusBytesOf(this.pid, 'VmHWM');
  }

  /** Its own child processes. */
  get children(): number[] {
    return childrenOf(this.pid);
  }

  /** How often its threads have gone to sleep, by the kernel's account. */
  get sleeps(): number {
    const tasks = readdirSync(`/proc/${this.pid}/task`);
    return tasks.map((task) => sleepsOf(this.pid, task)).reduce((a, b) => a + b);
  }

  /** Threads of the process itself. */
  get threads(): number {
    return readdirSync(`/proc/${this.pid}/task`).length;
  }

  /** Processor time that the server and its own child processes have used so far. */
  get cpuMs(): number {
    return [this.pid, ...this.children].map(cpuMsOf).reduce((a, b) => a + b);
  }

  /** Whether a handler waits for this signal number, by the kernel's account (proc(5), SigCgt). */
  catches(signal: number): boolean {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const caught = BigInt(`0x${/^SigCgt:\s*(\w+)$/m.exec(status)?.[1]}`);
    return (caught & (1n << BigInt(signal - 1))) !== 0n;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async listening(): Promise<void> {
    const failed = this.exited.then(({ status }) => {
      throw new Error(`syskv ended with ${status} before it listened:\n${this.log}`);
    });
    await within('listening', Promise.race([this.#printed(/^listening on .+\n/m), failed]));
  }

  #printed(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(this.output)) return;
        this.#child.stdout?.off('data', look);
        resolve();
      };
      this.#child.stdout?.on('data', look);
    });
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').map(Number).filter(Boolean);
}

/** Without the pages of files, such as the program's own: they come as they are first run. */
function residentBytesOf(pid: number): number {
  return statusBytesOf(pid, 'RssAnon') + statusBytesOf(pid, 'RssShmem');
}

function sleepsOf(pid: number, task: string): number {
  const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
}

/** A field of proc(5)'s status that is told in kB. */
function statusBytesOf(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}

/** Fields 14 and 15 of proc(5)'s stat, in ticks; the name before them may hold spaces. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * (1000 / TICKS_A_SECOND);
}

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

function countSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => isSocket(`${folder}/${fd}`)).length;
}

/** A descriptor may be closed between the listing and this look. */
function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false;
  }
}

/** A server for one test: on a free port, unless the flags say where. Killed when the test ends. */
export async function startServer(...flags: string[]): Promise<Server> {
  const server = launch(flags);
  onTestFinished(() => kill(server));
  await server.listening();
  return server;
}

/** The same, with so many descriptors at most (`ulimit -n`). */
export function startServerWithin(descriptors: number, ...flags: string[]): Promise<Server> {
  return startServerThrough(['prlimit', `--nofile=${descriptors}`], ...flags);
}

/** The same, through a command that ends by running the one behind it. */
export async function startServerThrough(
  through: readonly string[],
  ...flags: string[]
): Promise<Server> {
  const server = launch(flags, through);
  onTestFinished(() => kill(server));
  await server.listening();
  return server;
}

/** One server for all tests of a `describe`. */
export function sharedServer(...flags: string[]): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = launch(flags);
    await server.listening();
  });
  afterAll(() => (server === undefined ? undefined : kill(server)));
  return () => {
    if (server === undefined) throw new Error('the server is started by beforeAll');
    return server;
  };
}

function launch(flags: readonly string[], through: readonly string[] = []): Server {
  const placed = ['--port', '--unixsocket', '--listen'].some((flag) => flags.includes(flag));
  return new Server(placed ? flags : ['--port', '0', ...flags], through);
}

export async function kill(server: Server): Promise<void> {
  server.signal('SIGKILL');
  await server.exited;
}
