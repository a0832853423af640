/** One connection's requests and answers, in turn; the waiting caller is told how it goes. */
import type { SocketAddress } from '../posix/address.ts';
import type { Posix } from '../posix/posix.ts';
import type { Answer, Dialect } from './dialect.ts';
import type { Intake } from './intake.ts';
import { isAccepted } from './reception.ts';
import { ClientSocket, type Direction } from './socket.ts';

/** What a connection is waiting for when its patience is tried. */
export type Delay = 'connecting' | 'not accepted' | 'no answer';

/** How to wait: in one piece, or in slices between which the event loop turns. */
export interface Patience {
  /** The longest single poll; -1 for no end. */
  readonly sliceMs: number;
  /** Milliseconds of any monotonic clock. */
  now(): number;
  /** Nothing has come for `NOTICE_MS` on a connection that has not had an answer yet. */
  slow(why: Delay): void;
  /** What `slow` told of is over, one way or the other. */
  over(): void;
  /** Between two slices; throws GivenUp where somebody pressed Ctrl-C. */
  turn(): Promise<void>;
}

/** The user doesn't want to wait any longer. */
export class GivenUp extends Error {}

/** The server closed in the middle of an answer, or before it. */
export class Disconnected extends Error {}

/** Longer than any healthy server needs, shorter than it takes to wonder. */
export const NOTICE_MS = 300;

export interface Medium {
  readonly posix: Posix;
  readonly intake: Intake;
  readonly dialect: Dialect;
  readonly patience: Patience;
}

export class Conversation {
  readonly socket: ClientSocket;
  readonly #medium: Medium;
  #isAnswered = false;
  #noticed = false;
  #sinceMs: number;

  private constructor(medium: Medium, address: SocketAddress) {
    this.#medium = medium;
    this.#sinceMs = medium.patience.now();
    this.socket = ClientSocket.connect(medium.posix, address);
  }

  /** @throws SyscallError, GivenUp; nothing is left open then. */
  static async open(medium: Medium, address: SocketAddress): Promise<Conversation> {
    const conversation = new Conversation(medium, address);
    try {
      await conversation.#until('out', 'connecting');
      conversation.socket.finish();
    } catch (error) {
      conversation.close();
      throw error;
    }
    return conversation;
  }

  /**
   * Whether the server is gone, seen before anything is sent: so nothing is ever sent twice. Takes
   * what came unasked for.
   */
  get isOver(): boolean {
    if (!this.socket.wait('in', 0)) return false;
    try {
      return this.socket.receive(this.#medium.intake) === 'end';
    } catch {
      return true;
    }
  }

  /**
   * Sends a request. A server that has closed may have said why before: then `receive` gets that.
   * @throws SyscallError, GivenUp
   */
  async send(request: Uint8Array): Promise<void> {
    this.#sinceMs = this.#medium.patience.now();
    let sent = 0;
    while (sent < request.length) {
      const count = this.#sendSome(request, sent);
      if (count < 0) return;
      sent += count;
      if (count === 0) await this.#until('out', 'no answer');
    }
  }

  /** -1 where the server has closed but something it said is still to be read. */
  #sendSome(request: Uint8Array, start: number): number {
    try {
      return this.socket.send(request, start);
    } catch (error) {
      if (this.socket.receive(this.#medium.intake) === 'bytes') return -1;
      throw error;
    }
  }

  /** @throws SyscallError, ReplyError, Disconnected, GivenUp */
  async receive(): Promise<Answer> {
    const { dialect, intake } = this.#medium;
    for (;;) {
      const answer = dialect.next();
      if (answer !== undefined) return answer;
      await this.#until('in', 'no answer');
      const received = this.socket.receive(intake);
      if (received === 'bytes') this.#isAnswered = true;
      if (received !== 'end') continue;
      const last = dialect.next() ?? dialect.atEnd();
      if (last === undefined) throw new Disconnected('Server closed the connection');
      return last;
    }
  }

  close(): void {
    this.socket.close();
  }

  async #until(direction: Direction, why: Delay): Promise<void> {
    const { patience } = this.#medium;
    try {
      while (!this.socket.wait(direction, this.#sliceMs())) {
        if (this.#noticeMs() <= 0) this.#notice(why);
        await patience.turn();
      }
    } finally {
      if (this.#noticed) patience.over();
      this.#noticed = false;
    }
  }

  #sliceMs(): number {
    const { sliceMs } = this.#medium.patience;
    const noticeMs = this.#noticeMs();
    if (noticeMs === Number.POSITIVE_INFINITY) return sliceMs;
    const untilNotice = Math.max(0, Math.ceil(noticeMs));
    return sliceMs < 0 ? untilNotice : Math.min(sliceMs, untilNotice);
  }

  /** Until the notice is due; a connection that was answered once has been accepted. */
  #noticeMs(): number {
    if (this.#isAnswered || this.#noticed) return Number.POSITIVE_INFINITY;
    return this.#sinceMs + NOTICE_MS - this.#medium.patience.now();
  }

  #notice(why: Delay): void {
    this.#noticed = true;
    const { posix, patience } = this.#medium;
    const waits = why === 'no answer' && isAccepted(posix, this.socket.fd) === false;
    patience.slow(waits ? 'not accepted' : why);
  }
}
