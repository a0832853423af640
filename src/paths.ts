/**
 * Where the package's files are. This module lies one folder below the package's root, as a source
 * and in what is built of it.
 */
import { fileURLToPath } from 'node:url';

const ROOT = new URL('..', import.meta.url);

/** A file of the package, from its root on: `bin/syskv`. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** What a thread or a process begins with; rolldown.config.mjs has the list of them. */
export function entryFile(name: 'worker' | 'child' | 'embedded' | 'load' | 'demo-client'): string {
  return packageFile(`dist/${name}.js`);
}
