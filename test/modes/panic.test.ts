/** A bug in a command takes its client with it, and nobody else. `DEBUG PANIC` is such a bug. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { CONCURRENT_MODES, MODES, roomFor } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

const REPLY = '-ERR internal error, see the log of the server\r\n';

describe.each(MODES)('a bug in mode %s', (mode) => {
  test('is told to its client and logged; the next client is served', async () => {
    const server = await startServer(...roomFor(mode, 1));
    for (let i = 0; i < 3; i++) {
      const client = await connect(server);
      client.send('PING\r\nDEBUG PANIC\r\nPING\r\n');
      expect(await client.readToEnd()).toBe(`+PONG\r\n${REPLY}`);
    }
    const next = await connect(server);
    expect(await next.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    expect(server.log).toMatch(
      / warning: client id=1: debug failed by a bug: Error: DEBUG PANIC\n +at /,
    );
  });
});

describe.each(CONCURRENT_MODES)('a bug in mode %s, beside others', (mode) => {
  test('leaves the other clients and the store alone', async () => {
    const server = await startServer(...roomFor(mode, 2));
    const stays = await connect(server);
    expect(await stays.ask('SET k 1\r\n', 5)).toBe('+OK\r\n');
    const goes = await connect(server);
    goes.send('SET k 2\r\nDEBUG PANIC\r\n');
    expect(await goes.readToEnd()).toBe(`+OK\r\n${REPLY}`);
    expect(await stays.ask('INCR k\r\n', 4)).toBe(':3\r\n');
  });
});
