import { expect, test } from 'vitest';
import { type AddressAnswer, type IncomingMessage, posix } from '../../src/posix/index.ts';
import { NO_FD, openPipe } from './descriptors.ts';
import {
  bytesOf,
  nameOf,
  openBound,
  openConnection,
  openSocket,
  openUnixPair,
  textOf,
} from './sockets.ts';

const { constants } = posix;
const { AF_INET, AF_UNSPEC, EAGAIN, EBADF, ENOTSOCK, EPIPE, MSG_NOSIGNAL } = constants;
const { SOCK_DGRAM, SOCK_STREAM } = constants;

type Receive = (fd: number, buffer: Uint8Array, offset: number, length: number) => number;

/** Each way to receive into, or to send from, one part of a view. */
const RECEIVING: Readonly<Record<string, Receive>> = {
  recv: (fd, buffer, offset, length) => posix.recv(fd, buffer, offset, length, 0),
  recvfrom: (fd, buffer, offset, length) => posix.recvfrom(fd, buffer, offset, length, 0, null),
  'recvmsg (bytes)': (fd, buffer, offset, length) => posix.recvmsg(fd, buffer, offset, length, 0),
  'recvmsg (pairs)': (fd, buffer, offset, length) =>
    posix.recvmsg(fd, buffer, Uint32Array.of(offset, length), 1, 0),
  'recvmsg (object)': (fd, buffer, offset, length) =>
    posix.recvmsg(fd, { iov: [buffer.subarray(offset, offset + length)] }, 0),
};

const SENDING: Readonly<Record<string, Receive>> = {
  send: (fd, buffer, offset, length) => posix.send(fd, buffer, offset, length, MSG_NOSIGNAL),
  sendto: (fd, buffer, offset, length) =>
    posix.sendto(fd, buffer, offset, length, MSG_NOSIGNAL, null),
  'sendmsg (bytes)': (fd, buffer, offset, length) =>
    posix.sendmsg(fd, buffer, offset, length, MSG_NOSIGNAL),
  'sendmsg (pairs)': (fd, buffer, offset, length) =>
    posix.sendmsg(fd, buffer, Uint32Array.of(offset, length), 1, MSG_NOSIGNAL),
  'sendmsg (object)': (fd, buffer, offset, length) =>
    posix.sendmsg(fd, { iov: [buffer.subarray(offset, offset + length)] }, MSG_NOSIGNAL),
};

test.each(Object.entries(RECEIVING))('%s fills the part that was asked for', (_, receive) => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const buffer = new Uint8Array(8).fill(0x2e);
  posix.send(one, bytesOf('hello'), 0, 5, 0);
  expect(receive(other, buffer, 2, 4)).toBe(4);
  expect(textOf(buffer, 0, 8)).toBe('..hell..');
});

test.each(Object.entries(RECEIVING))('%s: nothing yet, the end, no descriptor', (_, receive) => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const buffer = new Uint8Array(8);
  expect(receive(other, buffer, 0, 8)).toBe(-EAGAIN);
  posix.close(one);
  expect(receive(other, buffer, 0, 8)).toBe(0);
  expect(receive(NO_FD, buffer, 0, 8)).toBe(-EBADF);
});

test.each(Object.entries(SENDING))('%s sends the part that was asked for', (_, send) => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const buffer = new Uint8Array(8);
  expect(send(one, bytesOf('..hello..'), 2, 5)).toBe(5);
  expect(posix.recv(other, buffer, 0, 8, 0)).toBe(5);
  expect(textOf(buffer, 0, 5)).toBe('hello');
});

test.each(Object.entries(SENDING))('%s: nobody there, no socket, no descriptor', (_, send) => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  posix.close(other);
  expect(send(one, bytesOf('x'), 0, 1)).toBe(-EPIPE);
  expect(send(openPipe()[1], bytesOf('x'), 0, 1)).toBe(-ENOTSOCK);
  expect(send(NO_FD, bytesOf('x'), 0, 1)).toBe(-EBADF);
});

test('a send that does not fit is taken in part, the next one is EAGAIN', () => {
  const [one] = openUnixPair(SOCK_STREAM);
  const much = new Uint8Array(1 << 22);
  const taken = posix.send(one, much, 0, much.length, 0);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(much.length);
  expect(posix.send(one, much, 0, much.length, 0)).toBe(-EAGAIN);
});

