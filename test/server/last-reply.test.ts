/** The reply that comes before a close must arrive, though the client is still sending. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

const MORE = 'x'.repeat(4 * 1024 * 1024);

describe.each(MODES)('%s', (mode) => {
  test('a protocol error is read behind megabytes that are not', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    client.send(`*1\r\n!\r\n${MORE}`);
    expect(await client.readToEnd()).toBe("-ERR Protocol error: expected '$', got '!'\r\n");
  });

  test('so is an HTTP refusal', async () => {
    const server = await startServer('--mode', mode, '--protocol', 'http');
    const client = await connect(server);
    client.send(`PUT /keys/k HTTP/9.9\r\n\r\n${MORE}`);
    expect(await client.readToEnd()).toContain('HTTP/1.1 505 ');
  });
});
