/**
 * Bytes of several connections in one buffer, one connection's behind the other's: what a turn has
 * received, or what it is about to send.
 */
import type { Connection } from './connection.ts';

export class Pieces {
  readonly bytes: Uint8Array;
  /** Piece `i` is `bytes[ends[i - 1], ends[i])`, and belongs to `connections[i]`. */
  readonly connections: Connection[] = [];
  readonly ends: Int32Array;
  count = 0;

  constructor(bytes: Uint8Array, most: number) {
    this.bytes = bytes;
    this.ends = new Int32Array(most);
  }

  get full(): boolean {
    return this.count === this.ends.length;
  }

  /** Where the last piece ends, and the next one begins. */
  get end(): number {
    return this.count === 0 ? 0 : this.ends[this.count - 1];
  }

  /** The next `lengthBytes`, which are there already, are the connection's. Not when `full`. */
  add(connection: Connection, lengthBytes: number): void {
    const { count, end } = this;
    this.connections[count] = connection;
    this.ends[count] = end + lengthBytes;
    this.count = count + 1;
  }

  /** Copies `source[0, lengthBytes)` behind the others. There must be room for it. */
  append(connection: Connection, source: Uint8Array, lengthBytes: number): void {
    const { bytes, end } = this;
    if (lengthBytes > SHORT_BYTES) bytes.set(source.subarray(0, lengthBytes), end);
    else for (let i = 0; i < lengthBytes; i++) bytes[end + i] = source[i];
    this.add(connection, lengthBytes);
  }
}

/** Fewer are copied in less time than a view of them takes to make. */
const SHORT_BYTES = 64;
/** Clients whose requests are run together: the first one's reply is not to wait for more. */
export const GATHERED = 32;
/** Nor for more bytes than these to be run: the processor's first cache holds as many. */
export const GATHERED_BYTES = 16 * 1024;
/** A longer reply keeps its client busy by itself. */
export const LONGEST_KEPT_BYTES = 4096;
export const REPLIES_BYTES = GATHERED * LONGEST_KEPT_BYTES;
