/** What the scenarios of the matrix need to know of a protocol: bytes in, bytes out. */
import type { ProtocolName } from '../../../src/server/protocols.ts';

export interface Exchange {
  readonly request: string;
  readonly reply: string;
}

/** What it shows, bytes in, bytes out. */
export type Conversation = [what: string, request: string, reply: string];

export interface Dialect {
  readonly protocol: ProtocolName;
  /** The client ends each with FIN, after its last request; then the server closes, too. */
  readonly conversations: readonly Conversation[];
  /** The server closes before it has read everything: what comes later is not answered. */
  readonly endedByServer: readonly Conversation[];
  /** An exchange that can be told from its neighbours. */
  numbered(number: number): Exchange;
  /** One that carries some `length` bytes both ways. */
  large(length: number): Exchange;
  /** The largest `length` for `large`. */
  readonly largest: number;
  /** A request's beginning, without its end. */
  readonly unfinished: string;
  /** Leaves a value behind, and reads it. Absent: the protocol keeps nothing. */
  readonly write?: Exchange;
  readonly read?: Exchange;
  /** The client says that it goes. Absent: there is no word for it. */
  readonly farewell?: Exchange;
  /** What the protocol can't take. Absent: it takes everything. */
  readonly mistake?: Exchange;
  /** Replaces what differs from run to run by as many bytes that don't. */
  mask?(replies: string): string;
}
