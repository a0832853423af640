/**
 * The pages that tables lie in: 4 KiB each, stacked downwards from the end of the segment, so that
 * buckets stay on cache lines and never stand in the heap's way. The stack has no holes: when a
 * page in its midst is given back, the lowest one is moved there.
 */
import { PAGE_WORDS, PAGES, TOP, TOUCHED_PAGES } from './layout.ts';

/** First word of the nth page from the end. */
function pageWord(endWord: number, index: number): number {
  return endWord - (index + 1) * PAGE_WORDS;
}

/** A page, not cleared; 0: the heap is in the way. */
export function takePage(words: Int32Array, endWord: number): number {
  const count = words[PAGES];
  const at = pageWord(endWord, count);
  if (at < words[TOP]) return 0;
  words[PAGES] = count + 1;
  if (words[TOUCHED_PAGES] <= count) words[TOUCHED_PAGES] = count + 1;
  return at;
}

/**
 * Gives a page back. Returns the page that was moved into its place, or 0 where none was:
 * the owner of that page has `at` now.
 */
export function givePage(words: Int32Array, endWord: number, at: number): number {
  words[PAGES] -= 1;
  const lowest = pageWord(endWord, words[PAGES]);
  if (lowest === at) return 0;
  words.copyWithin(at, lowest, lowest + PAGE_WORDS);
  return lowest;
}
