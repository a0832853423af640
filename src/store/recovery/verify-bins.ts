/** Proves that the bins hold every free block, each in the right bin, and nothing else. */
import { binOf, USED } from '../arena.ts';
import { BIN_COUNT, BIN_MAP, BINS, HEAP, TOP } from '../layout.ts';

/** `freeBlocks`: how many a walk over the heap has met. Returns what is wrong, in words. */
export function checkBins(words: Int32Array, freeBlocks: number): string[] {
  const problems: string[] = [];
  let met = 0;
  for (let bin = 0; bin < BIN_COUNT; bin += 1) {
    const head = words[BINS + bin];
    const marked = (words[BIN_MAP + (bin >>> 5)] & (1 << (bin & 31))) !== 0;
    if (marked !== (head !== 0)) problems.push(`bin ${bin} is wrongly marked`);
    let before = 0;
    for (let at = head; at !== 0; at = words[at + 1]) {
      met += 1;
      // More than there are: a ring.
      if (met > freeBlocks || !belongs(words, at, bin) || words[at + 2] !== before) {
        problems.push(`bin ${bin} has a bad link at ${at}`);
        return problems;
      }
      before = at;
    }
  }
  if (met !== freeBlocks) problems.push(`${met} blocks in the bins, ${freeBlocks} free`);
  return problems;
}

function belongs(words: Int32Array, at: number, bin: number): boolean {
  if (at < HEAP || at >= words[TOP] || (at & 1) !== 0) return false;
  return (words[at] & USED) === 0 && binOf(words[at] >>> 3) === bin;
}
