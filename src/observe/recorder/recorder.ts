/**
 * The built-in recorder: wraps the system calls of one thread, so that each is taken down in a ring
 * and written out, in strace's own format, before the thread goes to sleep or when the ring is
 * full. For machines without strace, and for io_uring, whose requests strace cannot see.
 *
 * It is not there until it is asked for: a server that is not recorded calls the addon directly.
 */
import { fchmodSync, fstatSync, ftruncateSync } from 'node:fs';
import type { AddressAnswer } from '../../posix/address.ts';
import type { Posix } from '../../posix/posix.ts';
import { ACCEPTS, COMPLETION, mayBlock, RECEIVES, SENDS, SUBMISSION, WAITS } from '../calls.ts';
import { keepEvents, keepPolled, keepSelected, keepTransfer } from './arguments.ts';
import { beginning, stamp, whole } from './format.ts';
import { CallRing, KEPT_NUMBERS } from './ring.ts';
import { RecordedSecrets } from './secrets.ts';
import { socketFile, textOf } from './text.ts';

/** Told of what io_uring is asked for and of what came of it (see drivers/driver.ts). */
export interface RequestRecorder {
  submitted(
    what: string,
    fd: number,
    bytes: Uint8Array | null,
    start: number,
    length: number,
  ): void;
  completed(
    what: string,
    fd: number,
    result: number,
    bytes: Uint8Array | null,
    start: number,
  ): void;
}

export interface Recording {
  /** The same calls, recorded. */
  readonly posix: Posix;
  readonly requests: RequestRecorder;
  /** Writes out what has been taken down. */
  flush(): void;
}

/**
 * Makes the file empty: once, before any thread records into it. Nobody else may read it, for it
 * holds what clients say; a symbolic link is refused, since it could lead to any file of this user.
 * Returns 0 or -errno.
 */
export function createRecording(posix: Posix, path: string): number {
  const { O_WRONLY, O_CREAT, O_CLOEXEC, O_NOFOLLOW } = posix.constants;
  const fd = posix.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
  if (fd < 0) return fd;
  const failure = makePrivate(fd);
  posix.close(fd);
  return failure;
}

/** An existing file of this user's own. A pipe or a device has readers by its nature. */
function makePrivate(fd: number): number {
  try {
    if (!fstatSync(fd).isFile()) return 0;
    fchmodSync(fd, FILE_MODE);
    ftruncateSync(fd);
    return 0;
  } catch (error) {
    return (error as { errno?: number }).errno ?? -1;
  }
}

/**
 * Records the calling thread's calls into `path`, which several threads and processes may do at
 * once: each writes whole lines, appended. Where the file can't be opened, nothing is recorded.
 */
export function record(posix: Posix, path: string, threadName: string): Recording {
  const { O_WRONLY, O_APPEND, O_CREAT, O_CLOEXEC, O_NOFOLLOW } = posix.constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  const out = posix.open(path, flags, FILE_MODE);
  const recorder = new Recorder(posix, out, threadName);
  process.once('exit', () => recorder.flush());
  return { posix: recorder.wrap(), requests: recorder, flush: () => recorder.flush() };
}

/** rw-------. */
const FILE_MODE = 0o600;

type AnyCall = (...args: unknown[]) => unknown;

class Recorder implements RequestRecorder {
  readonly #posix: Posix;
  readonly #ring = new CallRing();
  readonly #secrets = new RecordedSecrets();
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  /** What the descriptors are, found out at their first use. */
  readonly #files = new Map<number, string>();
  readonly #tid: number;
  readonly #threadName: string;
  #out: number;
  #lastFlushUs = 0;
  #flushesLeft = FLUSH_BURST;

  constructor(posix: Posix, out: number, threadName: string) {
    this.#posix = posix;
    this.#out = out;
    this.#tid = posix.gettid?.() ?? process.pid;
    this.#threadName = threadName;
  }

