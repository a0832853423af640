/** A large value is in memory once: neither who sets it nor who gets it makes a second copy. */
import { describe, expect, test } from 'vitest';
import { bulkOf, connectLarge, largeValue, setOf } from '../support/large.ts';
import { MODES } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

const LENGTH = 256 * 1024 ** 2;
/** A second copy would make it 2; what is left is for the garbage collector's own affairs. */
const MOST_COPIES = 1.25;

/** One for each way to receive and to send: blocking calls, a loop, completions. */
const WAYS = MODES.filter((mode) => ['blocking', 'epoll', 'io_uring'].includes(mode));

describe.each(WAYS)('mode %s', (mode) => {
  test('a value of 256 MiB takes little more memory than that', async () => {
    const server = await startServer('--mode', mode);
    const client = await connectLarge(server);
    const value = largeValue(LENGTH);
    const before = server.residentBytes;
    client.send(...setOf('key', value), 'GET key\r\n');
    await client.expect('+OK\r\n', ...bulkOf(value));
    const taken = server.peakResidentBytes - before;
    expect(taken).toBeGreaterThan(LENGTH);
    expect(taken).toBeLessThan(LENGTH * MOST_COPIES);
  });
});
