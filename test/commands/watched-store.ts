/** The real store over plain memory, which also tells how it was opened and can be made full. */

import { Directory } from '../../src/store/directory.ts';
import { DIRECTORY_BYTES, WATCHERS } from '../../src/store/layout.ts';
import { bufferRegion } from '../../src/store/region.ts';
import { SegmentedStore } from '../../src/store/store.ts';

const SEGMENT_BYTES = 4 * 2 ** 20;
/** Less than an empty segment takes. */
const NO_ROOM = 1;

export class WatchedStore extends SegmentedStore {
  /** What the last `begin` asked for; undefined before it and after `end`. */
  opened: { write: boolean; whole: boolean } | undefined;
  readonly #words: Int32Array;

  constructor() {
    const region = bufferRegion(new ArrayBuffer(DIRECTORY_BYTES));
    const directory = new Directory(region);
    directory.format({ seed: [0x12345678, 0x9abcdef0], databases: 16, segments: 1 });
    directory.configure({ limitBytes: 0, policy: 'noeviction' });
    const options = {
      directory: region,
      segments: [bufferRegion(new ArrayBuffer(SEGMENT_BYTES))],
      threads: false,
      random: () => 0,
      elapsedMs: () => 0,
    };
    super(options, directory, true);
    this.#words = region.words;
  }

  /** From here on nothing that needs memory is done. */
  set full(full: boolean) {
    this.configure({ limitBytes: full ? NO_ROOM : 0 });
  }

  /** Connections that watch keys. */
  get watchers(): number {
    return this.#words[WATCHERS];
  }

  override begin(nowMs: number, write: boolean, whole: boolean): void {
    this.opened = { write, whole };
    super.begin(nowMs, write, whole);
  }

  override end(): void {
    this.opened = undefined;
    super.end();
  }
}
