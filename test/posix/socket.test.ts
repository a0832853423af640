import { expect, test } from 'vitest';
import { type AddressAnswer, check, posix } from '../../src/posix/index.ts';
import { closing, NO_FD, openPipe } from './descriptors.ts';
import {
  LOOPBACK,
  nameOf,
  openBound,
  openClient,
  openConnection,
  openListener,
  openSocket,
} from './sockets.ts';

const { constants } = posix;
const { AF_INET, AF_UNIX, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } = constants;
const { EAGAIN, EBADF, EINVAL, ENOPROTOOPT, ENOTCONN, ENOTSOCK, EOPNOTSUPP } = constants;

test('socket makes the kind that was asked for', () => {
  const fd = closing(posix.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const type = new Int32Array(1);
  expect(posix.getsockopt(fd, SOL_SOCKET, constants.SO_TYPE, type)).toBe(4);
  expect(type[0]).toBe(SOCK_STREAM);
  expect(posix.fcntl(fd, constants.F_GETFL) & constants.O_NONBLOCK).not.toBe(0);
});

test('socket of an unknown family is EAFNOSUPPORT', () => {
  expect(posix.socket(4711, SOCK_STREAM, 0)).toBe(-constants.EAFNOSUPPORT);
});

test('bind to an address in use is EADDRINUSE', () => {
  const address = nameOf(openListener());
  expect(posix.bind(openSocket(AF_INET, SOCK_STREAM), address)).toBe(-constants.EADDRINUSE);
});

test('listen on what cannot listen is EOPNOTSUPP', () => {
  expect(posix.listen(openBound(constants.SOCK_DGRAM), 1)).toBe(-EOPNOTSUPP);
});

test('accept and accept4 tell the peer', () => {
  const listener = openListener();
  for (const accept of [
    posix.accept,
    (fd: number, peer: AddressAnswer) => posix.accept4(fd, peer, 0),
  ]) {
    const client = openClient(listener);
    const peer = {};
    closing(check(accept(listener, peer), 'accept'));
    expect(peer).toEqual(nameOf(client));
  }
});

test('accept4 sets the flags of the new descriptor', () => {
  const listener = openListener();
  openClient(listener);
  const fd = closing(check(posix.accept4(listener, null, SOCK_NONBLOCK | SOCK_CLOEXEC), 'accept4'));
  expect(posix.fcntl(fd, constants.F_GETFD)).toBe(constants.FD_CLOEXEC);
  expect(posix.fcntl(fd, constants.F_GETFL) & constants.O_NONBLOCK).not.toBe(0);
});

test('accept and accept4 where nobody waits are EAGAIN', () => {
  const listener = openListener();
  expect(posix.accept(listener, null)).toBe(-EAGAIN);
  expect(posix.accept4(listener, {}, 0)).toBe(-EAGAIN);
});

test('accept4 on a listener that was shut down is EINVAL', () => {
  const listener = openListener();
  expect(posix.shutdown(listener, constants.SHUT_RD)).toBe(0);
  expect(posix.accept4(listener, null, 0)).toBe(-EINVAL);
});

test('a descriptor whose peer cannot be told is closed', () => {
  const listener = openListener();
  openClient(listener);
  const next = check(posix.dup(listener), 'dup');
  posix.close(next);
  const peer = Object.defineProperty({}, 'family', {
    set() {
      throw new Error('no');
    },
  });
  expect(() => posix.accept4(listener, peer, 0)).toThrow('no');
  expect(posix.fcntl(next, constants.F_GETFD)).toBe(-EBADF);
});

test('connect to a port where nobody listens is ECONNREFUSED', () => {
  const listener = openListener();
  const address = nameOf(listener);
  posix.close(listener);
  const client = openSocket(AF_INET, SOCK_STREAM);
  expect(posix.connect(client, address)).toBe(-constants.ECONNREFUSED);
});

test('shutdown of one direction: the peer reads the end, the other direction works on', () => {
  const [client, server] = openConnection();
  const byte = new Uint8Array(1);
  expect(posix.shutdown(client, constants.SHUT_WR)).toBe(0);
  expect(posix.recv(server, byte, 0, 1, 0)).toBe(0);
  expect(posix.send(server, byte, 0, 1, constants.MSG_NOSIGNAL)).toBe(1);
});

test('shutdown of what is not connected is ENOTCONN', () => {
  expect(posix.shutdown(openSocket(AF_INET, SOCK_STREAM), constants.SHUT_RDWR)).toBe(-ENOTCONN);
});

test('getsockname and getpeername see the two ends of one connection', () => {
  const [client, server] = openConnection();
  const peer = {};
  expect(posix.getpeername(client, peer)).toBe(0);
  expect(peer).toEqual(nameOf(server));
});

test('getsockname and getpeername answer errors, the object being unchanged', () => {
  const [reader] = openPipe();
  const address = {};
  expect(posix.getsockname(reader, address)).toBe(-ENOTSOCK);
  expect(posix.getpeername(openSocket(AF_INET, SOCK_STREAM), address)).toBe(-ENOTCONN);
  expect(address).toEqual({});
});

test('setsockopt takes a number, an Int32Array, or bytes', () => {
  const fd = openSocket(AF_INET, SOCK_STREAM);
  const { IPPROTO_TCP, TCP_NODELAY } = constants;
  const value = new Int32Array(1);
  const on = Int32Array.of(1);
  for (const given of [1, on, new Uint8Array(on.buffer)]) {
    expect(posix.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 0)).toBe(0);
    expect(posix.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, given)).toBe(0);
    expect(posix.getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value)).toBe(4);
    expect(value[0]).toBe(1);
  }
});

