/** What a call means, in a few words: `→ fd 7: client 127.0.0.1:51234`, `fd 7: SET name Alice`. */
import { ACCEPTS, COMPLETION, RECEIVES, SENDS, SUBMISSION, WAITS } from './calls.ts';
import { describeReply, describeRequest } from './decode.ts';
import type { Call } from './event.ts';
import { addressesOf } from './file.ts';
import type { Told } from './story.ts';
import { descriptorOf, splitArguments } from './strace/syntax.ts';

/** The words for any event. */
export function explain(told: Told): string {
  const { event } = told;
  if (event.kind === 'call')
    return `${explainCall(event, told)}${event.injected ? ' (injected)' : ''}`;
  switch (event.what) {
    case 'exited':
      return `status ${event.text}`;
    case 'killed':
    case 'stopped':
      return `by ${event.text}`;
    case 'signal':
      return event.text;
  }
}

/** `blocked 1.204 s in accept4`; '' for a call that had its answer at once. */
export function explainBlocking({ event, blocked }: Told): string {
  if (!blocked || event.kind !== 'call' || event.durationUs === null) return '';
  return `blocked ${describeDuration(event.durationUs)} in ${event.name}`;
}

/** `12 µs`, `3.4 ms`, `1.204 s`, `2 min 5 s`. */
export function describeDuration(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 100_000) return `${(microseconds / 1000).toFixed(1)} ms`;
  // What would be rounded to 1000 ms is a second.
  if (microseconds < 999_500) return `${Math.round(microseconds / 1000)} ms`;
  if (microseconds < 60e6) return `${(microseconds / 1e6).toFixed(3)} s`;
  const seconds = Math.round(microseconds / 1e6);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function explainCall(call: Call, told: Told): string {
  const { name } = call;
  if (call.state !== 'returned') return `${subjectOf(call)}${CUT_SHORT[call.state]}`;
  if (INTERRUPTED.test(call.error)) return `${subjectOf(call)}interrupted by a signal`;
  if (call.result === null) return `${subjectOf(call)}${NEVER_RETURNED}`;
  if (told.thread.side === 'client') return explainClient(call);
  if (ACCEPTS.has(name)) return explainAccept(call);
  if (RECEIVES.has(name)) return explainReceive(call, told.blocked);
  if (SENDS.has(name)) return explainSend(call, describeReply);
  if (name.startsWith(SUBMISSION)) return `fd ${call.fd}: asked for`;
  if (name.startsWith(COMPLETION)) return `fd ${call.fd}: ${answerOf(call)}`;
  if (WAITS.has(name)) return explainWait(call);
  return OTHERS[name]?.(call, told) ?? `${shortened(call.text)} = ${answerOf(call)}`;
}

/**
 * What a signal ends a call with. The kernel's own names among these never reach the program: they
 * say how it goes on (strace(1), errno.h of the kernel).
 */
const INTERRUPTED = /^(EINTR|ERESTART.*)$/;
/** strace's `?`: the thread ended within the call. */
const NEVER_RETURNED = 'had not returned when the thread ended';

const CUT_SHORT = {
  unfinished: 'had not returned when the log ended',
  detached: 'had not returned when strace left',
} as const;

/** select's first argument is a bound, no descriptor. */
function subjectOf({ fd, name }: Call): string {
  return fd >= 0 && !name.includes('select') ? `fd ${fd}: ` : '';
}

function answerOf({ error, result, outcome }: Call): string {
  if (error !== '') return error;
  if (result === null) return NEVER_RETURNED;
  return `${result}${outcome === '' ? '' : ` ${outcome}`}`;
}

function clientOf(call: Call): string {
  const { local, remote } = addressesOf(call.resultFile);
  if (remote === '') return 'a client';
  return remote.startsWith('unix') ? `client of ${local}` : `client ${remote}`;
}

function explainAccept(call: Call): string {
  if (call.result !== null && call.result >= 0) return `→ fd ${call.result}: ${clientOf(call)}`;
  return `fd ${call.fd}: ${ACCEPT_ERRORS[call.error] ?? call.error}`;
}

const ACCEPT_ERRORS: Readonly<Record<string, string>> = {
  EAGAIN: 'no client waits',
  EINVAL: 'the listener was shut down',
  EMFILE: 'no descriptor left in this process (EMFILE)',
  ENFILE: 'no descriptor left on this machine (ENFILE)',
  ECONNABORTED: 'the client had gone again (ECONNABORTED)',
};

const TRANSFER_ERRORS: Readonly<Record<string, string>> = {
  EAGAIN: 'nothing there (EAGAIN)',
  ECONNRESET: 'the client reset the connection (ECONNRESET)',
  EPIPE: 'the client has gone (EPIPE)',
};

function explainReceive(call: Call, blocked: boolean): string {
  // A socket that blocks has a time-out (SO_RCVTIMEO).
  if (call.error === 'EAGAIN' && blocked) return `fd ${call.fd}: the time is up (EAGAIN)`;
  if (call.error !== '') return `fd ${call.fd}: ${TRANSFER_ERRORS[call.error] ?? call.error}`;
  if (call.movedBytes === 0) return `fd ${call.fd}: FIN, the client has left`;
  return `fd ${call.fd}: ${describeRequest(call.bytes, call.movedBytes)}`;
}

