/**
 * Tells of entries that go although no request has removed them: they have expired, or are evicted.
 */
import type { Directory } from './directory.ts';
import { entryKeyAt, entryKeyBytes } from './entry.ts';
import type { RemovalListener } from './face.ts';
import { DATABASE_MAP } from './layout.ts';
import type { Segment } from './segment.ts';
import type { Table } from './table.ts';

/** From now on `listener` is told, while the entry is still there and its segment is held. */
export function tellRemovals(
  segments: readonly Segment[],
  directory: Directory,
  listener: RemovalListener,
): void {
  for (const segment of segments) {
    segment.beforeRemoval = (table, entry) => {
      const start = entryKeyAt(segment.words, entry) * 4;
      const end = start + entryKeyBytes(segment.words, entry);
      listener(databaseOf(directory, table), segment.bytes, start, end);
    };
  }
}

/** Databases are exchanged while every segment is held: the number holds as long as this one is. */
function databaseOf({ words }: Directory, { number }: Table): number {
  let database = 0;
  while (words[DATABASE_MAP + database] !== number) database += 1;
  return database;
}
