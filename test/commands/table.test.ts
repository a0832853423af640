import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TABLE } from '../../src/commands/table.ts';
import { Arguments } from '../../src/protocol/arguments.ts';

function found(word: string): string | undefined {
  const args = new Arguments();
  args.bytes = Uint8Array.from(word, (letter) => letter.charCodeAt(0));
  args.push(0, word.length);
  return TABLE.lookup(args)?.name;
}

describe('lookup', () => {
  it('finds every command in any case of its letters', () => {
    for (const { name } of TABLE.commands) {
      const mixed = name.replace(/./g, (letter, i) =>
        i % 2 === 0 ? letter.toUpperCase() : letter,
      );
      expect([found(name), found(name.toUpperCase()), found(mixed)]).toEqual([name, name, name]);
    }
  });

  it.each([
    '',
    'g',
    'ge',
    'gett',
    'getrang',
    'getrangf',
    'bitfield\x7fro',
    'g%t',
    '\0get',
    'ge\xd4',
  ])('finds nothing for %j', (word) => {
    expect(found(word)).toBeUndefined();
  });

  it('agrees with a search through the names, whatever the bytes', () => {
    const names = TABLE.commands.map((row) => row.name);
    const letter = fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte));
    const near = fc
      .tuple(fc.constantFrom(...names), fc.nat(12), letter)
      .map(([name, at, byte]) => name.slice(0, at) + byte + name.slice(at + 1));
    fc.assert(
      fc.property(near, (word) => {
        const plain = word.replace(/[A-Z]/g, (upper) => upper.toLowerCase());
        expect(found(word)).toBe(names.find((name) => name === plain));
      }),
    );
  });
});

describe('a row', () => {
  it.each([
    ['get', [1, 1, 1]],
    ['mset', [1, -1, 2]],
    ['bitop', [2, -1, 1]],
    ['rename', [1, 2, 1]],
    ['object|encoding', [2, 2, 1]],
    ['keys', [0, 0, 0]],
  ])('of %s has the keys %j', (name, keys) => {
    expect(TABLE.named(name)?.keys).toEqual(keys);
  });

  it.each([
    ['get', 'read string fast'],
    ['keys', 'keyspace read slow dangerous'],
    ['client', 'slow'],
    ['client|list', 'admin slow dangerous connection'],
    ['role', 'admin fast dangerous'],
    ['restore', 'keyspace write slow dangerous'],
  ])('of %s has the categories %s', (name, categories) => {
    expect(TABLE.named(name)?.categories.join(' ')).toBe(categories);
  });

  it('has a summary, a version and a complexity', () => {
    for (const row of TABLE.commands) {
      expect(row.summary).toMatch(/^[A-Z].*\.$/);
      expect(row.since).toMatch(/^\d+\.\d+\.\d+$/);
      expect(row.complexity).not.toBe('');
    }
  });
});
