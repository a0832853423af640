/**
 * The replies on their way: one send at most for each connection.
 *
 * A send is first made without waiting. The kernel does it while the entry is submitted, and tells
 * of its failure only (IOSQE_CQE_SKIP_SUCCESS), a short count and EAGAIN included: so when the
 * kernel has taken the entry and the completions tell nothing else, the send is done. That spares
 * a completion for every reply, and a wait that would end at once for nothing but our own sends.
 *
 * What a full socket has not taken is sent again, this time for as long as it takes. A reply with
 * a value that is lent is sent in that way from the beginning: it fills the socket in any case.
 */
import type { Posix } from '../../posix/posix.ts';
import type { DriverContext, Output, RequestTrace } from '../driver.ts';
import type { Connection } from './connection.ts';
import { LentSend } from './lent-send.ts';
import type { Requests } from './requests.ts';
import { SendBuffers } from './send-buffers.ts';

export class Sends {
  /**
   * Some connection goes on when its reply has gone, whether or not anything else happens: the next
   * io_uring_enter is not to wait.
   */
  urgent = false;

  readonly #posix: Posix;
  readonly #requests: Requests;
  readonly #trace: RequestTrace | undefined;
  readonly #buffers: SendBuffers;
  readonly #again: readonly number[];
  /** Not known to be done; both arrays only grow, so as not to be made anew each turn. */
  #quick: Connection[] = [];
  #quickCount = 0;
  #spare: Connection[] = [];

  constructor(context: DriverContext, requests: Requests) {
    const { EAGAIN, EINTR } = context.posix.constants;
    this.#posix = context.posix;
    this.#requests = requests;
    this.#trace = context.requests;
    this.#buffers = new SendBuffers(context.posix);
    this.#again = [-EAGAIN, -EINTR];
  }

  /** Whether there are sends whose outcome the next io_uring_enter shows. */
  get pending(): boolean {
    return this.#quickCount > 0;
  }

  /** Queues what `out` holds, and empties it. */
  start(connection: Connection, out: Output): void {
    if (out.insertion !== null) return this.#startLent(connection, out);
    const { fd, generation } = connection;
    const buffer = this.#buffers.hold(out.bytes, out.length);
    connection.sending = buffer;
    connection.sendStart = 0;
    connection.sendEnd = out.length;
    this.#trace?.submitted('send', fd, out.bytes, 0, out.length);
    out.clear();
    const { addressLow: low, addressHigh: high } = buffer;
    connection.entry = this.#requests.send(fd, generation, low, high, connection.sendEnd);
    this.#queue(connection);
  }

  #queue(connection: Connection): void {
    if (connection.queued) return;
    connection.queued = true;
    this.#quick[this.#quickCount++] = connection;
  }

  #startLent(connection: Connection, out: Output): void {
    const buffers = this.#buffers;
    const own = buffers.hold(out.bytes, out.length);
    const lent = new LentSend(this.#posix, buffers, own, out.length, out.takeInsertion()!);
    out.clear();
    connection.sending = own;
    connection.lent = lent;
    connection.sendStart = 0;
    connection.sendEnd = lent.lengthBytes;
    this.#sendRest(connection);
  }

  /** For as long as it takes. */
  #sendRest(connection: Connection): void {
    const { fd, generation, sending, lent, sendStart, sendEnd } = connection;
    connection.stalled = true;
    if (lent === null) {
      const [low, high] = sending!.addressAt(sendStart);
      this.#requests.sendAll(fd, generation, low, high, sendEnd - sendStart);
    } else {
      const [low, high] = lent.write(sendStart);
      this.#requests.sendMessage(fd, generation, low, high, sendEnd - sendStart);
    }
  }

  /**
   * A send's completion has come. What it leaves over is sent anew; false: nothing is left over, or
   * the send has failed.
   */
  goesOn(connection: Connection, result: number): boolean {
    if (result < 0 && !this.#again.includes(result)) return false;
    connection.sendStart += Math.max(result, 0);
    if (connection.sendStart === connection.sendEnd) return false;
    this.#sendRest(connection);
    return true;
  }

  /**
   * Calls `done` for each connection whose send has succeeded by not being told of: the kernel has
   * taken its entry. `done` may start further sends.
   */
  settle(done: (connection: Connection) => void): void {
    const connections = this.#quick;
    const count = this.#quickCount;
    this.#quick = this.#spare;
    this.#quickCount = 0;
    this.#spare = connections;
    for (let i = 0; i < count; i++) {
      const connection = connections[i];
      connection.queued = false;
      if (connection.sending === null || connection.stalled) continue;
      if (this.#requests.hasTaken(connection.entry)) done(connection);
      else this.#queue(connection);
    }
  }

  /** The kernel is done with the connection's bytes. */
  finish(connection: Connection): void {
    this.#buffers.release(connection.sending!);
    connection.lent?.finish(this.#buffers);
    connection.lent = null;
    connection.sending = null;
    connection.stalled = false;
  }

  /** Unmaps the buffers; no send may be under way. */
  close(): void {
    this.#buffers.close();
  }
}
