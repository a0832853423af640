/** Loads the addon: the one place that names the binary. Every worker thread loads it again. */
import { createRequire } from 'node:module';
import { packageFile } from '../paths.ts';
import { type Available, availableIn } from './available.ts';
import type { Posix } from './posix.ts';

/** SYSKV_ADDON points at another build of the same sources: debug, AddressSanitizer. */
const path = process.env['SYSKV_ADDON'] ?? packageFile('build/Release/syskv.node');

function load(): Posix {
  try {
    return createRequire(import.meta.url)(path) as Posix;
  } catch (cause) {
    throw new Error(`syskv: the addon is not built for this Node (${path}): run \`npm ci\``, {
      cause,
    });
  }
}

export const posix: Posix = load();

/** `available.kqueue`: whether this build has the calls of kqueue; so for each feature. */
export const available: Available = availableIn(posix);
