/** Passwords among the bytes that a thread moves: stars in their place before they are kept. */
import { ACCEPTS, RECEIVES, SUBMISSION } from '../calls.ts';
import { STAR } from '../secrets/mask.ts';
import { type Hide, RequestSecrets } from '../secrets/requests.ts';
import { findSettings } from '../secrets/settings.ts';
import { eachPart } from './arguments.ts';
import { type CallRing, KEPT_BYTES } from './ring.ts';

export class RecordedSecrets {
  /** What each client is in the middle of saying. */
  readonly #requests = new Map<number, RequestSecrets>();

  /** After a call that moved bytes, which the ring has kept. */
  cover(ring: CallRing, record: number, name: string, args: readonly unknown[]): void {
    const fd = args[0] as number;
    let done = 0;
    const covers = RECEIVES.has(name);
    eachPart(args, ring.result[record], (bytes, start, length) => {
      if (covers) this.#scan(ring, record, fd, bytes, start, length, done);
      done += length;
    });
    coverSettings(ring, record);
  }

  /** The same for what io_uring has received or is to send. */
  coverRequest(
    ring: CallRing,
    record: number,
    name: string,
    fd: number,
    part: { bytes: Uint8Array; start: number; length: number },
  ): void {
    if (RECEIVES.has(name)) this.#scan(ring, record, fd, part.bytes, part.start, part.length, 0);
    coverSettings(ring, record);
  }

  /** A descriptor begins a conversation of its own. */
  forget(name: string, fd: number, result: number): void {
    if (name === 'close' || name === `${SUBMISSION}close`) this.#requests.delete(fd);
    else if (ACCEPTS.has(name)) this.#requests.delete(result);
  }

  /** `done` bytes of this call came before. */
  #scan(
    ring: CallRing,
    record: number,
    fd: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    done: number,
  ): void {
    const requests = this.#requests.get(fd) ?? new RequestSecrets();
    this.#requests.set(fd, requests);
    const hide = covering(ring, record);
    const shift = done - start;
    requests.scan(bytes, start, start + length, (from, to) => hide(from + shift, to + shift));
  }
}

/** Covers kept bytes by their place in what was moved. */
function covering(ring: CallRing, record: number): Hide {
  const at = record * KEPT_BYTES;
  const kept = ring.kept[record];
  return (from, to) => {
    if (from < kept) ring.bytes.fill(STAR, at + from, at + Math.min(to, kept));
  };
}

function coverSettings(ring: CallRing, record: number): void {
  const at = record * KEPT_BYTES;
  findSettings(ring.bytes, at, at + ring.kept[record], (from, to) => {
    ring.bytes.fill(STAR, from, to);
  });
}
