/** What a client has to know about a protocol: how a request is put, where an answer ends. */
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Delimiters, OutputStyle } from './format/format.ts';
import type { Value } from './value.ts';

/** A whole answer. */
export interface Answer {
  /** The server refused, or could not. */
  readonly failed: boolean;
  /** The refusal as one line; '' where there was none. */
  readonly error: string;
  /** What RESP says in types; undefined in the other protocols. */
  readonly value: Value | undefined;
  /** Appends the answer as it is shown. `asText`: bare, for texts that have lines of their own. */
  print(out: ReplyBuffer, style: OutputStyle, asText: boolean, delimiters: Delimiters): void;
}

export interface Dialect {
  /**
   * The bytes of a request.
   * @throws RequestError where this protocol can't say it.
   */
  encode(args: readonly Uint8Array[]): Uint8Array;
  /** The next whole answer of what has come; undefined where its rest is still missing. */
  next(): Answer | undefined;
  /**
   * What is there counts as the answer, since the server has closed; undefined where it doesn't.
   */
  atEnd(): Answer | undefined;
  /** Whether the server closes behind the answer that `next` returned last. */
  readonly closes: boolean;
  /** A new connection: nothing of the old one counts. */
  reset(): void;
}

/** Something that can't be asked in this protocol. */
export class RequestError extends Error {}
