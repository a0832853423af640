/** The checker finds what is broken, and itself survives anything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockUnits } from '../../src/store/arena.ts';
import { Directory } from '../../src/store/directory.ts';
import { KeyHash } from '../../src/store/hash.ts';
import {
  BINS,
  DIRECTORY_BYTES,
  FREE_UNITS,
  HEAP,
  LIVE_UNITS,
  NOTE,
  PAGE_WORDS,
  PAGES,
  SWEEP,
  TABLES,
  TOP,
} from '../../src/store/layout.ts';
import { putRight } from '../../src/store/recovery/rebuild.ts';
import { verifySegment } from '../../src/store/recovery/verify.ts';
import { bufferRegion } from '../../src/store/region.ts';
import { Segment } from '../../src/store/segment.ts';
import { openStore } from '../../src/store/store.ts';
import { FIRST_SLOT, KEYS, KEYS_WITH_EXPIRY, LINK } from '../../src/store/table.ts';
import { NOW, put, remove } from './fixture.ts';

/** A segment with holes, overflows and expiries. */
function filledSegment(): Segment {
  const directory = bufferRegion(new ArrayBuffer(DIRECTORY_BYTES));
  const region = bufferRegion(new ArrayBuffer(512 * 1024));
  const store = openStore({
    directory,
    segments: [region],
    seed: [1, 2],
    threads: false,
    random: () => 0.5,
    elapsedMs: () => 0,
  });
  for (let i = 0; i < 1000; i += 1) {
    const expireAtMs = i % 5 === 0 ? NOW + 1000 : -1;
    put(store, `key ${i}`, 'v'.repeat(i % 90), { expireAtMs });
  }
  for (let i = 0; i < 1000; i += 7) remove(store, `key ${i}`);
  return new Segment(region, new Directory(directory), new KeyHash(1, 2), () => true);
}

/** First word of the first block for which `wanted` holds. */
function blockWhere(segment: Segment, wanted: (word: number, at: number) => boolean): number {
  const { words } = segment;
  let at = HEAP;
  while (!wanted(words[at], at)) at += blockUnits(words[at]) * 2;
  return at;
}

const isFree = (word: number) => (word & 1) === 0;
const isEntry = (word: number) => (word & 5) === 1;

describe('the checker', () => {
  it('finds nothing wrong with a segment that is whole', () => {
    expect(verifySegment(filledSegment())).toEqual([]);
  });

  it.each<[string, (segment: Segment) => number]>([
    ['the magic', () => 0],
    ['the top', () => TOP],
    ['the sum of free units', () => FREE_UNITS],
    ['the sum of live units', () => LIVE_UNITS],
    ['the sweep', () => SWEEP],
    ['the number of pages', () => PAGES],
    ['a bin', ({ words }) => BINS + words.subarray(BINS, TABLES).findIndex((head) => head !== 0)],
    ['a count of keys', () => TABLES + KEYS],
    ['a count of expiries', () => TABLES + KEYS_WITH_EXPIRY],
    ['the size of an entry', (segment) => blockWhere(segment, isEntry)],
    ['the table of an entry', (segment) => blockWhere(segment, isEntry) + 1],
    ['a key', (segment) => blockWhere(segment, isEntry) + 2],
    ['the size of a hole', (segment) => blockWhere(segment, isFree)],
    ['the list of holes', (segment) => blockWhere(segment, isFree) + 1],
    ['a tag', (segment) => segment.arena.endWord - PAGE_WORDS],
    ['a link', (segment) => segment.arena.endWord - PAGE_WORDS + LINK],
    ['a slot', (segment) => segment.arena.endWord - PAGE_WORDS + FIRST_SLOT],
  ])('finds a change to %s', (_name, place) => {
    const segment = filledSegment();
    segment.words[place(segment)] ^= 0x10;
    expect(verifySegment(segment)).not.toEqual([]);
  });

  it('survives any change, as does who puts the segment right, or empties it', () => {
    const segment = filledSegment();
    const whole = segment.words.slice();
    const places = fc.oneof(
      fc.integer({ min: 0, max: NOTE + 16 }),
      fc.integer({ min: HEAP, max: whole[TOP] }),
      fc.integer({ min: whole.length - 3 * PAGE_WORDS, max: whole.length - 1 }),
    );
    const changes = fc.array(fc.tuple(places, fc.integer()), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(changes, (list) => {
        segment.words.set(whole);
        for (const [at, value] of list) segment.words[at] = value;
        verifySegment(segment);
        if (!putRight(segment)) segment.reset();
        expect(verifySegment(segment)).toEqual([]);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
