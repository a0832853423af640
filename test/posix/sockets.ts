/** Sockets for one test: closed when it ends. */
import { type AddressAnswer, check, posix, type SocketAddress } from '../../src/posix/index.ts';
import { closing } from './descriptors.ts';

const { constants } = posix;

export const LOOPBACK: SocketAddress = {
  family: constants.AF_INET,
  address: '127.0.0.1',
  port: 0,
};

export function openSocket(domain: number, type: number): number {
  return closing(check(posix.socket(domain, type | constants.SOCK_CLOEXEC, 0), 'socket'));
}

/** Bound to the address, or to a free port of it. */
export function openBound(type: number, address: SocketAddress = LOOPBACK): number {
  const fd = openSocket(address.family, type);
  check(posix.bind(fd, address), 'bind', address);
  return fd;
}

/** A listening, non-blocking TCP socket on a free port. */
export function openListener(address: SocketAddress = LOOPBACK): number {
  const fd = openBound(constants.SOCK_STREAM | constants.SOCK_NONBLOCK, address);
  check(posix.listen(fd, 16), 'listen');
  return fd;
}

export function nameOf(fd: number): SocketAddress {
  const address: AddressAnswer = {};
  check(posix.getsockname(fd, address), 'getsockname');
  return address as SocketAddress;
}

/** A client whose connection waits in the listener's backlog. */
export function openClient(listener: number): number {
  const address = nameOf(listener);
  const fd = openSocket(address.family, constants.SOCK_STREAM);
  check(posix.connect(fd, address), 'connect', address);
  return fd;
}

/** Two ends of a TCP connection: [client, server]. */
export function openConnection(): [number, number] {
  const listener = openListener();
  const client = openClient(listener);
  return [client, closing(check(posix.accept4(listener, null, constants.SOCK_CLOEXEC), 'accept4'))];
}

/** Two connected UNIX sockets that never block. */
export function openUnixPair(type: number): [number, number] {
  const ends = new Int32Array(2);
  const { AF_UNIX, SOCK_NONBLOCK, SOCK_CLOEXEC } = constants;
  check(posix.socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 'socketpair');
  return [closing(ends[0]), closing(ends[1])];
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(start, start + length));
}
