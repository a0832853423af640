/**
 * Replies that a socket has not taken yet: bytes of ours and, perhaps, a value among them that is
 * lent and sent from where it lies. The owner of such an object calls `drop` in the end, whether
 * everything has been sent or not.
 */
import type { Loan } from '../bytes/loan.ts';
import type { Output } from './driver.ts';
import type { Transfer } from './transfer.ts';

export class Unsent {
  /** One behind the other; none of them is empty. */
  #pieces: Uint8Array[] = [];
  #loan: Loan | null = null;

  /** What `out` holds, in place: good until `out` is written to, unless `keep` is called. */
  static of(out: Output): Unsent {
    const unsent = new Unsent();
    const insertion = out.takeInsertion();
    const own = out.bytes.subarray(0, out.length);
    unsent.#pieces = insertion === null ? [own] : around(own, insertion.at, insertion.loan);
    unsent.#loan = insertion?.loan ?? null;
    return unsent;
  }

  /** Bytes that are nobody else's. */
  static ofBytes(bytes: Uint8Array): Unsent {
    const unsent = new Unsent();
    unsent.#pieces = [bytes];
    return unsent;
  }

  get done(): boolean {
    return this.#pieces.length === 0;
  }

  /** Bytes that are not lent. */
  get ownBytes(): number {
    return this.#pieces.reduce((sum, piece) => (this.#isLent(piece) ? sum : sum + piece.length), 0);
  }

  /** Copies what is not lent: others need that memory next. */
  keep(): this {
    this.#pieces = this.#pieces.map((piece) => (this.#isLent(piece) ? piece : piece.slice()));
    return this;
  }

  /**
   * Sends until all is sent or the socket is full. Returns 0, or -errno of the call that failed
   * (EAGAIN: the socket was full to begin with).
   */
  send(transfer: Transfer, fd: number): number {
    for (;;) {
      const sent = this.#sendOnce(transfer, fd);
      if (sent < 0) return sent;
      if (!this.#remove(sent) || this.done) return 0;
    }
  }

  /** Gives back what is lent. */
  drop(): void {
    this.#pieces = [];
    this.#loan?.giveBack();
    this.#loan = null;
  }

  #sendOnce(transfer: Transfer, fd: number): number {
    const [first] = this.#pieces;
    if (this.#pieces.length > 1) return transfer.sendPieces(fd, this.#pieces);
    return transfer.send(fd, first, 0, first.length);
  }

  /** Takes away what was sent. True: it ended with a piece, so the socket may take another one. */
  #remove(sent: number): boolean {
    let left = sent;
    while (left > 0 && left >= this.#pieces[0].length) left -= this.#pieces.shift()!.length;
    if (left > 0) this.#pieces[0] = this.#pieces[0].subarray(left);
    return left === 0 && sent > 0;
  }

  #isLent(piece: Uint8Array): boolean {
    return piece.buffer === this.#loan?.bytes.buffer;
  }
}

function around(own: Uint8Array, at: number, { bytes, start, end }: Loan): Uint8Array[] {
  const pieces = [own.subarray(0, at), bytes.subarray(start, end), own.subarray(at)];
  return pieces.filter((piece) => piece.length > 0);
}
