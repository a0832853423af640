/**
 * What every request parser is: pure and resumable. "Need more", "a request" and "error" are three
 * results; a clean end is the session's business (no bytes left when the peer says FIN).
 */
import type { Arguments } from './arguments.ts';

/** The bytes end inside a request: call again with the same start and a later end. */
export const NEED_MORE = 0;
/**
 * `args` holds one whole request (never an empty one); `next` is where the following one starts.
 */
export const REQUEST = 1;
/** The stream can't be followed any further: reply `error`, then close. */
export const PROTOCOL_ERROR = 2;
export type ParseResult = typeof NEED_MORE | typeof REQUEST | typeof PROTOCOL_ERROR;

export interface RequestParser {
  /**
   * Where the next request's arguments go. Between two requests it may be exchanged, so that
   * several can be parsed ahead; within an unfinished one it belongs to the parser's progress.
   */
  args: Arguments;
  /** `args` holds the beginning of a request. */
  readonly unfinished: boolean;
  /** After REQUEST or NEED_MORE: the first byte that still belongs to no finished request. */
  next: number;
  /** After PROTOCOL_ERROR: the whole error text, `ERR Protocol error: …`. */
  error: string;
  /** False holds the client to narrower limits, in protocols that have such. */
  authenticated: boolean;
  /**
   * After NEED_MORE: how many bytes from `next` the unfinished request takes at least, as far as
   * its announced lengths tell: what to allocate for a large value, once. 0 where nothing is known.
   */
  readonly expected: number;
  /**
   * After NEED_MORE: where the request's last argument begins, if its bytes and what ends them are
   * all that is missing; else -1. `args` holds those before it, and it ends two bytes before
   * `next + expected`.
   */
  readonly lastArgumentAt: number;
  /**
   * Parses the next request of `bytes[start, end)`. Skips what is no request (empty lines, `*0`).
   * After NEED_MORE the progress within the request is kept: the next call passes the same
   * unfinished request from its first byte (in the same or, after `moved`, another buffer), and no
   * byte already understood is scanned twice.
   */
  parse(bytes: Uint8Array, start: number, end: number): ParseResult;
  /**
   * Reads a request of the most usual kind into `args`, if one is there whole; between two requests
   * only. `next` is then behind it. Nothing else changes: `parse` will read it again.
   */
  glance(bytes: Uint8Array, start: number, end: number): boolean;
  /** The unfinished request now begins at `start` of `bytes`: positions follow it there. */
  moved(bytes: Uint8Array, start: number): void;
  /** Forgets the progress within an unfinished request, and lets go of the bytes it was in. */
  reset(): void;
}
