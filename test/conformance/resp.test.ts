/** What RESP alone has, over a socket, under every mode; the rest is in the matrix. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

describe.each(MODES)('RESP in mode %s', (mode) => {
  const server = sharedServer('--mode', mode);

  test('HELLO 3 answers a map, and RESP3 from then on', async () => {
    const client = await connect(server());
    client.send('HELLO 3\r\nGET missing\r\n');
    expect(await client.readUntil('\r\n')).toBe('%7\r\n');
    expect(await client.readUntil('$7\r\nmodules\r\n*0\r\n')).toContain('$5\r\nproto\r\n:3\r\n');
    expect(await client.read(3)).toBe('_\r\n');
  });

  test.each([65_535, 65_536, 65_537, 1024 ** 2, 10 * 1024 ** 2])(
    'a value of %i bytes comes back whole',
    async (length) => {
      const client = await connect(server());
      const value = 'v'.repeat(length);
      const bulk = `$${length}\r\n${value}\r\n`;
      client.send(`*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n${bulk}GET large\r\nDEL large\r\n`);
      const reply = await client.read(bulk.length + 9);
      expect(reply === `+OK\r\n${bulk}:1\r\n`).toBe(true);
    },
  );

  test('10,000 requests in one write are answered in order', async () => {
    const client = await connect(server());
    const numbers = Array.from({ length: 10_000 }, (_, i) => String(10_000 + i));
    client.send(numbers.map((number) => `*2\r\n$4\r\nECHO\r\n$5\r\n${number}\r\n`).join(''));
    const expected = numbers.map((number) => `$5\r\n${number}\r\n`).join('');
    expect(await client.read(expected.length)).toBe(expected);
  });

  test('a client that reads only after it has sent everything gets everything', async () => {
    const client = await connect(server());
    const value = 'v'.repeat(100_000);
    const bulk = `$100000\r\n${value}\r\n`;
    client.send(`*3\r\n$3\r\nSET\r\n$4\r\nslow\r\n${bulk}`);
    expect(await client.read(5)).toBe('+OK\r\n');
    await client.sendAll('GET slow\r\n'.repeat(200));
    client.end();
    const replies = await client.readToEnd();
    expect(replies === bulk.repeat(200)).toBe(true);
  });
});
