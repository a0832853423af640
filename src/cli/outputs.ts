/** Files that a command is to write: none of them may be one that it reads, or another of them. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** What was said on the command line: by which flag, and which path. */
export interface NamedFile {
  readonly name: string;
  readonly path: string | undefined;
}

/**
 * Why these files can't be written; '' where they can. A file is known by its device and inode, so
 * that links of any kind lead to it; one that does not exist yet by its folder and name.
 */
export function refusalToWrite(
  outputs: readonly NamedFile[],
  inputs: readonly NamedFile[] = [],
): string {
  const taken = new Map<string, string>();
  for (const { name, path } of inputs) if (path !== undefined) taken.set(identityOf(path), name);
  for (const { name, path } of outputs) {
    if (path === undefined || isDevice(path)) continue;
    const other = taken.get(identityOf(path));
    if (other !== undefined) {
      return `${name} ${path} is the same file as ${other}: choose another one`;
    }
    taken.set(identityOf(path), name);
  }
  return '';
}

/** Whatever is written to /dev/null or a terminal overwrites nothing. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (found !== undefined) return `${found.dev}:${found.ino}`;
  return join(folderOf(path), basename(path));
}

/** Two ways to one folder are one; a folder that is missing is told of when it is written to. */
function folderOf(path: string): string {
  const folder = dirname(resolve(path));
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
