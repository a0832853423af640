/**
 * What was called lately: typed arrays, made once. Taking a record down allocates nothing; the
 * texts are made when the ring is emptied.
 */

/** Bytes of a request or reply that are kept: the commands that people look at are shorter. */
export const KEPT_BYTES = 256;
/** Descriptors that a wait returned, as far as they are kept: they share the place of the bytes. */
export const KEPT_READY = KEPT_BYTES / 4;
/** Records until the ring has to be emptied: some milliseconds of a server at full load. */
export const RING_RECORDS = 1024;
/** Numbers among a call's arguments that are kept. */
export const KEPT_NUMBERS = 5;

export class CallRing {
  length = 0;
  readonly startUs = new Float64Array(RING_RECORDS);
  /** Negative while the call has not returned. */
  readonly durationUs = new Float64Array(RING_RECORDS);
  /** Index of the call's name. */
  readonly call = new Uint16Array(RING_RECORDS);
  readonly result = new Int32Array(RING_RECORDS);
  readonly numbers = new Int32Array(RING_RECORDS * KEPT_NUMBERS);
  readonly numberCount = new Uint8Array(RING_RECORDS);
  /** The first of the numbers is a descriptor. */
  readonly descriptorFirst = new Uint8Array(RING_RECORDS);
  readonly bytes = new Uint8Array(RING_RECORDS * KEPT_BYTES);
  /** The same memory: pairs of words (descriptor, events) a ready descriptor. */
  readonly ready = new Int32Array(this.bytes.buffer);
  /** Bytes kept, or words of `ready`. */
  readonly kept = new Uint16Array(RING_RECORDS);
  /** How many bytes there were. */
  readonly moved = new Int32Array(RING_RECORDS);
  /** What the descriptors are, and the arguments of calls that are made once: references. */
  readonly file: string[] = new Array(RING_RECORDS).fill('');
  readonly resultFile: string[] = new Array(RING_RECORDS).fill('');
  readonly text: string[] = new Array(RING_RECORDS).fill('');
  /** The beginning of this call has been written out already. */
  readonly announced = new Uint8Array(RING_RECORDS);

  get full(): boolean {
    return this.length === RING_RECORDS;
  }

  /** A new record; the ring must not be full. */
  begin(call: number, startUs: number): number {
    const record = this.length++;
    this.call[record] = call;
    this.startUs[record] = startUs;
    this.durationUs[record] = -1;
    this.numberCount[record] = 0;
    this.kept[record] = 0;
    this.moved[record] = 0;
    this.announced[record] = 0;
    this.file[record] = '';
    this.resultFile[record] = '';
    this.text[record] = '';
    return record;
  }

  keepBytes(record: number, source: Uint8Array, start: number, length: number): void {
    const kept = Math.min(length, KEPT_BYTES);
    const at = record * KEPT_BYTES;
    for (let i = 0; i < kept; i++) this.bytes[at + i] = source[start + i];
    this.kept[record] = kept;
    this.moved[record] = length;
  }

  keepReady(record: number, fd: number, events: number): void {
    const kept = this.kept[record];
    if (kept + 2 > KEPT_READY) return;
    const at = record * KEPT_READY + kept;
    this.ready[at] = fd;
    this.ready[at + 1] = events;
    this.kept[record] = kept + 2;
  }

  /** Empties the ring, but for the call that is under way: it becomes the first record. */
  clear(pending: number): void {
    this.length = 0;
    if (pending < 0) return;
    const file = this.file[pending];
    const count = this.numberCount[pending];
    const next = this.begin(this.call[pending], this.startUs[pending]);
    this.numbers.copyWithin(
      next * KEPT_NUMBERS,
      pending * KEPT_NUMBERS,
      (pending + 1) * KEPT_NUMBERS,
    );
    this.numberCount[next] = count;
    this.descriptorFirst[next] = this.descriptorFirst[pending];
    this.file[next] = file;
    this.announced[next] = 1;
  }
}
