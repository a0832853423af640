/**
 * Mass insertion: requests come ready-made from a descriptor and go to the server as they are,
 * while its replies are read and counted. An ECHO of a random word marks the last one.
 */
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { Disconnected } from './conversation.ts';
import { Intake } from './intake.ts';
import { argumentsOf, concatenate, encodeRequest } from './request.ts';
import { RespReader } from './resp-reader.ts';
import type { ClientSocket } from './socket.ts';
import { textOf, type Value } from './value.ts';

/** After the last request a server has so long to answer before it counts as hung; as redis-cli. */
const SILENCE_MS = 30_000;

export interface MassInsertion {
  readonly posix: Posix;
  /** The descriptor that the requests come from: a file, a pipe, a terminal. */
  readonly inputFd: number;
  readonly socket: ClientSocket;
  /** A word that nothing else answers: letters and digits. */
  readonly marker: string;
  /** A reply was an error; the rest goes on. */
  failed(message: string): void;
  /** Everything was sent. */
  sent(): void;
}

export interface MassResult {
  replies: number;
  errors: number;
  /** Whether the last reply came. */
  finished: boolean;
}

/** @throws SyscallError, ReplyError, Disconnected */
export function insertMass(parts: MassInsertion): MassResult {
  return new Pump(parts).run();
}

class Pump {
  readonly #parts: MassInsertion;
  readonly #input = new Intake();
  readonly #replies = new Intake();
  readonly #reader = new RespReader(this.#replies);
  readonly #result: MassResult = { replies: 0, errors: 0, finished: false };
  readonly #fds: Int32Array;
  #inputEnded = false;

  constructor(parts: MassInsertion) {
    this.#parts = parts;
    this.#fds = new Int32Array(2 * parts.posix.constants.POLLFD_WORDS);
  }

  run(): MassResult {
    while (!this.#result.finished) {
      if (!this.#wait()) return this.#result;
      this.#read();
      this.#send();
      this.#receive();
    }
    return this.#result;
  }

  /** Input is waited for only once what came before is sent: so little memory does for any file. */
  #wait(): boolean {
    const { posix, inputFd, socket } = this.#parts;
    const { POLLIN, POLLOUT, EINTR } = posix.constants;
    const isSending = this.#input.length > 0;
    this.#fds.set([
      ...[socket.fd, isSending ? POLLIN | POLLOUT : POLLIN],
      // A negative descriptor is passed over.
      ...[isSending || this.#inputEnded ? -1 : inputFd, POLLIN],
    ]);
    const timeoutMs = this.#inputEnded && !isSending ? SILENCE_MS : -1;
    const ready = posix.poll(this.#fds, 2, timeoutMs);
    return ready === -EINTR || check(ready, 'poll') > 0;
  }

  #read(): void {
    const { posix, inputFd, marker } = this.#parts;
    const { EAGAIN, EINTR } = posix.constants;
    const input = this.#input;
    if (this.#revents(1) === 0) return;
    input.reserve();
    const count = posix.read(inputFd, input.bytes, input.end, input.bytes.length - input.end);
    if (count === -EAGAIN || count === -EINTR) return;
    input.end += check(count, 'read');
    if (count > 0) return;
    this.#inputEnded = true;
    // An unfinished inline command before it ends here, and can't swallow the ECHO.
    const end = argumentsOf('\r\n')[0];
    input.append(concatenate([end, encodeRequest(argumentsOf('ECHO', marker))]));
    this.#parts.sent();
  }

  /** What poll said of descriptor 0 (the socket) or 1 (the input). */
  #revents(index: number): number {
    const { POLLFD_WORDS } = this.#parts.posix.constants;
    return this.#fds[index * POLLFD_WORDS + 1] >>> 16;
  }

  #send(): void {
    const input = this.#input;
    if (input.length === 0) return;
    input.start += this.#parts.socket.send(input.bytes.subarray(0, input.end), input.start);
    if (input.length === 0) input.clear();
  }

  #receive(): void {
    if ((this.#revents(0) & ~this.#parts.posix.constants.POLLOUT) === 0) return;
    const received = this.#parts.socket.receive(this.#replies);
    for (let reply = this.#reader.next(); reply !== undefined; reply = this.#reader.next()) {
      this.#count(reply);
    }
    if (received === 'end' && !this.#result.finished) {
      throw new Disconnected('Server closed the connection');
    }
  }

  #count(reply: Value): void {
    const { marker, failed } = this.#parts;
    if (this.#inputEnded && reply.kind === 'string' && textOf(reply) === marker) {
      this.#result.finished = true;
      return;
    }
    this.#result.replies++;
    if (reply.kind !== 'error') return;
    this.#result.errors++;
    failed(textOf(reply));
  }
}
