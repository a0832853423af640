import { readdirSync, readFileSync } from 'node:fs';
import { constants as os } from 'node:os';
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';

const FOLDER = new URL('../../src/posix/', import.meta.url);

/** The names in the unions that are called …Constant. */
function declaredNames(): string[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const source = readFileSync(new URL(file, FOLDER), 'utf8');
    const unions = source.match(/^export type \w+Constant =[^;]*;/gm) ?? [];
    return unions.flatMap((union) => [...union.matchAll(/'(\w+)'/g)].map(([, name]) => name));
  });
}

/** Declared for the platforms, or the newer headers, that have them. */
const NOT_EVERYWHERE =
  /^((EV|EVFILT|NOTE|KEVENT)_|(F_[GS]ET|SO_)NOSIGPIPE$|TCP_(KEEPALIVE|NOPUSH)$|MADV_COLLAPSE$)/;

function everywhere(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !NOT_EVERYWHERE.test(name)).sort();
}

test('what the types declare is what the addon exports', () => {
  expect(everywhere(declaredNames())).toEqual(everywhere(Object.keys(posix.constants)));
});

test('error numbers are those that Node knows', () => {
  const ours = Object.entries(posix.constants).filter(([name]) => name in os.errno);
  expect(ours.length).toBeGreaterThan(50);
  expect(Object.fromEntries(ours)).toMatchObject(
    Object.fromEntries(ours.map(([name]) => [name, os.errno[name as keyof typeof os.errno]])),
  );
});

test('constants cannot be changed', () => {
  expect(Object.isFrozen(posix.constants)).toBe(true);
});
