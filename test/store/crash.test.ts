/**
 * A writer that is killed, at every kind of instruction: whoever comes next finds each key with
 * what it had before the call that was under way or with what it was to have after it, nothing else
 * changed, and the segment whole.
 */
import { describe, expect, it } from 'vitest';
import { setPins } from '../../src/store/entry.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, NOW, textOf } from './fixture.ts';
import { type Act, Chance, HOLDER, VICTIM, World } from './world.ts';

/** By database and key: value and expiry. */
type Contents = Map<string, string>;

function contentsOf(store: SegmentedStore): Contents {
  const contents: Contents = new Map();
  for (const database of [0, 1]) {
    let cursor = 0;
    do {
      store.begin(NOW, false, false);
      cursor = store.scan(database, cursor, 1000, () => {
        const { key, value } = store;
        const name = `${database} ${textOf(key.bytes, key.start, key.end)}`;
        expect(contents.has(name)).toBe(false);
        contents.set(name, `${store.expireAtMs} ${textOf(value.bytes, value.start, value.end)}`);
      });
      store.end();
    } while (cursor !== 0);
  }
  return contents;
}

/** Keys that have neither what they had nor what they were to have. */
function torn(found: Contents, before: Contents, after: Contents): string[] {
  const names = new Set([...found.keys(), ...before.keys(), ...after.keys()]);
  return [...names].filter((name) => {
    const value = found.get(name);
    return value !== before.get(name) && value !== after.get(name);
  });
}

/** Kills the act at some of its writes, and each time looks at what is left. */
function killAmid(world: World, act: Act, kills: number, chance: Chance, check = () => {}): void {
  world.save();
  const before = contentsOf(world.heir());
  world.restore();
  const steps = world.live(act);
  const after = contentsOf(world.heir());
  for (let kill = 0; kill < Math.min(kills, steps); kill += 1) {
    const step = kills >= steps ? kill : chance.below(steps);
    world.restore();
    world.live(act, step);
    if (chance.below(3) === 0) world.recoverInPart(chance.below(400));
    const heir = world.heir();

    const where = `killed before write ${step} of ${steps}`;
    expect({ where, problems: heir.verify() }).toEqual({ where, problems: [] });
    expect({ where, torn: torn(contentsOf(heir), before, after) }).toEqual({ where, torn: [] });
    expect(heir.statistics.emptied).toBe(0);
    check();
  }
  world.restore();
  world.live(act);
}

function set(key: string, value: string, expireAtMs = -1, database = 0): Act {
  const keyBytes = bytesOf(key);
  const bytes = bytesOf(value);
  return (store) =>
    store.set(database, keyBytes, 0, keyBytes.length, bytes, 0, bytes.length, expireAtMs);
}

function setRange(key: string, offset: number, part: string): Act {
  const keyBytes = bytesOf(key);
  const bytes = bytesOf(part);
  return (store) => store.setRange(0, keyBytes, 0, keyBytes.length, offset, bytes, 0, bytes.length);
}

function setExpiry(key: string, expireAtMs: number): Act {
  const bytes = bytesOf(key);
  return (store) => store.setExpiry(0, bytes, 0, bytes.length, expireAtMs);
}

function remove(key: string, database = 0): Act {
  const bytes = bytesOf(key);
  return (store) => store.remove(database, bytes, 0, bytes.length);
}

/** Keeps a large value in its place; says what is there. */
function pin(store: SegmentedStore, key: string): { ticket: number; bytes: () => string } {
  store.begin(NOW, false, false);
  store.find(0, bytesOf(key), 0, key.length);
  const { bytes, start, end } = store.value;
  const ticket = store.large.pin();
  store.end();
  expect(ticket).not.toBe(0);
  return { ticket, bytes: () => textOf(bytes, start, end) };
}

