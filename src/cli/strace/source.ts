/** Where log lines come from: a server under strace, a running one, or one that records itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRACED } from '../../observe/calls.ts';
import { packageFile } from '../../paths.ts';
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { Lines } from './watch.ts';

export interface Sink {
  /** A line of the log. */
  line(text: string): void;
  /** A line that the server has printed. */
  printed(text: string): void;
}

export interface Source {
  /** The last line of the log as far as it has come. */
  readonly partial: string;
  /** Asks the server to stop, or strace to leave it; the second time it is not asked. */
  stop(): void;
  /** The log has ended. An error where there has been none, or the server has failed. */
  readonly ended: Promise<void>;
  /** Leaves nothing behind, whatever has happened: the server, strace, temporary files. */
  end(): void;
}

/** `-s`: bytes of a string that are shown; RESP's common commands are shorter. */
const SHOWN_BYTES = 512;

const FLAGS = ['-f', '-ttt', '-T', '-yy', '-Y', '-s', String(SHOWN_BYTES), '-e', `trace=${TRACED}`];

/** The server that these flags of `serve` describe, under strace from its first call. */
export function straceServer(posix: Posix, flags: readonly string[], sink: Sink): Source {
  const command = [...FLAGS, process.execPath, SYSKV, 'serve', ...flags];
  return new StraceSource(posix, command, sink);
}

/** A server that runs. */
export function straceProcesses(posix: Posix, pids: readonly number[], sink: Sink): Source {
  return new StraceSource(posix, [...FLAGS, '-p', pids.join(',')], sink);
}

const SYSKV = packageFile('bin/syskv');

class StraceSource implements Source {
  readonly ended: Promise<void>;
  readonly #lines = new Lines();
  readonly #child: ChildProcess;
  readonly #attached: boolean;
  /** The first process of the log is the server's. */
  #serverPid = 0;
  #stops = 0;
  /** strace has ended by itself, after all that it has started. */
  #ended = false;
  #seen = 0;
  #messages = '';

  constructor(posix: Posix, command: readonly string[], sink: Sink) {
    // strace opens its -o by name: that takes a pipe, and Node's own `pipe` is a socket.
    const pair = new Int32Array(2);
    check(posix.pipe2(pair, posix.constants.O_CLOEXEC), 'pipe2');
    this.#attached = command.includes('-p');
    this.#child = spawn('strace', ['-o', '/proc/self/fd/3', ...command], {
      stdio: ['ignore', 'pipe', 'pipe', pair[1]],
      // A Ctrl+C is for this program, which passes it on: strace and server get it once.
      detached: true,
    });
    posix.close(pair[1]);
    const log = new Socket({ fd: pair[0], readable: true, writable: false });
    log.setEncoding('latin1');
    log.on('data', (chunk: string) => this.#take(chunk, sink));
    printing(this.#child, sink, (text) => this.#message(text));
    this.ended = this.#whenEnded(log);
  }

  get partial(): string {
    return this.#lines.rest;
  }

  stop(): void {
    const { pid = 0 } = this.#child;
    if (this.#stops++ > 0) signal(-pid, 'SIGKILL');
    else if (this.#attached) signal(pid, 'SIGINT');
    // strace itself ignores it; before the first call there is no server yet.
    else if (this.#serverPid > 0) signal(this.#serverPid, 'SIGINT');
  }

  end(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#ended) return;
    // The processes that it did not start go on when strace leaves them. Those that it did start
    // are of its group, and a strace that was killed has left them behind.
    signal(this.#attached ? pid : -pid, this.#attached ? 'SIGINT' : 'SIGKILL');
  }

  #take(chunk: string, sink: Sink): void {
    this.#lines.push(chunk, (line) => {
      this.#seen++;
      if (this.#serverPid === 0) this.#foundServer(Number.parseInt(line, 10) || 0);
      sink.line(line);
    });
  }

  #foundServer(pid: number): void {
    this.#serverPid = pid;
    if (this.#stops > 0 && !this.#attached) signal(pid, 'SIGINT');
  }

  /** strace's own messages are for those who have to find out why nothing came. */
  #message(text: string): boolean {
    if (!text.startsWith('strace: ')) return false;
    if (!/attached|detached/.test(text)) this.#messages += `${text}\n`;
    return true;
  }

  /** The status is the server's: strace ends as what it has started. */
  #whenEnded(log: Socket): Promise<void> {
    const status = new Promise<number | null>((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', resolve);
      // Its server goes on, and has its output: that would not close.
      this.#child.once('exit', (_code, name) => {
        if (name !== null && this.#stops === 0) reject(new Error(`strace was ended by ${name}`));
      });
    });
    const closed = new Promise((resolve) => log.once('close', resolve));
    return Promise.all([status, closed]).then(([code]) => {
      this.#ended = code !== null;
      if (this.#seen === 0) throw new Error(this.#messages.trim() || 'strace has shown nothing');
      if (code !== 0 && this.#stops === 0) throw new Error(failed(code));
    });
  }
}

function failed(status: number | null): string {
  return `the server ended with status ${status}`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** Passes on what the server prints, but for what `isOwn` takes. */
function printing(child: ChildProcess, sink: Sink, isOwn: (text: string) => boolean): void {
  for (const stream of [child.stdout!, child.stderr!]) {
    const lines = new Lines();
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) =>
      lines.push(chunk, (text) => {
        if (!isOwn(text)) sink.printed(text);
      }),
    );
  }
}

/** The server with the recorder that is built in: `serve --trace`. */
export function recordedServer(flags: readonly string[], sink: Sink): Source {
  const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
  const path = join(folder, 'trace');
  const child = spawn(process.execPath, [SYSKV, 'serve', ...flags, '--trace', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  printing(child, sink, () => false);
  const tail = new Tail(path, (line) => sink.line(line));
  let stops = 0;
  const cleanUp = () => {
    tail.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      cleanUp();
      if (status === 0 || stops > 1) resolve();
      else reject(new Error(failed(status)));
    });
  });
  const { pid = 0 } = child;
  return {
    partial: '',
    stop: () => signal(stops++ === 0 ? pid : -pid, stops === 1 ? 'SIGINT' : 'SIGKILL'),
    ended,
    end() {
      if (pid > 0 && child.exitCode === null && child.signalCode === null) signal(-pid, 'SIGKILL');
      cleanUp();
    },
  };
}

/** A file that grows, line by line. */
export class Tail {
  readonly #path: string;
  readonly #lines = new Lines();
  readonly #take: (line: string) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #buffer = Buffer.alloc(READ_BYTES);
  #fd = -1;

  constructor(path: string, take: (line: string) => void) {
    this.#path = path;
    this.#take = take;
    this.#timer = setInterval(() => this.#read(), LOOK_EVERY_MS);
  }

  /** Reads what there is, and no more. */
  end(): void {
    clearInterval(this.#timer);
    this.#read();
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  #read(): void {
    try {
      if (this.#fd < 0) this.#fd = openSync(this.#path, 'r');
    } catch {
      return;
    }
    for (;;) {
      const count = readSync(this.#fd, this.#buffer, 0, READ_BYTES, null);
      if (count === 0) return;
      this.#lines.push(this.#buffer.toString('latin1', 0, count), this.#take);
    }
  }
}

/** What a person takes for "at once". */
const LOOK_EVERY_MS = 50;
const READ_BYTES = 256 * 1024;
