import { configDefaults, defineConfig } from 'vitest/config';

/** `npm test` leaves out what takes long; `npm run test:long` runs that alone. */
const LONG = 'test/**/*.long.test.ts';
const isLong = process.env['SYSKV_TESTS'] === 'long';

export default defineConfig({
  test: {
    include: isLong ? [LONG] : ['test/**/*.test.ts'],
    exclude: isLong ? configDefaults.exclude : [...configDefaults.exclude, LONG],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