/** Receives a large value into its place; returns the ticket. */
function stage(store: SegmentedStore, key: string, value: string): number {
  store.begin(NOW, true, false);
  const ticket = store.large.stage(0, bytesOf(key), 0, key.length, value.length);
  store.value.bytes.set(bytesOf(value), store.value.start);
  store.end();
  expect(ticket).not.toBe(0);
  return ticket;
}

/** Everything that a key's call has to do, at every single write. */
describe('a writer that is killed at any write of', () => {
  const long = 'l'.repeat(70_000);
  const cases: [what: string, before: Act[], act: Act][] = [
    ['a new key', [], set('key', 'value')],
    ['a counter that counts', [set('key', '1659')], set('key', '1660')],
    ['a counter that gets longer', [set('key', '999')], set('key', '1000')],
    ['a value of another size', [set('key', 'short')], set('key', 'v'.repeat(500))],
    ['a value that expires', [set('key', 'old', NOW + 1)], set('key', 'new', NOW + 2 ** 34)],
    ['a removal', [set('key', 'value')], remove('key')],
    ['an expiry', [set('key', 'value')], setExpiry('key', NOW + 5)],
    ['another expiry', [set('key', 'value', NOW + 5)], setExpiry('key', NOW + 2 ** 34)],
    ['an expiry taken away', [set('key', 'value', NOW + 5)], setExpiry('key', -1)],
    ['a long value', [], set('key', long)],
    ['another long value', [set('key', long)], set('key', long.replaceAll('l', 'm'))],
    ['the expiry of a long value', [set('key', long)], setExpiry('key', NOW + 5)],
    ['another of a long value', [set('key', long, NOW + 5)], setExpiry('key', NOW + 2 ** 34)],
    ['a part of a value', [set('key', 'abcdefgh')], setRange('key', 3, 'DEF')],
    ['what is appended', [set('key', 'abcd')], setRange('key', 4, 'efg')],
    ['what is appended behind a gap', [set('key', 'abcd')], setRange('key', 90, 'efg')],
    ['a bit of a long value', [set('key', long)], setRange('key', 50_001, 'b')],
    ['a large part of a long value', [set('key', long)], setRange('key', 100, 'p'.repeat(5000))],
    ['what is appended to a long value', [set('key', long)], setRange('key', 69_998, 'abcdef')],
    ['an empty store', [set('a', 'b'), set('c', 'd', -1, 1)], (store) => store.flush(-1)],
    ['an empty database', [set('a', 'b'), set('c', 'd', -1, 1)], (store) => store.flush(0)],
  ];

  it.each(cases)('%s leaves the old or the new', (_what, before, act) => {
    const world = new World();
    world.prepare([set('other', 'value'), ...before, set('behind', 'value')]);
    killAmid(world, act, 300, new Chance(7));
  });
});

/** What is moved about beside the key that is written. */
describe('a writer that is killed while it', () => {
  const puts = (count: number, database = 0) =>
    Array.from({ length: count }, (_, i) => set(`key ${i}`, `value ${i}`, -1, database));
  const removals = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => remove(`key ${from + i}`));
  /** Holes, each smaller than the block behind it, just too few to be closed. */
  const holes = [
    ...Array.from({ length: 170 }, (_, i) => set(`key ${i}`, 'v'.repeat(i % 2 === 0 ? 800 : 2100))),
    ...Array.from({ length: 80 }, (_, i) => remove(`key ${i * 2}`)),
  ];
  const cases: [what: string, before: Act[], act: Act][] = [
    [
      'adds a bucket where another one was',
      [...puts(51), set('behind', 'value'), ...removals(0, 51), ...puts(9)],
      set('key 10', 'v'),
    ],
    ['splits a long chain', puts(600), set('key 600', 'v')],
    ['adds a page', puts(640), set('key 640', 'v')],
    ['lengthens the directory', puts(3840), set('key 3840', 'v')],
    ['joins chains', [...puts(600), ...removals(413, 600)], remove('key 412')],
    [
      'drops a page in the midst',
      [...puts(700), ...puts(30, 1), ...removals(448, 700)],
      remove('key 447'),
    ],
    ['closes holes', holes, remove('key 160')],
    ['flushes', [...puts(700), ...puts(30, 1)], (store) => store.flush(0)],
  ];

  it.each(cases)('%s loses nothing', (_what, before, act) => {
    const world = new World();
    world.prepare(before);
    killAmid(world, act, before.length > 1000 ? 40 : 130, new Chance(8));
  });
});

