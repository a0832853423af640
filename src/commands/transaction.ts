/** What a connection has queued since MULTI: copies of the requests, one behind another. */
import type { Buffers } from '../bytes/buffers.ts';
import { Words } from '../bytes/words.ts';
import type { Arguments } from '../protocol/arguments.ts';
import type { CommandFacts } from './command.ts';

/** Positions are 32-bit; as much as one request may measure. */
export const MAX_QUEUED_BYTES = 1024 ** 3;
const INITIAL_BYTES = 512;
const INITIAL_POSITIONS = 32;

export class Transaction<Command extends CommandFacts> {
  /** A request was refused: EXEC will refuse them all. */
  failed = false;
  /** By the bits of ACCESS_* in row.ts, over all requests. */
  access = 0;
  readonly commands: Command[] = [];
  #bytes: Uint8Array;
  #length = 0;
  /** Where each request begins and how many arguments it has, then where each of these ends. */
  #positions: Words;
  #used = 0;
  readonly #buffers: Buffers;

  constructor(buffers: Buffers) {
    this.#buffers = buffers;
    this.#bytes = buffers.take(INITIAL_BYTES);
    this.#positions = new Words(buffers, INITIAL_POSITIONS);
  }

  /** The queue is not needed any more. */
  release(): void {
    this.#buffers.giveBack(this.#bytes);
    this.#positions.release();
  }

  get count(): number {
    return this.commands.length;
  }

  /** Bytes of the requests' arguments. */
  get lengthBytes(): number {
    return this.#length;
  }

  /** What the queue takes. */
  get takenBytes(): number {
    return this.#bytes.length + this.#positions.words.byteLength;
  }

  /** Queues a copy of the request. False: there is too much already. */
  add(args: Arguments, command: Command): boolean {
    let bytes = 0;
    for (let i = 0; i < args.count; i++) bytes += args.length(i);
    if (this.#length + bytes > MAX_QUEUED_BYTES) return false;
    this.#reserve(bytes, args.count + 2);
    this.#positions.words[this.#used++] = this.#length;
    this.#positions.words[this.#used++] = args.count;
    for (let i = 0; i < args.count; i++) {
      this.#bytes.set(args.bytes.subarray(args.starts[i], args.ends[i]), this.#length);
      this.#length += args.length(i);
      this.#positions.words[this.#used++] = this.#length;
    }
    this.commands.push(command);
    this.access |= command.access;
    return true;
  }

  /** Fills `args` with each request in turn and has it run. */
  forEach(args: Arguments, run: (command: Command) => void): void {
    let at = 0;
    args.bytes = this.#bytes;
    for (const command of this.commands) {
      let start = this.#positions.words[at];
      const count = this.#positions.words[at + 1];
      at += 2;
      args.clear();
      for (let i = 0; i < count; i++) {
        const end = this.#positions.words[at++];
        args.push(start, end);
        start = end;
      }
      run(command);
    }
  }

  #reserve(bytes: number, positions: number): void {
    if (this.#length + bytes > this.#bytes.length) {
      const grown = this.#buffers.take(Math.max(this.#bytes.length * 2, this.#length + bytes));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#buffers.giveBack(this.#bytes);
      this.#bytes = grown;
    }
    const { length } = this.#positions.words;
    if (this.#used + positions > length) {
      this.#positions.resize(Math.max(length * 2, this.#used + positions), this.#used);
    }
  }
}
