/**
 * What a server does for its clients, whatever the protocol and the I/O model. Each scenario is one
 * story with one reason to fail, told in a protocol's own bytes.
 */
import { expect } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { bulkOf, connectLarge, largeValue, setOf } from '../support/large.ts';
import type { Server } from '../support/server.ts';
import type { Conversation, Dialect, Exchange } from './dialects/dialect.ts';

export interface Scenario {
  readonly what: string;
  /** Why it can't be played here; '' where it can. */
  missing(dialect: Dialect, capacity: number): string;
  play(dialect: Dialect, server: Server): Promise<void>;
}

/** Every table entry once as it is, and once in as many segments as it has bytes. */
export function conversationsOf(dialect: Dialect): Scenario[] {
  const { conversations, endedByServer } = dialect;
  return [
    ...[...conversations, ...endedByServer].map((entry) => conversation(entry, whole)),
    ...conversations.map((entry) => conversation(entry, byteByByte)),
  ];
}

type Sender = (client: Client, bytes: string) => Promise<void>;

async function whole(client: Client, bytes: string): Promise<void> {
  client.send(bytes);
}

async function byteByByte(client: Client, bytes: string): Promise<void> {
  for (const byte of bytes) await client.sendAll(byte);
}

function conversation([what, request, reply]: Conversation, send: Sender): Scenario {
  return {
    what: send === whole ? what : `${what}, byte by byte`,
    missing: () => '',
    async play(dialect, server) {
      const client = await connect(server);
      await send(client, request);
      client.end();
      expect(masked(dialect, await client.readToEnd())).toBe(reply);
    },
  };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    what: 'requests cut in two at each byte',
    missing: () => '',
    async play(dialect, server) {
      const { request, reply } = batch(dialect, [7, 8]);
      const client = await connect(server);
      for (let cut = 1; cut < request.length; cut++) {
        await client.sendAll(request.slice(0, cut));
        await client.sendAll(request.slice(cut));
        expect(masked(dialect, await client.read(reply.length))).toBe(reply);
      }
    },
  },
  {
    what: '1,000 requests in one write are answered in order',
    missing: () => '',
    async play(dialect, server) {
      const { request, reply } = batch(dialect, Array(1000).keys());
      const client = await connect(server);
      client.send(request);
      expectSame(dialect, await client.read(reply.length), reply);
    },
  },
  {
    what: 'whoever half-closes still gets every reply, and then FIN',
    missing: () => '',
    async play(dialect, server) {
      const { request, reply } = batch(dialect, Array(300).keys());
      const client = await connect(server);
      client.send(request);
      client.end();
      expectSame(dialect, await client.readToEnd(), reply);
    },
  },
  {
    what: 'a large request and its reply come through whole',
    missing: () => '',
    async play(dialect, server) {
      const { request, reply } = dialect.large(dialect.largest);
      const client = await connect(server);
      client.send(request);
      expectSame(dialect, await client.read(reply.length), reply);
    },
  },
  {
    what: 'a client that reads slowly gets everything',
    missing: () => '',
    async play(dialect, server) {
      const { request, reply } = manyLarge(dialect);
      const client = await connect(server);
      client.send(request);
      client.end();
      let slowly = '';
      for (let i = 0; i < 100; i++) slowly += await client.read(1000);
      expectSame(dialect, slowly + (await client.readToEnd()), reply);
    },
  },
  {
    what: 'a client that does not read keeps nobody waiting',
    missing: needsTwoClients,
    async play(dialect, server) {
      const { request, reply } = manyLarge(dialect);
      const slow = await connect(server);
      slow.send(request);
      const first = await slow.read(1);
      await expectServed(dialect, server);
      slow.end();
      expectSame(dialect, first + (await slow.readToEnd()), reply);
    },
  },
  {
    what: '100 clients at once get an answer each, at once or one after the other',
    missing: () => '',
    async play(dialect, server) {
      const clients = await Promise.all(Array.from({ length: 100 }, () => connect(server)));
      const replies = clients.map(async (client, number) => {
        client.send(dialect.numbered(number).request);
        client.end();
        return masked(dialect, await client.readToEnd());
      });
      const expected = clients.map((_client, number) => dialect.numbered(number).reply);
      expect(await Promise.all(replies)).toEqual(expected);
    },
  },
  {
    what: 'a client that is cut off in the middle of a request takes nothing with it',
    missing: () => '',
    async play(dialect, server) {
      const client = await connect(server);
      const { request, reply } = dialect.numbered(1);
      expect(masked(dialect, await client.ask(request, reply.length))).toBe(reply);
      await client.sendAll(dialect.unfinished);
      client.reset();
      await expectServed(dialect, server);
    },
  },
  {
    what: 'what one client leaves behind is found by the next',
    missing: ({ write }) => (write === undefined ? 'nothing is kept' : ''),
    async play(dialect, server) {
      const writer = await connect(server);
      await expectExchange(dialect, writer, dialect.write!);
      writer.end();
      expect(await writer.readToEnd()).toBe('');
      const reader = await connect(server);
      await expectExchange(dialect, reader, dialect.read!);
    },
  },
  {
    what: 'what one client writes is seen by another one that is there already',
    missing: (dialect, capacity) =>
      dialect.write === undefined ? 'nothing is kept' : needsTwoClients(dialect, capacity),
    async play(dialect, server) {
      const reader = await connect(server);
      await expectExchange(dialect, reader, dialect.numbered(1));
      const writer = await connect(server);
      await expectExchange(dialect, writer, dialect.write!);
      await expectExchange(dialect, reader, dialect.read!);
    },
  },
  ends(
    'a protocol error closes that client alone',
    'nothing is a protocol error',
    ({ mistake }) => mistake,
  ),
  ends(
    'a farewell closes that client alone',
    'nobody can say farewell',
    ({ farewell }) => farewell,
  ),
];

