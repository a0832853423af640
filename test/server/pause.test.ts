/** CLIENT PAUSE: what waits, who sees it, and what stays as it is; as redis-server 7.0 has it. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { CONCURRENT_MODES, MODES, roomFor } from '../support/modes.ts';
import { startServer } from '../support/server.ts';
import { ACROSS } from './across.ts';

async function bulk(client: Client, request: string): Promise<string> {
  client.send(`${request}\r\n`);
  const head = await client.readUntil('\r\n');
  return (await client.read(Number(head.slice(1, -2)) + 2)).slice(0, -2);
}

async function waiting(client: Client): Promise<number> {
  return Number((await infoOf(client, 'clients'))['blocked_clients']);
}

/** What expired earlier has expired once this key is gone for its reader. */
async function letExpire(client: Client): Promise<void> {
  await eventually(async () => {
    client.send('EXISTS later\r\n');
    return (await client.read(4)) === ':0\r\n';
  });
}

describe.each(ACROSS)('a pause, $flags', ({ flags }) => {
  test('of writes is seen in CLIENT LIST and INFO by those who may go on', async () => {
    const server = await startServer(...flags);
    const [asker, writer] = [await connect(server), await connect(server)];
    await writer.ask('CLIENT SETNAME writer\r\n', 5);
    await asker.ask('CLIENT PAUSE 1000000 WRITE\r\n', 5);
    writer.send('SET k v\r\n');
    await eventually(async () => (await waiting(asker)) === 1);
    const list = (await bulk(asker, 'CLIENT LIST')).split('\n');
    expect(list.filter((line) => / flags=b /.test(line))).toEqual([
      expect.stringMatching(/ name=writer .* flags=b .* multi=-1 .* cmd=set /),
    ]);
    await asker.ask('CLIENT UNPAUSE\r\n', 5);
    expect(await writer.read(5)).toBe('+OK\r\n');
    expect(await waiting(asker)).toBe(0);
    expect(await bulk(asker, 'CLIENT LIST')).not.toContain('flags=b');
  });

  test.each(['WRITE', 'ALL'])('of %s refuses at once what could never run', async (kind) => {
    const server = await startServer(...flags);
    const [asker, other] = [await connect(server), await connect(server)];
    await asker.ask(`CLIENT PAUSE 1000000 ${kind}\r\n`, 5);
    other.send('SET k\r\nNOSUCH\r\nCLIENT NOSUCH\r\nGET\r\n');
    expect(await other.readUntil("'get' command\r\n")).toBe(
      "-ERR wrong number of arguments for 'set' command\r\n" +
        "-ERR unknown command 'NOSUCH', with args beginning with: \r\n" +
        "-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.\r\n" +
        "-ERR wrong number of arguments for 'get' command\r\n",
    );
  });
});

describe.each(MODES)('while writes are paused in mode %s', (mode) => {
  test('what expires is gone for readers, and is not removed', async () => {
    const server = await startServer(...roomFor(mode, 1));
    const client = await connect(server);
    // By one segment: nothing of it expires before the pause begins.
    client.send(
      'SET passing v PX 50\r\nSET later v PX 100\r\nSET lasting v\r\n' +
        'CLIENT PAUSE 1000000 WRITE\r\n',
    );
    expect(await client.read(20)).toBe('+OK\r\n'.repeat(4));
    await letExpire(client);
    expect(await client.ask('GET passing\r\n', 5)).toBe('$-1\r\n');
    expect(await client.ask('EXISTS passing\r\n', 4)).toBe(':0\r\n');
    expect(await client.ask('TTL passing\r\n', 5)).toBe(':-2\r\n');
    expect(await client.ask('KEYS *\r\n', 17)).toBe('*1\r\n$7\r\nlasting\r\n');
    expect(await client.ask('DBSIZE\r\n', 4)).toBe(':3\r\n');
    expect((await infoOf(client, 'stats'))['expired_keys']).toBe('0');
    await client.ask('CLIENT UNPAUSE\r\n', 5);
    await eventually(async () => (await client.ask('DBSIZE\r\n', 4)) === ':1\r\n');
  });
});

describe.each(CONCURRENT_MODES)('while writes are paused in mode %s', (mode) => {
  test('what is at its memory limit evicts nothing, not even for a large value', async () => {
    const policy = ['--maxmemory', '4mb', '--maxmemory-policy', 'allkeys-lru'];
    const server = await startServer(...roomFor(mode, 2), ...policy);
    const client = await connect(server);
    const value = 'v'.repeat(100_000);
    for (let i = 0; i < 30; i++) {
      await client.ask(`*3\r\n$3\r\nSET\r\n$4\r\nk${100 + i}\r\n$100000\r\n${value}\r\n`, 5);
    }
    expect(await client.ask('CLIENT PAUSE 1000000 WRITE\r\n', 5)).toBe('+OK\r\n');
    const large = `*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$2000000\r\n${'l'.repeat(2_000_000)}\r\n`;
    const writer = await connect(server);
    await writer.sendAll(large.slice(0, -2));
    expect(await client.ask('DBSIZE\r\n', 5)).toBe(':30\r\n');
    writer.send('\r\n');
    await eventually(async () => (await waiting(client)) === 1);
    expect((await infoOf(client, 'stats'))['evicted_keys']).toBe('0');
    await client.ask('CLIENT UNPAUSE\r\n', 5);
    expect(await writer.read(5)).toBe('+OK\r\n');
    expect(Number((await infoOf(client, 'stats'))['evicted_keys'])).toBeGreaterThan(5);
  });
});
