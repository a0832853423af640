/** The arena alone: random allocations against a list, its bytes checked after every run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, blockUnits } from '../../src/store/arena.ts';
import { FREE_UNITS, HEAP, LIVE_UNITS, TOP } from '../../src/store/layout.ts';
import { checkBins } from '../../src/store/recovery/verify-bins.ts';
import { MEBIBYTE } from './fixture.ts';

function emptyArena(): Arena {
  const arena = new Arena(new Int32Array((4 * MEBIBYTE) / 4));
  arena.reset();
  return arena;
}

/** Walks the heap; returns its blocks in order, and how many of them are free. */
function walk(arena: Arena): { blocks: number[]; free: number } {
  const { words } = arena;
  const blocks: number[] = [];
  let free = 0;
  for (let at = HEAP; at < words[TOP]; at += blockUnits(words[at]) * 2) {
    if ((words[at] & 1) === 0) free += 1;
    else blocks.push(at);
  }
  return { blocks, free };
}

type Step = { name: 'allocate' | 'free' | 'extend'; units: number; pick: number };
const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom('allocate', 'allocate', 'allocate', 'free', 'free', 'extend'),
  units: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })),
  pick: fc.nat(),
});

function runStep(arena: Arena, live: Map<number, number>, { name, units, pick }: Step): void {
  if (name === 'allocate') {
    const at = arena.allocate(units);
    if (at !== 0) live.set(at, blockUnits(arena.words[at]));
    return;
  }
  const at = [...live.keys()][pick % live.size];
  if (at === undefined) return;
  if (name === 'free') {
    arena.free(at);
    live.delete(at);
    return;
  }
  arena.extend(at, blockUnits(arena.words[at]) + units);
  live.set(at, blockUnits(arena.words[at]));
}

describe('the arena', () => {
  it('keeps blocks apart and its sums right', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const arena = emptyArena();
        const live = new Map<number, number>();
        for (const each of steps) runStep(arena, live, each);
        const { blocks, free } = walk(arena);
        expect(blocks).toEqual([...live.keys()].sort((a, b) => a - b));
        expect(checkBins(arena.words, free)).toEqual([]);
        const units = [...live.values()].reduce((total, each) => total + each, 0);
        expect(arena.words[LIVE_UNITS]).toBe(units);
        expect(arena.words[TOP]).toBe(HEAP + (units + arena.words[FREE_UNITS]) * 2);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('ends where it began when all is freed', () => {
    const arena = emptyArena();
    const blocks = Array.from({ length: 100 }, (_, i) => arena.allocate(2 + (i % 17)));
    for (const at of blocks) arena.free(at);
    expect(arena.words[TOP]).toBe(HEAP);
    expect(arena.words[FREE_UNITS]).toBe(0);
  });

  it('gives a block of the size that was freed', () => {
    const arena = emptyArena();
    const blocks = Array.from({ length: 10 }, () => arena.allocate(7));
    arena.free(blocks[4]);
    expect(arena.allocate(7)).toBe(blocks[4]);
  });

  it('refuses what does not fit and changes nothing', () => {
    const arena = emptyArena();
    const room = arena.roomAboveUnits();
    expect(arena.allocate(room + 1)).toBe(0);
    expect(arena.allocate(room)).toBe(HEAP);
    expect(arena.allocate(2)).toBe(0);
  });
});
