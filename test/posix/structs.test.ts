import { expect, test } from 'vitest';
import { check, posix, structsOf } from '../../src/posix/index.ts';
import { openConnection, openSocket, openUnixPair } from './sockets.ts';

const { constants } = posix;
const { AF_INET, IPPROTO_TCP, SO_LINGER, SO_RCVTIMEO, SOCK_STREAM, SOL_SOCKET } = constants;
const structs = structsOf(posix.layouts);

test('SO_LINGER comes back as it was set', () => {
  const fd = openSocket(AF_INET, SOCK_STREAM);
  const bytes = new Uint8Array(structs.linger.size);
  const linger = structs.linger.encode({ onoff: 1, linger: 7 });
  expect(posix.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger)).toBe(0);
  expect(posix.getsockopt(fd, SOL_SOCKET, SO_LINGER, bytes)).toBe(bytes.length);
  expect(structs.linger.decode(bytes)).toEqual({ onoff: 1, linger: 7 });
});

test.each([0, 1, 1500, 86_400_000])('SO_RCVTIMEO of %d ms comes back', (timeoutMs) => {
  const fd = openSocket(AF_INET, SOCK_STREAM);
  const bytes = new Uint8Array(structs.timeoutMs.size);
  const timeout = structs.timeoutMs.encode(timeoutMs);
  expect(posix.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout)).toBe(0);
  expect(posix.getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, bytes)).toBe(bytes.length);
  const got = structs.timeoutMs.decode(bytes);
  expect(got).toBeGreaterThanOrEqual(timeoutMs);
  expect(got).toBeLessThan(timeoutMs + 10);
});

test('a receive ends once its timeout has passed', () => {
  const [client] = openConnection();
  posix.setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, structs.timeoutMs.encode(1));
  expect(posix.recv(client, new Uint8Array(1), 0, 1, 0)).toBe(-constants.EAGAIN);
});

test('a timeout that is shorter than a µs is not none', () => {
  expect(structs.timeoutMs.decode(structs.timeoutMs.encode(1e-9))).toBe(0.001);
});

test('SO_PEERCRED tells who is at the other end', () => {
  const [one] = openUnixPair(SOCK_STREAM);
  const bytes = new Uint8Array(structs.credentials?.size ?? 0);
  expect(posix.getsockopt(one, SOL_SOCKET, constants.SO_PEERCRED, bytes)).toBe(bytes.length);
  expect(structs.credentials?.decode(bytes)).toEqual({
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  });
});

test('TCP_INFO tells the state and what was received', () => {
  const [client, server] = openConnection();
  const bytes = new Uint8Array(structs.tcpInfo?.size ?? 0);
  check(posix.send(client, new Uint8Array(1000), 0, 1000, 0), 'send');
  const length = check(
    posix.getsockopt(server, IPPROTO_TCP, constants.TCP_INFO, bytes),
    'getsockopt',
  );
  const info = structs.tcpInfo?.decode(bytes.subarray(0, length));
  expect(info).toMatchObject({ state: constants.TCP_ESTABLISHED, bytes_received: 1000 });
  expect(info?.rtt).toBeGreaterThanOrEqual(0);
});

test('TCP_INFO leaves out what an older kernel does not tell', () => {
  const info = structs.tcpInfo?.decode(new Uint8Array(posix.layouts.tcp_info.fields.rtt.offset));
  expect(info).toHaveProperty('pmtu', 0);
  expect(info).not.toHaveProperty('rtt');
});

test('descriptors: 32 bits each, at any position of a buffer', () => {
  const bytes = structs.descriptors.encode([3, 70_000]);
  expect(bytes).toHaveLength(8);
  const shifted = new Uint8Array(9);
  shifted.set(bytes, 1);
  expect(structs.descriptors.decode(shifted.subarray(1))).toEqual([3, 70_000]);
});

test.each([
  ['too few bytes', () => structs.linger.decode(new Uint8Array(7))],
  ['a field that does not fit', () => structs.linger.encode({ onoff: 1, linger: 2 ** 31 })],
  ['a field that is no integer', () => structs.linger.encode({ onoff: 0.5, linger: 0 })],
  ['a negative unsigned field', () => structs.credentials?.encode({ pid: 1, uid: -1, gid: 0 })],
  ['a descriptor that wraps', () => structs.descriptors.encode([2 ** 32 + 1])],
  ['a negative timeout', () => structs.timeoutMs.encode(-1)],
  ['a timeout that is no number', () => structs.timeoutMs.encode(Number.NaN)],
])('refused: %s', (_, misuse) => {
  expect(misuse).toThrow(RangeError);
});
