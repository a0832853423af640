import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { check, posix, type SocketAddress } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';
import { nameOf, openBound, openSocket } from './sockets.ts';

const { constants } = posix;
const { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, EAFNOSUPPORT, EINVAL, SOCK_DGRAM } = constants;

/** sizeof(sun_path) on Linux. */
const PATH_BYTES = 108;

function socketPath(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

test('IPv4: an address comes back as it was given, with the port that was free', () => {
  const address = nameOf(openBound(SOCK_DGRAM, { family: AF_INET, address: '127.0.0.2', port: 0 }));
  expect(address).toEqual({ family: AF_INET, address: '127.0.0.2', port: expect.any(Number) });
  expect(address.port).toBeGreaterThan(0);
});

test('IPv6: an address comes back with its scope and flow', () => {
  const address = nameOf(openBound(SOCK_DGRAM, { family: AF_INET6, address: '::1', port: 0 }));
  const { port, ...rest } = address;
  expect(rest).toEqual({ family: AF_INET6, address: '::1', scopeId: 0, flowInfo: 0 });
  expect(port).toBeGreaterThan(0);
});

test('IPv6: the scope reaches the kernel, which knows no such interface', () => {
  const fd = openSocket(AF_INET6, SOCK_DGRAM);
  const address = { family: AF_INET6, address: 'fe80::1', port: 0, scopeId: 0xfffffff0 };
  expect(posix.bind(fd, address)).toBe(-constants.ENODEV);
});

test.each(['s', 'söcket', 'x'.repeat(40)])('UNIX: the path …/%s comes back', (name) => {
  const path = socketPath(name);
  expect(nameOf(openBound(SOCK_DGRAM, { family: AF_UNIX, path }))).toEqual({
    family: AF_UNIX,
    path,
  });
});

test('UNIX: abstract names, NUL within them and up to the last byte', () => {
  const unique = `\0syskv-${process.pid}`;
  for (const path of [unique, `${unique}\0\0`, unique.padEnd(PATH_BYTES, 'x')]) {
    expect(nameOf(openBound(SOCK_DGRAM, { family: AF_UNIX, path }))).toEqual({
      family: AF_UNIX,
      path,
    });
  }
});

test('UNIX: a socket without a name has an empty path', () => {
  expect(nameOf(openSocket(AF_UNIX, SOCK_DGRAM))).toEqual({ family: AF_UNIX, path: '' });
});

test('UNIX: the longest path that fits, and one byte more', () => {
  const folder = socketPath('');
  const path = folder.padEnd(PATH_BYTES - 1, 'x');
  expect(nameOf(openBound(SOCK_DGRAM, { family: AF_UNIX, path })).path).toBe(path);
  expect(() => posix.bind(NO_FD, { family: AF_UNIX, path: `${path}x` })).toThrow(
    '"address.path" must be at most 107 bytes of UTF-8',
  );
});

test('an object that is used again keeps the fields of its first family', () => {
  const address: SocketAddress = { family: AF_INET, address: '127.0.0.1', port: 0 };
  check(posix.getsockname(openSocket(AF_UNIX, SOCK_DGRAM), address), 'getsockname');
  expect(address).toEqual({ family: AF_UNIX, address: '127.0.0.1', port: 0, path: '' });
});

test('AF_UNSPEC makes a datagram socket forget its peer', () => {
  const peer = nameOf(openBound(SOCK_DGRAM));
  const fd = openSocket(AF_INET, SOCK_DGRAM);
  expect(posix.connect(fd, peer)).toBe(0);
  expect(posix.connect(fd, { family: AF_UNSPEC })).toBe(0);
  expect(posix.getpeername(fd, {})).toBe(-constants.ENOTCONN);
});

test('an address of another family than the socket is an error of the kernel', () => {
  const fd = openSocket(AF_INET, SOCK_DGRAM);
  const result = posix.connect(fd, { family: AF_INET6, address: '::1', port: 1 });
  expect([-EAFNOSUPPORT, -EINVAL]).toContain(result);
});

test.each([
  ['address', undefined],
  ['address', '127.0.0.1'],
  ['address.family', {}],
  ['address.family', { family: 'AF_INET' }],
  ['address.family', { family: 4711 }],
  ['address.address', { family: AF_INET, port: 1 }],
  ['address.address', { family: AF_INET, address: 2130706433, port: 1 }],
  ['address.address', { family: AF_INET, address: 'localhost', port: 1 }],
  ['address.address', { family: AF_INET, address: '127.1', port: 1 }],
  ['address.address', { family: AF_INET, address: '127.0.0.1\0.example.org', port: 1 }],
  ['address.address', { family: AF_INET, address: '1'.repeat(1e6), port: 1 }],
  ['address.address', { family: AF_INET6, address: '127.0.0.1', port: 1 }],
  ['address.address', { family: AF_INET6, address: 'fe80::1%eth0', port: 1 }],
  ['address.port', { family: AF_INET, address: '127.0.0.1' }],
  ['address.port', { family: AF_INET, address: '127.0.0.1', port: 65536 }],
  ['address.port', { family: AF_INET, address: '127.0.0.1', port: '80' }],
  ['address.scopeId', { family: AF_INET6, address: '::1', port: 1, scopeId: -1 }],
  ['address.flowInfo', { family: AF_INET6, address: '::1', port: 1, flowInfo: 2 ** 32 }],
  ['address.path', { family: AF_UNIX }],
  ['address.path', { family: AF_UNIX, path: 'a\0b' }],
])('misuse names %s: %j', (name, address) => {
  const message = new RegExp(`^"${name.replace('.', '\\.')}" must be`);
  expect(() => posix.bind(NO_FD, address as never)).toThrow(message);
});

test('a bad address is named in the error', () => {
  expect(() => posix.bind(NO_FD, { family: AF_INET, address: '300.1.1.1', port: 1 })).toThrow(
    `"address.address" must be an IPv4 address in digits, not '300.1.1.1'`,
  );
});
