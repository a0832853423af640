import { describe, expect, onTestFinished, test } from 'vitest';
import { type SendBuffer, SendBuffers } from '../../src/drivers/io-uring/send-buffers.ts';
import { posix } from '../../src/posix/native.ts';

function open(): SendBuffers {
  const buffers = new SendBuffers(posix);
  onTestFinished(() => buffers.close());
  return buffers;
}

/** Bytes that tell their place. */
function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) + seed) & 0xff);
}

function held(buffer: SendBuffer, length: number): Uint8Array {
  return buffer.bytes.slice(0, length);
}

describe('SendBuffers', () => {
  test.each([
    ...[1, 2, 3, 4, 5, 1023, 1024, 1025, 4096, 4097, 16_384, 65_536, 65_537],
    ...[1024 * 1024, 1024 * 1024 + 1],
  ])('holds a copy of %i bytes', (length) => {
    const source = pattern(length + 3);
    const buffer = open().hold(source, length);
    expect(Buffer.compare(held(buffer, length), source.subarray(0, length))).toBe(0);
  });

  test('copies from a source that begins and ends anywhere', () => {
    const source = pattern(64).subarray(3, 64);
    const buffer = open().hold(source, 61);
    expect(held(buffer, 61)).toEqual(source.slice());
  });

  test('buffers that are held at the same time are different memory', () => {
    const buffers = open();
    const all = Array.from({ length: 200 }, (_, i) => buffers.hold(pattern(100, i), 100));
    all.forEach((buffer, i) => {
      expect(held(buffer, 100)).toEqual(pattern(100, i));
    });
  });

  test('the one that came back last is used first', () => {
    const buffers = open();
    const first = buffers.hold(pattern(10), 10);
    const second = buffers.hold(pattern(10), 10);
    buffers.release(first);
    buffers.release(second);
    expect(buffers.hold(pattern(10), 10)).toBe(second);
  });

  test('beyond a burst of them, large buffers are unmapped', () => {
    const buffers = open();
    const megabyte = pattern(1024 * 1024);
    const all = Array.from({ length: 20 }, () => buffers.hold(megabyte, megabyte.length));
    for (const buffer of all) buffers.release(buffer);
    expect(all.filter(({ bytes }) => bytes.length > 0)).toHaveLength(16);
  });

  test('a buffer that was made to measure is unmapped at once', () => {
    const buffers = open();
    const length = 1024 * 1024 + 1;
    const buffer = buffers.hold(pattern(length), length);
    buffers.release(buffer);
    expect(buffer.bytes).toHaveLength(0);
  });
});
