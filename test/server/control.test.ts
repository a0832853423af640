/** CONFIG, SHUTDOWN and what is counted, whichever thread or process is asked. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { startServer } from '../support/server.ts';
import { ACROSS } from './across.ts';

async function bulk(client: Client, request: string): Promise<string> {
  client.send(`${request}\r\n`);
  const head = await client.readUntil('\r\n');
  return (await client.read(Number(head.slice(1, -2)) + 2)).slice(0, -2);
}

describe.each(ACROSS)('every thread, $flags', ({ flags }) => {
  test('sees what was set', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('CONFIG SET maxmemory-policy allkeys-lfu timeout 77\r\n', 5);
    const reply =
      '*4\r\n$7\r\ntimeout\r\n$2\r\n77\r\n$16\r\nmaxmemory-policy\r\n$11\r\nallkeys-lfu\r\n';
    expect(await second.ask('CONFIG GET timeout maxmemory-policy\r\n', reply.length)).toBe(reply);
  });

  test('tells what was counted by all', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('SET k v\r\n', 5);
    second.send('SET k v\r\nSET k\r\nINCR k\r\nECHO end\r\n');
    await second.readUntil('end\r\n');
    const info = await bulk(first, 'INFO everything');
    expect(info).toMatch(
      /^cmdstat_set:calls=2,usec=\d+,usec_per_call=[\d.]+,rejected_calls=1,failed_calls=0\r$/m,
    );
    expect(info).toMatch(/^cmdstat_incr:calls=1,.*,failed_calls=1\r$/m);
    expect(info).toMatch(/^errorstat_ERR:count=2\r$/m);
    expect(info).toMatch(/^connected_clients:2\r$/m);
    expect(Number(/^total_net_input_bytes:(\d+)/m.exec(info)?.[1])).toBeGreaterThan(30);
  });

  test('keeps one slow log', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('CONFIG SET slowlog-log-slower-than 15000\r\n', 5);
    await second.ask('DEBUG SLEEP 0.03\r\n', 5);
    first.send('SLOWLOG GET\r\n');
    expect(await first.readUntil('$4\r\n0.03\r\n')).toMatch(
      /^\*1\r\n\*6\r\n:0\r\n:\d+\r\n:\d{5,}\r\n\*3\r\n\$5\r\nDEBUG\r\n\$5\r\nSLEEP\r\n/,
    );
  });
});

test.each(MODES)('SHUTDOWN stops the whole server, in mode %s', async (mode) => {
  const server = await startServer('--mode', mode);
  const client = await connect(server);
  client.send('SET k v\r\nSHUTDOWN NOSAVE\r\n');
  expect(await client.readToEnd()).toBe('+OK\r\n');
  expect(await server.exited).toEqual({ status: 0, signal: null });
});
