/**
 * One request's arguments, as positions in the bytes they were parsed from: no string, no copy.
 * `bytes` is the driver's read buffer, a session's own buffer, or (inline commands with quotes)
 * a scratch buffer; the positions hold until the next request is parsed.
 */
export class Arguments {
  bytes: Uint8Array = new Uint8Array(0);
  /** How many arguments, the command's name included. */
  count = 0;
  /** `bytes[starts[i], ends[i])` is argument i. */
  starts = new Int32Array(INITIAL_CAPACITY);
  ends = new Int32Array(INITIAL_CAPACITY);

  clear(): void {
    this.count = 0;
  }

  /** Appends one argument; grows geometrically, so a huge announced count costs nothing up front. */
  push(start: number, end: number): void {
    if (this.count === this.starts.length) this.#grow();
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  length(index: number): number {
    return this.ends[index] - this.starts[index];
  }

  /** Argument `index` as text, one character a byte. For cold paths and messages only. */
  text(index: number): string {
    let text = '';
    for (let i = this.starts[index]; i < this.ends[index]; i++) {
      text += String.fromCharCode(this.bytes[i]);
    }
    return text;
  }

  /** Shifts every position by `delta`: the bytes have moved within or between buffers. */
  rebase(bytes: Uint8Array, delta: number): void {
    this.bytes = bytes;
    for (let i = 0; i < this.count; i++) {
      this.starts[i] += delta;
      this.ends[i] += delta;
    }
  }

  #grow(): void {
    const starts = new Int32Array(this.starts.length * 2);
    const ends = new Int32Array(this.ends.length * 2);
    starts.set(this.starts);
    ends.set(this.ends);
    this.starts = starts;
    this.ends = ends;
  }
}

/** Most commands have under ten arguments; a batch of MGET or MSET fits without growing. */
const INITIAL_CAPACITY = 64;
