/**
 * Durations do not depend on the wall clock, which somebody sets while the server runs: libfaketime
 * stands between the server and its clock, and reads from a file how far that is off.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folder.ts';
import { infoOf } from '../support/info.ts';
import { MODES, roomFor } from '../support/modes.ts';
import { type Server, startServerThrough } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('faketime', 'faketime');

const HOUR_SECONDS = 3600;

interface Clocked {
  server: Server;
  /** Sets the server's wall clock so many seconds off. */
  setOff(seconds: number): void;
}

async function startClocked(...flags: string[]): Promise<Clocked> {
  const file = join(temporaryFolder(), 'clock');
  const setOff = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  setOff(0);
  const through = [
    'env',
    `LD_PRELOAD=${libraryPath()}`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ];
  return { server: await startServerThrough(through, ...flags), setOff };
}

/** Debian has it in the folder of the machine's architecture. */
function libraryPath(): string | undefined {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime`);
  return folders.map((folder) => join(folder, 'libfaketimeMT.so.1')).find(existsSync);
}

describe.each(MODES)('mode %s', (mode) => {
  test('a clock that is put back keeps no silent client', async () => {
    const { server, setOff } = await startClocked(...roomFor(mode, 1), '--timeout', '1');
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    setOff(-HOUR_SECONDS);
    expect(await client.readToEnd()).toBe('');
  });

  test('a clock that is put back makes no pause longer', async () => {
    const { server, setOff } = await startClocked(...roomFor(mode, 1));
    const client = await connect(server);
    expect(await client.ask('CLIENT PAUSE 500\r\n', 5)).toBe('+OK\r\n');
    setOff(-HOUR_SECONDS);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test('a clock that is put forward drops nobody in the middle of a request', async () => {
    const { server, setOff } = await startClocked(...roomFor(mode, 1), '--timeout', '60');
    const client = await connect(server);
    await client.ask('PING\r\n', 7);
    await client.sendAll('*2\r\n$4\r\nECHO\r\n$5\r\nhel');
    setOff(HOUR_SECONDS);
    // A look that went by this clock would find the client an hour late.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await client.ask('lo\r\n', 11)).toBe('$5\r\nhello\r\n');
    expect(Number((await infoOf(client, 'server'))['uptime_in_seconds'])).toBeLessThan(1000);
    client.send('CLIENT INFO\r\n');
    expect(await client.readUntil('resp=')).toMatch(/ age=\d{1,3} idle=0 /);
  });

  test('keys expire by the wall clock', async () => {
    const { server, setOff } = await startClocked(...roomFor(mode, 1));
    const client = await connect(server);
    expect(await client.ask('SET k v EX 3000\r\n', 5)).toBe('+OK\r\n');
    setOff(HOUR_SECONDS);
    await eventually(async () => (await client.ask('EXISTS k\r\n', 4)) === ':0\r\n');
  });
});
