/**
 * A driver under test in this very process, which stands still meanwhile, with clients in a process
 * of their own: so the driver can be given a kernel that behaves as this one does not.
 *
 * The stop is a pipe whose other end the clients hold: it comes when they close it, or have ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CloseReason, Driver, Service, Session, Stop } from '../../src/drivers/driver.ts';
import { TRANSFERS } from '../../src/drivers/transfer.ts';
import { type AddressAnswer, check } from '../../src/posix/index.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { structsOf } from '../../src/posix/structs.ts';
import { echo } from '../../src/protocol/echo.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';

const CLIENTS = fileURLToPath(new URL('./clients.mjs', import.meta.url));
/** A driver that has not stopped by then is stuck; far more than any of the scenarios takes. */
const DEADLINE_MS = 20_000;

export interface Options {
  posix: Posix;
  /** What the clients do: a function in clients.mjs. */
  scenario: string;
  session?: () => Session;
  outputLimitBytes?: number;
  /** Called right before the driver runs; what it returns, right after. */
  around?: () => () => void;
}

/** What the service was told, and what the clients said: nothing, if all was as it should be. */
export interface Outcome {
  complaints: string;
  received: number;
  opened: number;
  closed: Partial<Record<CloseReason, number>>;
  acceptFailures: number[];
  stuck: boolean;
  /** `f` for input foreseen, `|` for what was foreseen being fetched, `x` for input run. */
  steps: string;
}

export async function serveClients(driver: Driver, options: Options): Promise<Outcome> {
  const { posix, scenario, session = () => echo, outputLimitBytes = 2 ** 30 } = options;
  const listener = listen(posix);
  const ends = new Int32Array(2);
  check(posix.pipe2(ends, posix.constants.O_CLOEXEC), 'pipe2');
  const clients = spawn(process.execPath, [CLIENTS, scenario, String(portOf(posix, listener))], {
    stdio: ['pipe', 'pipe', 'pipe', ends[1]],
  });
  posix.close(ends[1]);
  let complaints = '';
  clients.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const exited = once(clients, 'close');
  await once(clients.stdout!, 'data');

  const outcome = emptyOutcome();
  const stop = stopAt(posix, ends[0], outcome);
  const finish = options.around?.();
  driver({
    posix,
    service: recordingService(outcome, session),
    listeners: [listener],
    transfer: TRANSFERS['recvmsg'](posix),
    stop,
    input: new Uint8Array(64 * 1024),
    out: new ReplyBuffer(),
    structs: structsOf(posix.layouts),
    outputLimitBytes,
  });
  finish?.();
  posix.close(ends[0]);
  clients.stdin?.end();
  if (outcome.stuck) clients.kill('SIGKILL');
  await exited;
  return { ...outcome, complaints };
}

function listen(posix: Posix): number {
  const { AF_INET, SOCK_STREAM, SOCK_CLOEXEC, SOCK_NONBLOCK } = posix.constants;
  const fd = check(posix.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), 'socket');
  check(posix.bind(fd, { family: AF_INET, address: '127.0.0.1', port: 0 }), 'bind');
  check(posix.listen(fd, 511), 'listen');
  return fd;
}

function portOf(posix: Posix, listener: number): number {
  const address: AddressAnswer = {};
  check(posix.getsockname(listener, address), 'getsockname');
  return address.port ?? 0;
}

function emptyOutcome(): Outcome {
  return {
    complaints: '',
    received: 0,
    opened: 0,
    closed: {},
    acceptFailures: [],
    stuck: false,
    steps: '',
  };
}

function stopAt(posix: Posix, pipe: number, outcome: Outcome): Stop {
  const { POLLHUP, POLLIN } = posix.constants;
  const watched = new Int32Array([pipe, POLLIN]);
  const deadlineMs = performance.now() + DEADLINE_MS;
  return {
    eventfd: pipe,
    requested() {
      outcome.stuck ||= performance.now() > deadlineMs;
      posix.poll(watched, 1, 0);
      return outcome.stuck || ((watched[1] >> 16) & POLLHUP) !== 0;
    },
    guard() {},
  };
}

function recordingService(outcome: Outcome, session: () => Session): Service {
  return {
    turn() {},
    fetchForeseen() {
      outcome.steps += '|';
    },
    open() {
      outcome.opened++;
      return counting(session(), outcome);
    },
    close(_fd, _session, reason) {
      outcome.closed[reason] = (outcome.closed[reason] ?? 0) + 1;
    },
    // Now and then it looks whether it is stuck.
    tick: () => 1000,
    upkeep: () => -1,
    stopped() {},
    overdue: () => false,
    killed: () => false,
    patienceMs: 0,
    acceptFailed(errno) {
      outcome.acceptFailures.push(errno);
    },
  };
}

function counting(session: Session, outcome: Outcome): Session {
  return {
    foresee() {
      outcome.steps += 'f';
    },
    receive(input, start, end, out) {
      outcome.steps += 'x';
      outcome.received += end - start;
      session.receive(input, start, end, out);
    },
    end: (out) => session.end(out),
    get closing() {
      return session.closing;
    },
    get lingering() {
      return session.lingering;
    },
    get paused() {
      return session.paused;
    },
  };
}
