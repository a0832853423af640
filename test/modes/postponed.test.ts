/** A request that CLIENT PAUSE holds back, behind a reply that its client has not read yet. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { EVENT_LOOPS } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

/** More than a UNIX socket takes (wmem_default: 208 KiB). */
const LENGTH = 900_000;

describe.each(EVENT_LOOPS)('mode %s', (mode) => {
  test('what was held back is answered behind what was unread', async () => {
    const path = join(temporaryFolder(), 'socket');
    const server = await startServer('--mode', mode, '--unixsocket', path);
    const other = await connect(server);
    const value = Array.from({ length: LENGTH / 10 }, (_, i) => `${1e9 + i}`).join('');
    expect(await other.ask(`*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$${LENGTH}\r\n${value}\r\n`, 5)).toBe(
      '+OK\r\n',
    );
    expect(await other.ask('CLIENT PAUSE 60000 WRITE\r\n', 5)).toBe('+OK\r\n');
    const reader = await connect(server);
    await reader.sendAll('GET key\r\nSET other 1\r\nPING\r\n');
    for (const request of ['PING', 'CLIENT UNPAUSE', 'DEBUG SLEEP 0.05', 'PING']) {
      other.send(`${request}\r\n`);
      await other.readUntil('\r\n');
    }
    const expected = `$${LENGTH}\r\n${value}\r\n+OK\r\n+PONG\r\n`;
    expect((await reader.read(expected.length)) === expected).toBe(true);
  });
});
