/**
 * A reply in the middle of which a value is lent: one IORING_OP_SENDMSG sends what is before it,
 * the value from where it lies, and what is behind it. The kernel reads the msghdr, the list and
 * all the bytes until it is done.
 */

import type { Insertion } from '../../bytes/loan.ts';
import type { Posix } from '../../posix/posix.ts';
import type { SendBuffer, SendBuffers } from './send-buffers.ts';

export class LentSend {
  /** Bytes in all. */
  readonly lengthBytes: number;
  readonly #posix: Posix;
  readonly #insertion: Insertion;
  /** Where each part begins, and how long it is. */
  readonly #parts: readonly (readonly [address: number, lengthBytes: number])[];
  /** For the msghdr and the list. */
  readonly #message: SendBuffer;

  /** `own` holds the `ownBytes` that are not lent. */
  constructor(
    posix: Posix,
    buffers: SendBuffers,
    own: SendBuffer,
    ownBytes: number,
    insertion: Insertion,
  ) {
    const { loan, at } = insertion;
    const { msghdr, iovec } = posix.layouts;
    this.#posix = posix;
    this.#insertion = insertion;
    this.lengthBytes = ownBytes + loan.end - loan.start;
    this.#parts = [
      [own.address, at],
      [posix.addressOf(loan.bytes) + loan.start, loan.end - loan.start],
      [own.address + at, ownBytes - at],
    ];
    const blank = new Uint8Array(msghdr.size + this.#parts.length * iovec.size);
    this.#message = buffers.hold(blank, blank.length);
  }

  /** Writes the message that says what is left after `sent` bytes; returns its address. */
  write(sent: number): readonly [low: number, high: number] {
    const { msghdr, iovec } = this.#posix.layouts;
    const parts = behind(this.#parts, sent);
    const list = msghdr.size;
    this.#put(msghdr.fields.iov.offset, this.#message.address + list);
    this.#put(msghdr.fields.iovlen.offset, parts.length);
    parts.forEach(([address, lengthBytes], i) => {
      this.#put(list + i * iovec.size + iovec.fields.base.offset, address);
      this.#put(list + i * iovec.size + iovec.fields.len.offset, lengthBytes);
    });
    return this.#message.addressAt(0);
  }

  /** The kernel is done with it. */
  finish(buffers: SendBuffers): void {
    buffers.release(this.#message);
    this.#insertion.loan.giveBack();
  }

  /** A pointer or a size_t. */
  #put(at: number, value: number): void {
    const { buffer, byteOffset } = this.#message.bytes;
    new DataView(buffer, byteOffset).setBigUint64(at, BigInt(value), true);
  }
}

/** The parts without their first `skipped` bytes; none of them is empty. */
function behind(
  parts: readonly (readonly [address: number, lengthBytes: number])[],
  skipped: number,
): (readonly [address: number, lengthBytes: number])[] {
  let left = skipped;
  return parts.flatMap(([address, lengthBytes]) => {
    const gone = Math.min(left, lengthBytes);
    left -= gone;
    return gone === lengthBytes ? [] : [[address + gone, lengthBytes - gone] as const];
  });
}