function explainSend(call: Call, describe: typeof describeReply): string {
  if (call.error === 'EAGAIN') return `fd ${call.fd}: the client does not read (EAGAIN)`;
  if (call.error !== '') return `fd ${call.fd}: ${TRANSFER_ERRORS[call.error] ?? call.error}`;
  return `fd ${call.fd}: ${describe(call.bytes, call.movedBytes)}`;
}

/** From the other end: what it sends are requests, what it receives are replies. */
function explainClient(call: Call): string {
  if (SENDS.has(call.name)) return explainSend(call, describeRequest);
  if (call.name === 'close') return `fd ${call.fd}: leaves`;
  if (!RECEIVES.has(call.name)) {
    return OTHERS[call.name]?.(call) ?? `${subjectOf(call)}${answerOf(call)}`;
  }
  if (call.error !== '') return `fd ${call.fd}: ${TRANSFER_ERRORS[call.error] ?? call.error}`;
  if (call.movedBytes === 0) return `fd ${call.fd}: FIN, the server has closed`;
  return `fd ${call.fd}: ${describeReply(call.bytes, call.movedBytes)}`;
}

function explainWait(call: Call): string {
  if (call.name === 'io_uring_enter') return explainEnter(call);
  if (call.error !== '') return TRANSFER_ERRORS[call.error] ?? call.error;
  if (call.result === 0) return 'nothing, the time is up';
  const ready = readyIn(call).join(', ');
  return `${call.result} ready${ready === '' ? '' : `: ${ready}`}`;
}

/** The descriptors that a wait returned: epoll's in the arguments, poll's and select's behind. */
function readyIn({ name, text, outcome }: Call): string[] {
  if (name.startsWith('epoll')) {
    return [...text.matchAll(/u32=(\d+)/g)].slice(0, MOST_READY).map(([, fd]) => `fd ${fd}`);
  }
  if (name.includes('poll')) {
    return [...outcome.matchAll(/fd=(\d+)/g)].slice(0, MOST_READY).map(([, fd]) => `fd ${fd}`);
  }
  const sets = [...outcome.matchAll(/\b(in|out) \[([^\]]*)\]/g)];
  const fds = sets.flatMap(([, , list]) => list.match(/\d+(?=<|\s|$)/g) ?? []);
  return [...new Set(fds)].slice(0, MOST_READY).map((fd) => `fd ${fd}`);
}

const MOST_READY = 8;

function explainEnter(call: Call): string {
  const [, submitted = '0', waited = '0'] = splitArguments(call.text);
  const waits = waited === '0' ? '' : `, waits for ${waited}`;
  const how =
    call.error === 'ETIME' ? ', the time is up' : call.error === '' ? '' : `, ${call.error}`;
  return `submits ${submitted}${waits}${how}`;
}

const OTHERS: Readonly<Record<string, (call: Call, told?: Told) => string>> = {
  socket: (call) => `→ fd ${call.result}: ${splitArguments(call.text).slice(0, 2).join(', ')}`,
  bind: (call) => `fd ${call.fd}: ${boundTo(call)}${failure(call)}`,
  listen: (call) => `fd ${call.fd}: ${listensOn(call)}${failure(call)}`,
  connect: (call) => `fd ${call.fd}: ${boundTo(call)}${failure(call)}`,
  close: (call, told) =>
    `fd ${call.fd}: ${told?.connection?.name ?? told?.role ?? ''}${failure(call)}`,
  shutdown: (call) => `fd ${call.fd}: ${splitArguments(call.text)[1]}${failure(call)}`,
  setsockopt: (call) => `fd ${call.fd}: ${optionOf(call)}${failure(call)}`,
  epoll_ctl: explainWatch,
  futex: explainFutex,
  io_uring_setup: (call) => `→ fd ${call.result}: a ring of ${splitArguments(call.text)[0]}`,
};

function failure({ error }: Call): string {
  return error === '' ? '' : ` (${error})`;
}

/** The kernel's headers name the options of a 32-bit time_t so. */
function optionOf({ text }: Call): string {
  return (splitArguments(text)[2] ?? '').replace(/_OLD$/, '');
}

function boundTo({ text }: Call): string {
  const address = /"([^"]*)"/.exec(text)?.[1] ?? '';
  const port = /htons\((\d+)\)/.exec(text)?.[1];
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function listensOn({ file, text }: Call): string {
  return `${addressesOf(file).local} backlog ${splitArguments(text)[1]}`.trim();
}

function explainWatch(call: Call): string {
  const [, operation = '', target = '', event = ''] = splitArguments(call.text);
  const { fd } = descriptorOf(target);
  const mask = /events=([\w|]+)/.exec(event)?.[1] ?? '';
  if (operation.endsWith('DEL')) return `fd ${fd}: watches it no longer${failure(call)}`;
  return `fd ${fd}: watches it for ${mask}${failure(call)}`;
}

function explainFutex(call: Call, told?: Told): string {
  if (call.text.includes('FUTEX_WAKE')) {
    return call.result === 0 ? 'no thread sleeps' : `wakes ${call.result}`;
  }
  if (told?.role !== 'work') return 'waited for another thread';
  return call.error === 'ETIMEDOUT' ? 'nothing to do, the time is up' : 'waited for work';
}

function shortened(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
}

const MOST_TEXT = 80;
