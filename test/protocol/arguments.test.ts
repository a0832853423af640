import { describe, expect, it } from 'vitest';
import { Arguments } from '../../src/protocol/arguments.ts';
import { bytesOf } from './feed.ts';

function twoArguments(): Arguments {
  const args = new Arguments();
  args.bytes = bytesOf('GET key');
  args.push(0, 3);
  args.push(4, 7);
  return args;
}

describe('Arguments', () => {
  it('names each argument by its positions', () => {
    const args = twoArguments();
    expect(args.count).toBe(2);
    expect([args.starts[1], args.ends[1]]).toEqual([4, 7]);
    expect(args.length(1)).toBe(3);
    expect(args.text(1)).toBe('key');
  });

  it('gives text one character a byte', () => {
    const args = new Arguments();
    args.bytes = Uint8Array.of(0x00, 0xff, 0xc3);
    args.push(0, 3);
    expect(args.text(0)).toBe('\x00\xff\xc3');
  });

  it('follows bytes that have moved', () => {
    const args = twoArguments();
    args.rebase(bytesOf('..GET key'), 2);
    expect([args.text(0), args.text(1)]).toEqual(['GET', 'key']);
  });

  it('keeps every position while it grows', () => {
    const args = new Arguments();
    for (let i = 0; i < 1000; i++) args.push(i, i + 2);
    expect(args.count).toBe(1000);
    expect(args.starts[0]).toBe(0);
    expect(args.ends[999]).toBe(1001);
  });

  it('gives back the room that one huge request took', () => {
    const args = new Arguments();
    for (let i = 0; i < 20_000; i++) args.push(i, i);
    args.clear();
    expect(args.count).toBe(0);
    expect(args.starts.length).toBe(64);
    expect(args.ends.length).toBe(64);
  });

  it('keeps the room that usual requests take', () => {
    const args = new Arguments();
    for (let i = 0; i < 5000; i++) args.push(i, i);
    const capacity = args.starts.length;
    args.clear();
    expect(args.starts.length).toBe(capacity);
  });

  it('lets go of the bytes when released', () => {
    const args = twoArguments();
    args.release();
    expect(args.bytes.length).toBe(0);
    expect(args.count).toBe(0);
  });
});
