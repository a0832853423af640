/** 10,000 connections, of which ten ask for something; the clients are a process of their own. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { gather } from '../support/crowd.ts';
import { infoOf } from '../support/info.ts';
import { EVENT_LOOPS } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

const WANTED = 10_000;
/** What a process has open besides its clients: maxclients leaves as much room. */
const RESERVED = 64;
const ACTIVE = 10;

/** As many as this machine lets a process hold (Node raises its soft limit to the hard one). */
function affordable(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const descriptors = Number(/^Max open files +\S+ +(\S+)/m.exec(limits)?.[1]);
  const most = Number.isNaN(descriptors) ? WANTED : Math.min(WANTED, descriptors - RESERVED);
  if (most < WANTED)
    console.log(`${most} connections, not ${WANTED}: ulimit -Hn is ${descriptors}`);
  return most;
}

/** select has room for 1,024 descriptors in all. */
const MODES = EVENT_LOOPS.filter((mode) => mode !== 'select');

test.each(MODES)('%s holds all of them and answers the active ones', async (mode) => {
  const server = await startServer('--mode', mode);
  const clients = affordable();
  const crowd = await gather(server, clients - 1);
  await crowd.ask(ACTIVE - 1, 'PING\r\n', '+PONG\r\n');
  const last = await connect(server);
  expect(await last.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  expect((await infoOf(last, 'clients'))['connected_clients']).toBe(String(clients));
  expect(server.log).toBe('');
  await crowd.leave();
});
