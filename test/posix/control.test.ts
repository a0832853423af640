/** Control messages: descriptors and credentials that travel with the bytes. */
import { expect, test } from 'vitest';
import {
  type ControlMessage,
  check,
  type IncomingMessage,
  posix,
  structsOf,
} from '../../src/posix/index.ts';
import { DEADLINE_MS } from '../support/deadline.ts';
import { startChild } from './child.ts';
import { closing, NO_FD, openPipe, writeText } from './descriptors.ts';
import { bytesOf, openUnixPair, textOf } from './sockets.ts';

const { constants } = posix;
const { MSG_CMSG_CLOEXEC, MSG_CTRUNC, SCM_CREDENTIALS, SCM_RIGHTS, SOCK_STREAM, SOL_SOCKET } =
  constants;
const structs = structsOf(posix.layouts);

function rightsTo(...fds: number[]): ControlMessage {
  return { level: SOL_SOCKET, type: SCM_RIGHTS, data: structs.descriptors.encode(fds) };
}

/** Sends the descriptors with one byte. */
function pass(socket: number, ...fds: number[]): number {
  return posix.sendmsg(socket, { iov: [bytesOf('x')], control: [rightsTo(...fds)] }, 0);
}

function incoming(extra: Partial<IncomingMessage> = {}): IncomingMessage {
  return { iov: [new Uint8Array(1)], control: [], ...extra };
}

/** The number that the next descriptor will get. */
function nextFd(): number {
  const fd = check(posix.dup(0), 'dup');
  posix.close(fd);
  return fd;
}

/** The test's own thread blocks: a child that fails must not hang it. */
function waitAtMost(fd: number): void {
  const timeout = structs.timeoutMs.encode(DEADLINE_MS);
  check(posix.setsockopt(fd, SOL_SOCKET, constants.SO_RCVTIMEO, timeout), 'setsockopt');
}

test('a descriptor arrives as another number for the same pipe', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const [reader, writer] = openPipe();
  const message = incoming();
  expect(pass(one, writer)).toBe(1);
  expect(posix.recvmsg(other, message, MSG_CMSG_CLOEXEC)).toBe(1);
  const [{ level, type, data }] = message.control as ControlMessage[];
  expect([level, type]).toEqual([SOL_SOCKET, SCM_RIGHTS]);
  const [received] = structs.descriptors.decode(data).map(closing);
  expect(received).not.toBe(writer);
  expect(posix.fcntl(received, constants.F_GETFD)).toBe(constants.FD_CLOEXEC);
  writeText(received, 'hello');
  expect(posix.read(reader, new Uint8Array(8), 0, 8)).toBe(5);
});

test('a descriptor goes to another process and comes back', async () => {
  const path = `\0syskv-rights-${process.pid}`;
  const { AF_UNIX } = constants;
  const listener = closing(check(posix.socket(AF_UNIX, SOCK_STREAM, 0), 'socket'));
  check(posix.bind(listener, { family: AF_UNIX, path }), 'bind');
  check(posix.listen(listener, 1), 'listen');
  waitAtMost(listener);
  const child = startChild(`
    const fd = posix.socket(c.AF_UNIX, c.SOCK_STREAM, 0);
    posix.connect(fd, { family: c.AF_UNIX, path: ${JSON.stringify(path)} });
    const message = { iov: [new Uint8Array(1)], control: [] };
    posix.recvmsg(fd, message, 0);
    const [received] = new Int32Array(message.control[0].data.buffer);
    posix.write(received, Buffer.from('from the child'), 0, 14);
    posix.sendmsg(fd, message, 0);
  `);
  const [reader, writer] = openPipe();
  const socket = closing(check(posix.accept(listener, null), 'accept'));
  waitAtMost(socket);
  expect(pass(socket, writer)).toBe(1);
  const message = incoming();
  expect(posix.recvmsg(socket, message, 0)).toBe(1);
  const [returned] = structs.descriptors
    .decode(message.control?.[0].data as Uint8Array)
    .map(closing);
  writeText(returned, ', and back');
  const buffer = new Uint8Array(32);
  const length = posix.read(reader, buffer, 0, 32);
  expect(textOf(buffer, 0, length)).toBe('from the child, and back');
  expect(await child.exited).toEqual({ status: 0, signal: null });
});

