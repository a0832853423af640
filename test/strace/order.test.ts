/**
 * The modes are what they say, by the kernel's account. Two clients talk to a server that is traced
 * with the command it printed, for every pair of calls.
 */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { TRANSFERS } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';
import { attach, type Call, requireStrace } from '../support/strace.ts';

requireStrace();

/** Two clients that overlap: the second one has asked before the first one leaves. */
async function overlapTwoClients(server: Server): Promise<void> {
  const first = await connect(server);
  expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  const second = await connect(server);
  await second.sendAll('PING\r\n');
  expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  first.end();
  expect(await first.readToEnd()).toBe('');
  expect(await second.read(7)).toBe('+PONG\r\n');
  second.end();
  expect(await second.readToEnd()).toBe('');
}

function isAccept({ name, result }: Call): boolean {
  return name === 'accept4' && result >= 0;
}

/** Where in the trace the accepted clients came, and where each one's FIN was received. */
function arrivalsAndLeavings(calls: readonly Call[], receive: string) {
  const arrivals = calls.flatMap((call, index) => (isAccept(call) ? [index] : []));
  const leavings = arrivals.map((arrival) => {
    const { result: fd } = calls[arrival];
    return calls.findIndex(
      (call, index) => index > arrival && call.fd === fd && isEnd(call, receive),
    );
  });
  return { arrivals, leavings };
}

/** recvmmsg counts messages: at FIN it returns one, of no bytes. */
function isEnd({ name, result, text }: Call, receive: string): boolean {
  if (name !== receive) return false;
  return receive === 'recvmmsg' ? /msg_len=0\b/.test(text) : result === 0;
}

describe.each(TRANSFERS)('--io $io', ({ io, receive, send }) => {
  test('blocking: the second client is accepted after the first one has left', async () => {
    const server = await startServer('--mode', 'blocking', '--io', io);
    const trace = await attach(server);
    await overlapTwoClients(server);
    const { arrivals, leavings } = arrivalsAndLeavings(await trace.detach(), receive);
    expect(arrivals).toHaveLength(2);
    expect(leavings[0]).toBeGreaterThan(arrivals[0]);
    expect(arrivals[1]).toBeGreaterThan(leavings[0]);
  });

  test('epoll: both clients are accepted before either leaves', async () => {
    const server = await startServer('--mode', 'epoll', '--io', io);
    const trace = await attach(server);
    await overlapTwoClients(server);
    const { arrivals, leavings } = arrivalsAndLeavings(await trace.detach(), receive);
    expect(arrivals).toHaveLength(2);
    expect(leavings[0]).toBeGreaterThan(arrivals[1]);
    expect(leavings[1]).toBeGreaterThan(leavings[0]);
  });

  test('a request is one call to receive and one to send', async () => {
    const server = await startServer('--mode', 'blocking', '--io', io);
    const client = await connect(server);
    await client.ask('PING\r\n', 7);
    const trace = await attach(server);
    for (let i = 0; i < 3; i++) await client.ask('PING\r\n', 7);
    client.end();
    await client.readToEnd();
    const names = (await trace.detach()).map(({ name }) => name);
    const conversation = [receive, send, receive, send, receive, send, receive];
    expect(names.slice(0, conversation.length)).toEqual(conversation);
  });
});

test('a batch of requests in one segment is answered with one sendmsg', async () => {
  const server = await startServer('--mode', 'epoll');
  const client = await connect(server);
  await client.ask('PING\r\n', 7);
  const trace = await attach(server);
  expect(await client.ask('PING\r\n'.repeat(100), 700)).toBe('+PONG\r\n'.repeat(100));
  // Another request, so that strace has seen the batch to its end.
  await client.ask('PING\r\n', 7);
  const sent = (await trace.detach()).filter(({ name }) => name === 'sendmsg');
  expect(sent[0].result).toBe(700);
});