test('flags: MSG_PEEK leaves the bytes, MSG_DONTWAIT does not wait', () => {
  const [client, server] = openConnection();
  const byte = new Uint8Array(1);
  expect(posix.recv(server, byte, 0, 1, constants.MSG_DONTWAIT)).toBe(-EAGAIN);
  posix.send(client, Uint8Array.of(7), 0, 1, 0);
  expect(posix.recv(server, byte, 0, 1, constants.MSG_PEEK)).toBe(1);
  expect(posix.recv(server, byte, 0, 1, 0)).toBe(1);
});

test('datagrams: sendto names the peer, recvfrom tells it', () => {
  const receiver = openBound(SOCK_DGRAM);
  const sender = openBound(SOCK_DGRAM);
  const from: AddressAnswer = {};
  const buffer = new Uint8Array(8);
  expect(posix.sendto(sender, bytesOf('hello'), 0, 5, 0, nameOf(receiver))).toBe(5);
  expect(posix.recvfrom(receiver, buffer, 0, 8, 0, from)).toBe(5);
  expect(from).toEqual(nameOf(sender));
});

test('recvfrom on a connected stream knows no address', () => {
  const [client, server] = openConnection();
  const from: AddressAnswer = {};
  posix.send(client, Uint8Array.of(7), 0, 1, 0);
  expect(posix.recvfrom(server, new Uint8Array(1), 0, 1, 0, from)).toBe(1);
  expect(from).toEqual({ family: AF_UNSPEC });
});

test('sendto without an address on a socket without a peer is EDESTADDRREQ', () => {
  const fd = openSocket(AF_INET, SOCK_DGRAM);
  expect(posix.sendto(fd, bytesOf('x'), 0, 1, 0, null)).toBe(-constants.EDESTADDRREQ);
});

test('sendmsg gathers, recvmsg scatters: pairs of one view', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const buffer = new Uint8Array(8);
  expect(posix.sendmsg(one, bytesOf('lohel'), Uint32Array.of(2, 3, 0, 2), 2, 0)).toBe(5);
  expect(posix.recvmsg(other, buffer, Uint32Array.of(6, 2, 0, 3), 2, 0)).toBe(5);
  expect(textOf(buffer, 0, 8)).toBe('llo\0\0\0he');
});

test('sendmsg and recvmsg as objects: views, the peer, and what was cut off', () => {
  const receiver = openBound(SOCK_DGRAM);
  const sender = openBound(SOCK_DGRAM);
  const message = { name: nameOf(receiver), iov: [bytesOf('he'), bytesOf('llo')] };
  expect(posix.sendmsg(sender, message, 0)).toBe(5);
  const answer: IncomingMessage = { name: {}, iov: [new Uint8Array(1), new Uint8Array(3)] };
  expect(posix.recvmsg(receiver, answer, 0)).toBe(4);
  expect(answer.name).toEqual(nameOf(sender));
  expect(answer.iov.map((view) => textOf(view, 0, view.length))).toEqual(['h', 'ell']);
  expect(answer.flags).toBe(constants.MSG_TRUNC);
});

test.each([
  ['message', 'recvmsg', 7],
  ['message.iov', 'recvmsg', {}],
  ['message.iov', 'recvmsg', { iov: ['x'] }],
  ['message.iov', 'recvmsg', { iov: new Array(1025).fill(new Uint8Array(1)) }],
  ['message.name', 'recvmsg', { iov: [], name: 'x' }],
  ['message.control', 'recvmsg', { iov: [], control: {} }],
  ['message.controllen', 'recvmsg', { iov: [], control: [], controllen: 262145 }],
  ['message.name.family', 'sendmsg', { iov: [], name: {} }],
  ['message.control', 'sendmsg', { iov: [], control: 7 }],
  ['message.control[]', 'sendmsg', { iov: [], control: [7] }],
  ['message.control[].level', 'sendmsg', { iov: [], control: [{}] }],
  ['message.control[].type', 'sendmsg', { iov: [], control: [{ level: 1 }] }],
  ['message.control[].data', 'sendmsg', { iov: [], control: [{ level: 1, type: 1 }] }],
] as const)('misuse names "%s": %s', (name, call, message) => {
  const misuse = posix[call] as (...given: unknown[]) => number;
  expect(() => misuse(NO_FD, message, 0)).toThrow(`"${name}" must be`);
});
