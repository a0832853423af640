/** `--io`: each pair of calls moves the same bytes, under every mode that has the choice. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { bulkOf, connectLarge, largeValue, setOf } from '../support/large.ts';
import { IO_MODES, TRANSFERS } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

/** Received into its place, and sent from it. */
const LARGE = largeValue(2 * 1024 ** 2 + 3);

describe.each(IO_MODES)('mode %s', (mode) => {
  test.each(TRANSFERS)('moves small, long and large requests with $io', async ({ io }) => {
    const server = await startServer('--mode', mode, '--io', io);
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const bulk = `$200000\r\n${'v'.repeat(200_000)}\r\n`;
    client.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${bulk}${'GET k\r\n'.repeat(20)}`);
    client.end();
    const replies = await client.readToEnd();
    expect(replies === `+OK\r\n${bulk.repeat(20)}`).toBe(true);
    const other = await connectLarge(server);
    other.send(...setOf('large', LARGE), 'GET large\r\n');
    await other.expect('+OK\r\n', ...bulkOf(LARGE));
  });
});