test('several descriptors in one message, and two messages at once', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const [reader, writer] = openPipe();
  expect(pass(one, reader, writer)).toBe(1);
  expect(pass(one, reader)).toBe(1);
  const messages = [incoming(), incoming()];
  expect(posix.recvmmsg(other, messages, constants.MSG_WAITFORONE)).toBe(2);
  const received = messages.map((message) =>
    structs.descriptors.decode(message.control?.[0].data as Uint8Array).map(closing),
  );
  expect(received.map((fds) => fds.length)).toEqual([2, 1]);
});

test('without a list descriptors are discarded, with little room those that do not fit', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const [reader, writer] = openPipe();
  const before = nextFd();
  const none: IncomingMessage = { iov: [new Uint8Array(1)] };
  pass(one, reader, writer);
  expect(posix.recvmsg(other, none, 0)).toBe(1);
  expect(none.flags).toBe(MSG_CTRUNC);
  expect(nextFd()).toBe(before);
  const CMSG_LEN_OF_ONE = 20;
  const little = incoming({ controllen: CMSG_LEN_OF_ONE });
  pass(one, reader, writer);
  expect(posix.recvmsg(other, little, 0)).toBe(1);
  expect(little.flags).toBe(MSG_CTRUNC);
  expect(little.control).toHaveLength(1);
  expect(structs.descriptors.decode(little.control?.[0].data as Uint8Array)).toEqual([before]);
  posix.close(before);
});

test('a list that is used again holds the last message alone', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  const message = incoming();
  pass(one, 0);
  posix.recvmsg(other, message, 0);
  const list = message.control as ControlMessage[];
  posix.close(structs.descriptors.decode(list[0].data)[0]);
  posix.send(one, bytesOf('x'), 0, 1, 0);
  posix.recvmsg(other, message, 0);
  expect(list).toEqual([]);
});

test.each(['flags', 'control'])('descriptors are closed where %s cannot be filled in', (key) => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  pass(one, 0, 1);
  const before = nextFd();
  const message = incoming();
  const refuse = () => {
    throw new Error('no');
  };
  if (key === 'flags') Object.defineProperty(message, 'flags', { set: refuse });
  else Object.defineProperty(message.control, 0, { set: refuse });
  expect(() => posix.recvmsg(other, message, 0)).toThrow('no');
  expect(nextFd()).toBe(before);
});

test('recvmmsg closes the descriptors of this message and of those behind it', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  pass(one, 0);
  pass(one, 0);
  const before = nextFd();
  const messages = [incoming(), incoming()];
  Object.defineProperty(messages[0], 'flags', {
    set() {
      throw new Error('no');
    },
  });
  expect(() => posix.recvmmsg(other, messages, constants.MSG_WAITFORONE)).toThrow('no');
  expect(nextFd()).toBe(before);
});

test('passing what is no descriptor is EBADF', () => {
  const [one] = openUnixPair(SOCK_STREAM);
  expect(pass(one, NO_FD)).toBe(-constants.EBADF);
});

test('credentials come with a message where they were asked for', () => {
  const [one, other] = openUnixPair(SOCK_STREAM);
  check(posix.setsockopt(other, SOL_SOCKET, constants.SO_PASSCRED, 1), 'setsockopt');
  posix.send(one, bytesOf('x'), 0, 1, 0);
  const message = incoming();
  expect(posix.recvmsg(other, message, 0)).toBe(1);
  const [{ type, data }] = message.control as ControlMessage[];
  expect(type).toBe(SCM_CREDENTIALS);
  expect(structs.credentials?.decode(data)).toEqual({
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  });
});

test('control messages of more than 256 KiB are refused', () => {
  const control = [{ level: SOL_SOCKET, type: SCM_RIGHTS, data: new Uint8Array(262144) }];
  expect(() => posix.sendmsg(NO_FD, { iov: [], control }, 0)).toThrow('"message.control" must be');
});
