/**
 * The blocks that owners have noted as theirs, in each owner's line of a segment: what is staged or
 * pinned (tickets.ts). What a dead owner had is found there, and let go of.
 */
import { blockUnits } from './arena.ts';
import { KIND_ORPHAN, KIND_STAGED, setPins } from './entry.ts';
import { CHANGING, FIRST_TICKET, HEAP, HELD, IN_PROGRESS, LINE_WORDS, READERS } from './layout.ts';
import type { Segment } from './segment.ts';

/** Lets go of all that an owner had noted in a segment that is held for writing. */
export function releaseNotes(segment: Segment, slot: number): void {
  const { words } = segment;
  const line = READERS + slot * LINE_WORDS;
  for (let note = line + FIRST_TICKET; note < line + LINE_WORDS; note += 1) {
    if (words[note] === 0) continue;
    // A killed owner may have noted a pin that it had not added yet, or had taken away already.
    const noted = heldBlocks(words).get(words[note]) ?? 0;
    letGo(segment, note, noted - 1);
  }
}

/** Makes every owner's tickets void, in a segment that is about to be emptied. */
export function eraseNotes(segment: Segment, owners: number): void {
  for (let slot = 0; slot < owners; slot += 1) {
    const line = READERS + slot * LINE_WORDS;
    segment.words.fill(0, line + FIRST_TICKET, line + LINE_WORDS);
  }
}

/** The blocks that owners have noted, and how often each. */
export function heldBlocks(words: Int32Array): Map<number, number> {
  const held = new Map<number, number>();
  for (let line = READERS; line < HEAP; line += LINE_WORDS) {
    for (const block of words.subarray(line + FIRST_TICKET, line + LINE_WORDS)) {
      if (block !== 0) held.set(block, (held.get(block) ?? 0) + 1);
    }
  }
  return held;
}

/** The word of the owner's line that notes this block (0: one that notes nothing); 0: none. */
export function noteOf(words: Int32Array, slot: number, block: number): number {
  const line = READERS + slot * LINE_WORDS;
  for (let note = line + FIRST_TICKET; note < line + LINE_WORDS; note += 1) {
    if (words[note] === block) return note;
  }
  return 0;
}

export function eraseNote(words: Int32Array, note: number): void {
  words[note] = 0;
  Atomics.sub(words, HELD, 1);
}

/** Takes a note back, so that `pins` are left, and the block itself where nothing else needs it. */
export function letGo(segment: Segment, note: number, pins: number): void {
  const words = segment.words;
  const entry = words[note];
  const kind = words[entry + 1] & 15;
  words[IN_PROGRESS] = CHANGING;
  if (kind !== KIND_STAGED) setPins(words, entry, pins);
  eraseNote(words, note);
  if (kind === KIND_STAGED || (kind === KIND_ORPHAN && pins === 0)) {
    segment.changedUnits += blockUnits(words[entry]);
    segment.arena.free(entry);
  }
  words[IN_PROGRESS] = 0;
}
