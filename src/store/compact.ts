/**
 * Keeps the holes of a heap few. Where more than an eighth of it is free, the sweep goes on: the
 * block behind a hole is slid down into it, the hole moves up past it, and swallows the holes that
 * it meets; at the top it is gone. Every mover's one owner is found through the block itself.
 */
import { type Arena, blockUnits, PREVIOUS_FREE, USED } from './arena.ts';
import {
  entryKeyAt,
  entryKeyBytes,
  HAS_EXPIRY,
  isPinned,
  KIND_DIRECTORY,
  KIND_ORPHAN,
  KIND_OVERFLOW,
  KIND_STAGED,
} from './entry.ts';
import { type KeyHash, tagOf } from './hash.ts';
import { CHANGING, FREE_UNITS, HEAP, IN_PROGRESS, LIVE_UNITS, SWEEP, TOP } from './layout.ts';
import { dropNote, moveNoted } from './recovery/undo-log.ts';
import { DIRECTORY, entrySlot, FIRST_SLOT, LINK, SLOTS, type Table, tagAt } from './table.ts';

/** 1/8 free: the heap is at most 1.15 times what lives in it. */
const FREE_SHIFT = 3;
/** Holes of a small heap are not worth moving anything for. */
const LEAST_FREE_UNITS = 8192;
/** 1 MiB, 0.1 ms: larger blocks stay where they are, so that no command waits for their copy. */
const LARGEST_MOVED_UNITS = 131_072;
/** Units that looking at a block, without moving it, is worth. */
const STEP_UNITS = 2;
/** Units that finding a moved block's owner is worth: a hash and a look into the table. */
const MOVE_UNITS = 4;

/** What compaction needs of a heap. */
export interface CompactedHeap {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly tables: readonly Table[];
  readonly rehash: KeyHash;
  readonly killable: boolean;
}

/** Whether so much of the heap is free that blocks should be moved. */
export function wantsCompaction(words: Int32Array): boolean {
  const free = words[FREE_UNITS];
  return free > LEAST_FREE_UNITS && free > (free + words[LIVE_UNITS]) >>> FREE_SHIFT;
}

/** Sweeps on until about `budgetUnits` units have been moved or looked at. */
export function compact(heap: CompactedHeap, budgetUnits: number): void {
  const words = heap.words;
  let left = budgetUnits;
  if (!wantsCompaction(words)) return;
  words[IN_PROGRESS] = CHANGING;
  while (left > 0 && wantsCompaction(words)) left -= step(heap);
  words[IN_PROGRESS] = 0;
}

/** One block of the sweep; returns what it cost. */
function step(heap: CompactedHeap): number {
  const words = heap.words;
  let at = words[SWEEP];
  if (at >= words[TOP]) at = HEAP;
  const word = words[at];
  const next = at + blockUnits(word) * 2;
  words[SWEEP] = next;
  if ((word & USED) !== 0) return STEP_UNITS;
  const units = blockUnits(words[next]);
  if (units > LARGEST_MOVED_UNITS || staysPut(words, next)) return STEP_UNITS;
  slide(heap, at, next, units);
  return MOVE_UNITS + units;
}

/** True when somebody outside of the lock reads the block or writes into it. */
function staysPut(words: Int32Array, at: number): boolean {
  const kind = words[at + 1] & 15;
  if (kind === KIND_STAGED || kind === KIND_ORPHAN) return true;
  return kind < KIND_STAGED && isPinned(words, at);
}

/** Moves the block at `from` down into the hole at `to`, which ends there. */
function slide(heap: CompactedHeap, to: number, from: number, units: number): void {
  const { words, arena } = heap;
  const hole = arena.takeHole(to);
  if (heap.killable) moveNoted(words, to, from, units * 2);
  else words.copyWithin(to, from, from + units * 2);
  words[to] &= ~PREVIOUS_FREE;
  rename(heap, from, to);
  dropNote(words);
  const left = to + units * 2;
  words[left] = 0;
  words[SWEEP] = left;
  arena.release(left, hole);
}

/** Tells the one who points to a block that it has moved. */
function rename(heap: CompactedHeap, from: number, to: number): void {
  const words = heap.words;
  const info = words[to + 1];
  const table = heap.tables[(info >>> 4) & 15];
  const kind = info & 15;
  if (kind === KIND_DIRECTORY) words[table.header + DIRECTORY] = to;
  else if (kind === KIND_OVERFLOW) renameOverflow(table, info >>> 8, from + 2, to + 2);
  else renameEntry(heap, table, from, to);
}

function renameOverflow(table: Table, index: number, from: number, to: number): void {
  const words = table.words;
  let bucket = table.bucketAt(index);
  while (words[bucket + LINK] !== from) bucket = words[bucket + LINK];
  words[bucket + LINK] = to;
}

function renameEntry(heap: CompactedHeap, table: Table, from: number, to: number): void {
  const words = heap.words;
  const hash = heap.rehash;
  hash.ofWords(words, entryKeyAt(words, to), entryKeyBytes(words, to));
  const expires = (words[to] & HAS_EXPIRY) !== 0;
  const before = entrySlot(from, expires);
  const tag = tagOf(hash.mark);
  let bucket = table.bucketAt(table.bucketOf(hash.index));
  for (;;) {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const at = bucket + FIRST_SLOT + slot;
      if (words[at] === before && tagAt(words, bucket, slot) === tag) {
        words[at] = entrySlot(to, expires);
        return;
      }
    }
    bucket = words[bucket + LINK];
  }
}
