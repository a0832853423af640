/**
 * Replies to pipelined batches, kept back until several clients' can be sent one behind the other.
 * A send to a client that sleeps has to wake it, on another CPU, and that takes longer than all
 * else that a send does; if the next reply follows while the client is still busy with this one,
 * it finds it awake. Long batches alone are worth it: they are what a client works on for a while.
 */
import type { Connection } from './connection.ts';

/** A receive of less is answered at once. */
export const LONG_BATCH_BYTES = 2048;
/** Clients whose replies are kept back together: the first one's does not wait for more. */
const MOST_REPLIES = 16;
const CAPACITY_BYTES = 64 * 1024;
/** A longer reply keeps its client busy by itself. */
const LONGEST_REPLY_BYTES = CAPACITY_BYTES / MOST_REPLIES;

export class WaitingReplies {
  readonly bytes = new Uint8Array(CAPACITY_BYTES);
  /** Reply `i` is `bytes[ends[i - 1], ends[i])`, and `connections[i]` is to get it. */
  readonly connections: Connection[] = [];
  readonly ends = new Int32Array(MOST_REPLIES);
  count = 0;

  get full(): boolean {
    return this.count === MOST_REPLIES;
  }

  /** Copies the reply; false where it is too long to wait. Not to be called when `full`. */
  add(connection: Connection, reply: Uint8Array, lengthBytes: number): boolean {
    if (lengthBytes > LONGEST_REPLY_BYTES) return false;
    const start = this.count === 0 ? 0 : this.ends[this.count - 1];
    this.bytes.set(reply.subarray(0, lengthBytes), start);
    this.connections[this.count] = connection;
    this.ends[this.count] = start + lengthBytes;
    this.count++;
    return true;
  }
}
