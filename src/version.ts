/** The package's version, from package.json: the one place where it is written. */
import { createRequire } from 'node:module';

export const VERSION: string = createRequire(import.meta.url)('../package.json').version;