test('getsockopt answers the length of the value', () => {
  const fd = openSocket(AF_INET, SOCK_STREAM);
  const name = new Uint8Array(64);
  const length = posix.getsockopt(fd, constants.IPPROTO_TCP, constants.TCP_CONGESTION, name);
  expect(length).toBeGreaterThan(0);
  expect(length).toBeLessThan(64);
});

test('an unknown option is ENOPROTOOPT', () => {
  const fd = openSocket(AF_INET, SOCK_STREAM);
  expect(posix.getsockopt(fd, SOL_SOCKET, 4711, new Int32Array(1))).toBe(-ENOPROTOOPT);
  expect(posix.setsockopt(fd, SOL_SOCKET, 4711, 1)).toBe(-ENOPROTOOPT);
});

test('getsockopt refuses the options that write past the view', () => {
  const value = new Uint8Array(8);
  const SO_GET_FILTER = 26;
  const TCP_ZEROCOPY_RECEIVE = 35;
  const message = /"optname" must be/;
  expect(() => posix.getsockopt(NO_FD, SOL_SOCKET, SO_GET_FILTER, value)).toThrow(message);
  expect(() => posix.getsockopt(NO_FD, constants.IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, value)).toThrow(
    message,
  );
});

test('SO_REUSEPORT lets two listeners share an address', () => {
  const fds = [0, 1].map(() => openSocket(AF_INET, SOCK_STREAM));
  for (const fd of fds) expect(posix.setsockopt(fd, SOL_SOCKET, constants.SO_REUSEPORT, 1)).toBe(0);
  expect(posix.bind(fds[0], LOOPBACK)).toBe(0);
  expect(posix.bind(fds[1], nameOf(fds[0]))).toBe(0);
});

test('socketpair makes two ends, or says why not', () => {
  const ends = new Int32Array(2);
  expect(posix.socketpair(AF_UNIX, SOCK_STREAM, 0, ends)).toBe(0);
  const [one, other] = ends;
  closing(one);
  closing(other);
  expect(posix.send(one, Uint8Array.of(7), 0, 1, 0)).toBe(1);
  expect(posix.recv(other, new Uint8Array(1), 0, 1, 0)).toBe(1);
  expect(posix.socketpair(AF_INET, SOCK_STREAM, 0, ends)).toBe(-EOPNOTSUPP);
  expect([...ends]).toEqual([one, other]);
});

test.each(['listen', 'shutdown'] as const)('%s of no descriptor is EBADF', (name) => {
  expect(posix[name](NO_FD, 0)).toBe(-EBADF);
});

test.each(['bind', 'connect'] as const)('%s of no descriptor is EBADF', (name) => {
  expect(posix[name](NO_FD, LOOPBACK)).toBe(-EBADF);
});
