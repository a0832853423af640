import { expect, test } from 'vitest';
import { type IncomingMessage, type OutgoingMessage, posix } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';
import { bytesOf, nameOf, openBound, openUnixPair, textOf } from './sockets.ts';

const { constants } = posix;
const { EAGAIN, EBADF, MSG_WAITFORONE, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } = constants;

/** More than the calls take: UIO_MAXIOV. */
const TOO_MANY = 1025;

test('triples: each message has its part, and its length comes back', () => {
  const [one, other] = openUnixPair(SOCK_SEQPACKET);
  const out = Uint32Array.of(0, 3, 9, 3, 4, 9);
  expect(posix.sendmmsg(one, bytesOf('abcdefg'), out, 2, 0)).toBe(2);
  expect(out).toEqual(Uint32Array.of(0, 3, 3, 3, 4, 4));
  const buffer = new Uint8Array(16);
  const into = Uint32Array.of(8, 8, 9, 0, 2, 9, 0, 0, 9);
  expect(posix.recvmmsg(other, buffer, into, 3, 0)).toBe(2);
  expect(into).toEqual(Uint32Array.of(8, 8, 3, 0, 2, 2, 0, 0, 9));
  expect(textOf(buffer, 0, 11)).toBe('de\0\0\0\0\0\0abc');
});

test('triples: one message of a stream, its end, nothing yet, no descriptor', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const buffer = new Uint8Array(4);
  const triple = Uint32Array.of(0, 4, 0);
  expect(posix.recvmmsg(other, buffer, triple, 1, 0)).toBe(-EAGAIN);
  posix.send(one, bytesOf('hello'), 0, 5, 0);
  expect(posix.recvmmsg(other, buffer, triple, 1, 0)).toBe(1);
  expect(triple[2]).toBe(4);
  posix.close(one);
  posix.recv(other, buffer, 0, 1, 0);
  expect(posix.recvmmsg(other, buffer, triple, 1, 0)).toBe(1);
  expect(triple[2]).toBe(0);
  expect(posix.recvmmsg(NO_FD, buffer, triple, 1, 0)).toBe(-EBADF);
  expect(posix.sendmmsg(NO_FD, buffer, triple, 1, 0)).toBe(-EBADF);
});

test('a time limit is looked at after each message', () => {
  const [one, other] = openUnixPair(SOCK_SEQPACKET);
  const buffer = new Uint8Array(4);
  const triples = Uint32Array.of(0, 1, 0, 1, 1, 0);
  for (const letter of 'ab') posix.send(one, bytesOf(letter), 0, 1, 0);
  expect(posix.recvmmsg(other, buffer, triples, 2, MSG_WAITFORONE, 0)).toBe(1);
  expect(posix.recvmmsg(other, buffer, triples, 2, MSG_WAITFORONE, 1000)).toBe(1);
});

test('objects: names, views and lengths, as in recvmsg', () => {
  const receiver = openBound(SOCK_DGRAM);
  const sender = openBound(SOCK_DGRAM);
  const name = nameOf(receiver);
  const outgoing: OutgoingMessage[] = [
    { name, iov: [bytesOf('he'), bytesOf('llo')] },
    { name, iov: [bytesOf('you')] },
  ];
  expect(posix.sendmmsg(sender, outgoing, 0)).toBe(2);
  expect(outgoing.map((message) => message.length)).toEqual([5, 3]);
  const incoming: IncomingMessage[] = [0, 1].map(() => ({ name: {}, iov: [new Uint8Array(4)] }));
  expect(posix.recvmmsg(receiver, incoming, MSG_WAITFORONE)).toBe(2);
  expect(incoming.map((message) => message.length)).toEqual([4, 3]);
  expect(incoming.map((message) => message.flags)).toEqual([constants.MSG_TRUNC, 0]);
  expect(incoming.map((message) => message.name)).toEqual([nameOf(sender), nameOf(sender)]);
});

test('objects: no descriptor', () => {
  expect(posix.recvmmsg(NO_FD, [{ iov: [new Uint8Array(1)] }], 0)).toBe(-EBADF);
  expect(posix.sendmmsg(NO_FD, [{ iov: [new Uint8Array(1)] }], 0)).toBe(-EBADF);
});

test.each([
  ['buffer', [NO_FD, 7, new Uint32Array(3), 1, 0]],
  ['msgvec', [NO_FD, new Uint8Array(4), [0, 1, 2], 1, 0]],
  ['msgvec', [NO_FD, new Uint8Array(4), Uint32Array.of(3, 2, 0), 1, 0]],
  ['vlen', [NO_FD, new Uint8Array(4), new Uint32Array(3), 2, 0]],
  ['vlen', [NO_FD, new Uint8Array(4), new Uint32Array(3 * TOO_MANY), TOO_MANY, 0]],
  ['msgvec', [NO_FD, new Array(TOO_MANY).fill({ iov: [] }), 0]],
  ['message', [NO_FD, [7], 0]],
  ['flags', [NO_FD, [{ iov: [] }]]],
])('misuse names "%s"', (name, given) => {
  for (const call of ['recvmmsg', 'sendmmsg'] as const) {
    const misuse = posix[call] as (...given: unknown[]) => number;
    expect(() => misuse(...given)).toThrow(`"${name}" must be`);
  }
});

test('as many messages as fit', () => {
  const [one, other] = openUnixPair(SOCK_SEQPACKET);
  const count = TOO_MANY - 1;
  const triples = new Uint32Array(3 * count);
  for (let i = 0; i < count; i++) triples.set([0, 1, 0], 3 * i);
  const sent = posix.sendmmsg(one, new Uint8Array(1), triples, count, 0);
  expect(sent).toBeGreaterThan(0);
  expect(posix.recvmmsg(other, new Uint8Array(1), triples, count, 0)).toBe(sent);
});