/** The client that says this is closed, the one beside it goes on. */
function ends(
  what: string,
  lacking: string,
  lastOf: (dialect: Dialect) => Exchange | undefined,
): Scenario {
  return {
    what,
    missing: (dialect, capacity) =>
      lastOf(dialect) === undefined ? lacking : needsTwoClients(dialect, capacity),
    async play(dialect, server) {
      const { request, reply } = lastOf(dialect)!;
      const stays = await connect(server);
      await expectExchange(dialect, stays, dialect.numbered(1));
      const goes = await connect(server);
      goes.send(request);
      expect(masked(dialect, await goes.readToEnd())).toBe(reply);
      await expectExchange(dialect, stays, dialect.numbered(2));
    },
  };
}

/** As large as a value has to be to outlast every buffer on its way. */
const HUGE_BYTES = 64 * 1024 ** 2;

/** Once a mode: what it proves does not depend on the protocol. */
export const HUGE_VALUE: Scenario = {
  what: 'a value of 64 MiB is stored and comes back whole',
  missing: ({ protocol }) => (protocol === 'resp' ? '' : 'RESP stands for all protocols'),
  async play(_dialect, server) {
    const value = largeValue(HUGE_BYTES);
    const client = await connectLarge(server);
    client.send(...setOf('huge', value), 'GET huge\r\nDEL huge\r\n');
    await client.expect('+OK\r\n', ...bulkOf(value), ':1\r\n');
  },
};

function needsTwoClients(_dialect: Dialect, capacity: number): string {
  return capacity > 1 ? '' : 'one client is served at a time';
}

function batch(dialect: Dialect, numbers: Iterable<number>): Exchange {
  const exchanges = Array.from(numbers, (number) => dialect.numbered(number));
  return {
    request: exchanges.map(({ request }) => request).join(''),
    reply: exchanges.map(({ reply }) => reply).join(''),
  };
}

/** More than the sockets' buffers on both sides take (tcp_rmem and tcp_wmem: some 10 MB). */
function manyLarge(dialect: Dialect): Exchange {
  const { request, reply } = dialect.large(50_000);
  const times = Math.ceil(16e6 / reply.length);
  return { request: request.repeat(times), reply: reply.repeat(times) };
}

function masked(dialect: Dialect, replies: string): string {
  return dialect.mask?.(replies) ?? replies;
}

/** For what is too long to be shown. */
function expectSame(dialect: Dialect, got: string, expected: string): void {
  expect(got.length).toBe(expected.length);
  expect(masked(dialect, got) === expected).toBe(true);
}

async function expectExchange(
  dialect: Dialect,
  client: Client,
  { request, reply }: Exchange,
): Promise<void> {
  expect(masked(dialect, await client.ask(request, reply.length))).toBe(reply);
}

async function expectServed(dialect: Dialect, server: Server): Promise<void> {
  const client = await connect(server);
  await expectExchange(dialect, client, dialect.numbered(3));
  client.end();
  expect(await client.readToEnd()).toBe('');
}