  wrap(): Posix {
    const wrapped: Record<string, unknown> = { ...this.#posix };
    for (const [name, value] of Object.entries(wrapped)) {
      if (typeof value !== 'function' || SILENT.has(name)) continue;
      wrapped[name] = this.#wrapCall(name, value as AnyCall);
    }
    wrapped['_exit'] = (status: number) => {
      this.flush();
      this.#posix._exit(status);
    };
    return wrapped as unknown as Posix;
  }

  #wrapCall(name: string, call: AnyCall): AnyCall {
    const id = this.#idOf(name);
    // What a connect has connected is known when it returns: it is taken down as a whole.
    const blocks = mayBlock(name) && !SENDS.has(name) && name !== 'connect';
    const takesDescriptor = DESCRIPTOR_FIRST.has(name);
    const keep = keeperOf(name);
    return (...args) => {
      let record = this.#begin(id, args, takesDescriptor);
      if (blocks && this.#mayFlush()) {
        this.#write(record);
        record = 0;
      }
      const result = call(...args);
      this.#end(record, name, args, result, keep);
      return result;
    };
  }

  #begin(id: number, args: readonly unknown[], takesDescriptor: boolean): number {
    const ring = this.#ring;
    if (ring.full) this.flush();
    const record = ring.begin(id, nowUs());
    let count = 0;
    for (const argument of args) {
      if (typeof argument !== 'number' || count === KEPT_NUMBERS) continue;
      ring.numbers[record * KEPT_NUMBERS + count++] = argument;
    }
    ring.numberCount[record] = count;
    ring.descriptorFirst[record] = takesDescriptor ? 1 : 0;
    if (takesDescriptor) ring.file[record] = this.#fileOf(args[0] as number);
    return record;
  }

  #end(
    record: number,
    name: string,
    args: readonly unknown[],
    result: unknown,
    keep: Keeper,
  ): void {
    const ring = this.#ring;
    const answer = typeof result === 'number' ? result : 0;
    ring.durationUs[record] = nowUs() - ring.startUs[record];
    ring.result[record] = answer;
    if (answer >= 0) keep(ring, record, args, answer, this.#posix);
    if (keep === keepTransfer && answer > 0) this.#secrets.cover(ring, record, name, args);
    const fd = args[0] as number;
    this.#secrets.forget(name, fd, answer);
    if (answer >= 0 && CHANGES_FILE.has(name)) ring.file[record] = this.#learn(fd);
    if (keep === keepText) ring.text[record] = textOf(this.#posix, name, args, ring.file[record]);
    if (ACCEPTS.has(name) && answer >= 0) {
      ring.resultFile[record] = this.#learn(answer);
    } else if (name === 'close') this.#files.delete(fd);
  }

  // --- io_uring

  submitted(
    what: string,
    fd: number,
    bytes: Uint8Array | null,
    start: number,
    length: number,
  ): void {
    this.#request(`${SUBMISSION}${what}`, fd, 0, bytes, start, length);
    if (what === 'close') this.#files.delete(fd);
  }

  completed(
    what: string,
    fd: number,
    result: number,
    bytes: Uint8Array | null,
    start: number,
  ): void {
    this.#request(`${COMPLETION}${what}`, fd, result, bytes, start, result);
  }

  #request(
    name: string,
    fd: number,
    result: number,
    bytes: Uint8Array | null,
    start: number,
    length: number,
  ): void {
    const ring = this.#ring;
    const record = this.#begin(this.#idOf(name), [fd], true);
    ring.durationUs[record] = 0;
    ring.result[record] = name.startsWith(SUBMISSION) ? length : result;
    if (bytes !== null && length > 0) {
      ring.keepBytes(record, bytes, start, length);
      this.#secrets.coverRequest(ring, record, name, fd, { bytes, start, length });
    }
    this.#secrets.forget(name, fd, result);
    if (ACCEPTS.has(name) && result >= 0) ring.resultFile[record] = this.#learn(result);
  }

  // --- writing

  /** Writes out everything; a call that is under way stays. */
  flush(): void {
    this.#write(-1);
  }

  /** Before a thread sleeps its records are to be seen; a busy one does not stop for that often. */
  #mayFlush(): boolean {
    const ring = this.#ring;
    const now = ring.startUs[ring.length - 1];
    const earned = Math.floor((now - this.#lastFlushUs) / FLUSH_PERIOD_US);
    if (earned > 0) {
      this.#flushesLeft = Math.min(FLUSH_BURST, this.#flushesLeft + earned);
      this.#lastFlushUs = now;
    }
    if (this.#flushesLeft === 0) return false;
    this.#flushesLeft--;
    return true;
  }

  /** `pending`: the record of the call that is about to block, -1 for none. */
  #write(pending: number): void {
    const ring = this.#ring;
    let text = '';
    for (let record = 0; record < ring.length; record++) {
      const name = this.#names[ring.call[record]];
      const { startUs, durationUs, announced } = ring;
      const returned = record !== pending && durationUs[record] >= 0;
      const timeUs = startUs[record] + (announced[record] !== 0 ? durationUs[record] : 0);
      const line = returned
        ? whole(ring, record, name, this.#posix)
        : beginning(ring, record, name);
      text += `${stamp(this.#tid, this.#threadName, timeUs)}${line}\n`;
    }
    ring.clear(pending);
    this.#append(new TextEncoder().encode(text));
  }

  /** A full disk ends the recording, not the server. */
  #append(bytes: Uint8Array): void {
    if (this.#out < 0 || bytes.length === 0) return;
    const written = this.#posix.write(this.#out, bytes, 0, bytes.length);
    if (written === bytes.length) return;
    this.#posix.close(this.#out);
    this.#out = -1;
  }

  #idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  #fileOf(fd: number): string {
    return this.#files.get(fd) ?? this.#learn(fd);
  }

  #learn(fd: number): string {
    const file = fd < 0 ? '' : socketFile(this.#posix, fd, this.#local, this.#remote);
    this.#files.set(fd, file);
    return file;
  }

  readonly #local: AddressAnswer = {};
  readonly #remote: AddressAnswer = {};
}

/** Takes down what a call that succeeded has moved or found. */
type Keeper = (
  ring: CallRing,
  record: number,
  args: readonly unknown[],
  result: number,
  posix: Posix,
) => void;

function keeperOf(name: string): Keeper {
  if (RECEIVES.has(name) || SENDS.has(name)) return keepTransfer;
  if (name.startsWith('epoll_') && WAITS.has(name)) return keepEvents;
  if (name === 'poll' || name === 'ppoll') return keepPolled;
  if (name === 'select' || name === 'pselect') return keepSelected;
  return ACCEPTS.has(name) || WAITS.has(name) || name === 'close' ? keepNothing : keepText;
}

function keepNothing(): void {}
/** Calls that are made seldom: their arguments become a text at once. */
function keepText(): void {}

/** With an address a socket becomes something else. */
const CHANGES_FILE = new Set(['bind', 'connect']);

const DESCRIPTOR_FIRST = new Set([
  ...[...RECEIVES, ...SENDS, ...ACCEPTS, ...CHANGES_FILE],
  ...['close', 'fcntl', 'dup', 'listen', 'shutdown', 'getsockname', 'getpeername', 'getsockopt'],
  ...['setsockopt', 'epoll_ctl', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'kevent'],
  ...['io_uring_enter', 'io_uring_register', 'ftruncate', 'fallocate', 'timerfd_settime'],
]);

/** No system calls, or none that anybody would look for. */
const SILENT = new Set([
  ...['addressOf', 'getpagesize', 'gettid', 'clock_gettime', '_exit'],
  ...['pthread_setname_np', 'pthread_getname_np'],
]);

/** Microseconds since 1970, as strace's -ttt has them. */
function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

/** A quiet server shows each call at once, a busy one writes two hundred times a second at most. */
const FLUSH_PERIOD_US = 5000;
const FLUSH_BURST = 32;