it('a writer that is killed while it exchanges databases has exchanged them', () => {
  const world = new World();
  world.prepare([set('key', 'zero'), set('key', 'one', -1, 1)]);
  world.save();
  for (let step = 1; step < 4; step += 1) {
    world.restore();
    expect(world.exchangeInPart(step)).toBe(step);
    expect(contentsOf(world.heir())).toEqual(
      new Map([
        ['0 key', '-1 one'],
        ['1 key', '-1 zero'],
      ]),
    );
  }
});

it('a writer that is killed leaves alone what others send and receive', () => {
  const world = new World();
  world.prepare([
    set('sent', 's'.repeat(70_000)),
    set('gone', 'g'.repeat(70_000)),
    set('key', 'k'),
  ]);
  const holder = world.heir(HOLDER);
  const [sent, gone] = [pin(holder, 'sent'), pin(holder, 'gone')];
  const staged = stage(holder, 'staged', 'n'.repeat(70_000));
  world.prepare([remove('gone')]);
  const check = () => {
    expect(sent.bytes() === 's'.repeat(70_000)).toBe(true);
    expect(gone.bytes() === 'g'.repeat(70_000)).toBe(true);
    holder.begin(NOW, true, false);
    expect(holder.large.commit(0, staged, -1)).toBe(true);
    holder.end();
    for (const { ticket } of [sent, gone]) holder.large.release(ticket);
    expect(holder.verify()).toEqual([]);
    expect(contentsOf(holder).get('0 staged') === `-1 ${'n'.repeat(70_000)}`).toBe(true);
  };
  killAmid(world, set('key', 'v'.repeat(500)), 100, new Chance(9), check);
});

it.each([0, 1])('whoever is killed amid a pin (%i added) takes no other with it', (added) => {
  const world = new World();
  const value = 's'.repeat(70_000);
  world.prepare([set('sent', value)]);
  const holder = world.heir(HOLDER);
  const { usedBytes } = holder.statistics;
  const { ticket, bytes } = pin(holder, 'sent');
  const entry = pin(world.heir(VICTIM), 'sent').ticket;
  setPins(new Int32Array(world.segment), entry, 1 + added);
  world.prepare([remove('sent'), set('other', 'o'.repeat(69_000))]);
  expect(bytes() === value).toBe(true);
  holder.large.release(ticket);
  world.prepare([remove('other'), set('sent', value)]);
  expect(holder.statistics.usedBytes).toBe(usedBytes);
  expect(holder.verify()).toEqual([]);
});

it('a writer that is killed anywhere in a long life leaves the old or the new', () => {
  const chance = new Chance(2024);
  const world = new World();
  const key = () => `key ${chance.below(220)}`;
  const text = () =>
    'abcdefgh'[chance.below(8)].repeat(1 + chance.below(chance.below(2) * 3000 + 9));
  const expiry = () => (chance.below(4) === 0 ? NOW + 1 + chance.below(2 ** 30) * 2 ** 8 : -1);
  const acts = [
    () => set(key(), text(), expiry(), chance.below(2)),
    () => set(key(), text(), expiry()),
    () => remove(key(), chance.below(2)),
    () => setExpiry(key(), expiry()),
    () => setRange(key(), chance.below(40), text()),
  ];
  for (let round = 0; round < 400; round += 1) {
    // Now and then most keys go, so that tables shrink and holes are closed.
    const act = round % 200 > 150 ? remove(key(), chance.below(2)) : acts[chance.below(5)]();
    killAmid(world, act, 3, chance);
  }
});
