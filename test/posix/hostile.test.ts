/**
 * Objects that run JavaScript while they are read: it must not pull memory away from under a call.
 */
import { expect, test } from 'vitest';
import { posix, type SocketAddress } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';
import { LOOPBACK, openUnixPair } from './sockets.ts';

const { constants } = posix;
const DETACHED = /must be a view whose buffer is not detached|must be a view that holds/;

function detach(view: Uint8Array): void {
  structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
}

/** The object, whose field detaches the view when it is read. */
function trap<T extends object>(object: T, key: keyof T, view: Uint8Array): T {
  const value = object[key];
  return Object.defineProperty(object, key, {
    get() {
      detach(view);
      return value;
    },
  });
}

test('an array whose second element detaches the first', () => {
  const first = new Uint8Array(4096);
  const views = trap([first, new Uint8Array(1)], 1, first);
  expect(() => posix.readv(NO_FD, views)).toThrow(DETACHED);
});

test('an address that detaches the buffer', () => {
  const buffer = new Uint8Array(4096);
  const address: SocketAddress = trap({ ...LOOPBACK }, 'port', buffer);
  expect(() => posix.sendto(NO_FD, buffer, 0, 4096, 0, address)).toThrow(DETACHED);
});

test('a control message that detaches a part', () => {
  const part = new Uint8Array(4096);
  const control = trap({ level: 1, type: 1, data: new Uint8Array(4) }, 'type', part);
  expect(() => posix.sendmsg(NO_FD, { iov: [part], control: [control] }, 0)).toThrow(DETACHED);
});

test('a second message that detaches a part of the first', () => {
  const part = new Uint8Array(4096);
  const messages = [{ iov: [part] }, trap({ iov: [new Uint8Array(1)] }, 'iov', part)];
  expect(() => posix.recvmmsg(NO_FD, messages, 0)).toThrow(DETACHED);
});

test('an answer whose setter detaches the buffer that was filled', () => {
  const [one, other] = openUnixPair(constants.SOCK_DGRAM);
  const buffer = new Uint8Array(8);
  posix.send(one, Uint8Array.of(7), 0, 1, 0);
  const from = Object.defineProperty({}, 'family', { set: () => detach(buffer) });
  expect(posix.recvfrom(other, buffer, 0, 8, 0, from)).toBe(1);
  expect(buffer).toHaveLength(0);
});

test('an exception of a getter comes through as it is', () => {
  const thrown = new Error('mine');
  const address = Object.defineProperty({}, 'family', {
    get() {
      throw thrown;
    },
  });
  expect(() => posix.bind(NO_FD, address as SocketAddress)).toThrow(thrown);
});

test('a frozen answer is left as it is', () => {
  const [one] = openUnixPair(constants.SOCK_DGRAM);
  const address = Object.freeze({ family: -1 });
  expect(posix.getsockname(one, address)).toBe(0);
  expect(address).toEqual({ family: -1 });
});

test('a Proxy of a view is no view', () => {
  const proxy = new Proxy(new Uint8Array(8), {});
  expect(() => posix.read(NO_FD, proxy, 0, 1)).toThrow('"buffer" must be a Uint8Array');
});

test('a view that lost its place in a shrunk buffer is empty', () => {
  // TypeScript's es2023 does not know of resizable buffers yet, Node 20 does.
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void };
  const resizable = new Resizable(16, { maxByteLength: 32 });
  const view = new Uint8Array(resizable, 8, 8);
  resizable.resize(4);
  expect(() => posix.read(NO_FD, view, 0, 1)).toThrow('"buffer" must be');
});
