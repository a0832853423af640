/**
 * The echo protocol: bytes in one end of a tube, the same bytes out of the other (RFC 862). It has
 * no requests and keeps nothing between two reads, so one session serves every connection.
 */
import type { ReplyBuffer } from './reply-buffer.ts';

export interface EchoSession {
  receive(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void;
  end(out: ReplyBuffer): void;
  readonly closing: boolean;
  readonly lingering: boolean;
  readonly paused: boolean;
}

export const echo: EchoSession = Object.freeze({
  /** Never pauses: what it appends is bounded by one read. */
  receive(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    out.append(input, start, end);
  },
  end(): void {},
  closing: false,
  lingering: false,
  paused: false,
});
