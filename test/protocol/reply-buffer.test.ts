import { describe, expect, it } from 'vitest';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { bytesOf, textOf } from './feed.ts';

function contents(buffer: ReplyBuffer): string {
  return textOf(buffer.bytes, 0, buffer.length);
}

/** 0, 1, 2 … 255, 0 … */
function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i & 0xff);
}

describe('ReplyBuffer', () => {
  it('appends a part of an array', () => {
    const buffer = new ReplyBuffer();
    buffer.append(bytesOf('hello'), 1, 4);
    buffer.append(bytesOf('!'), 0, 1);
    expect(contents(buffer)).toBe('ell!');
  });

  it.each([0, 1, 7, 8, 9, 63, 64, 65, 1000])('appends %i bytes unchanged', (length) => {
    const buffer = new ReplyBuffer(16);
    buffer.append(bytesOf('>'), 0, 1);
    buffer.append(counting(length + 2), 1, length + 1);
    expect(buffer.length).toBe(length + 1);
    expect(buffer.bytes.slice(1, buffer.length)).toEqual(counting(length + 2).slice(1, length + 1));
  });

  it('grows and keeps what it holds', () => {
    const buffer = new ReplyBuffer(4);
    for (let i = 0; i < 100; i++) buffer.appendByte(i);
    expect(buffer.bytes.slice(0, 100)).toEqual(counting(100));
  });

  it('makes room ahead without changing its contents', () => {
    const buffer = new ReplyBuffer(4);
    buffer.appendText('ab');
    buffer.reserve(1000);
    expect(buffer.bytes.length).toBeGreaterThanOrEqual(1002);
    expect(contents(buffer)).toBe('ab');
  });

  it('writes text one byte a character, and ? for what is none', () => {
    const buffer = new ReplyBuffer();
    buffer.appendText('a\xff\u20ac');
    expect([...buffer.bytes.slice(0, 3)]).toEqual([0x61, 0xff, 0x3f]);
  });

  it.each([
    [9, false],
    [10, true],
    [11, true],
  ])('with a high water mark of 10 and %i bytes, is full: %s', (length, full) => {
    const buffer = new ReplyBuffer(4, 10);
    buffer.append(counting(length), 0, length);
    expect(buffer.full).toBe(full);
  });

  it('keeps its memory when cleared', () => {
    const buffer = new ReplyBuffer();
    const { bytes } = buffer;
    buffer.appendText('reply');
    buffer.clear();
    expect(buffer.length).toBe(0);
    expect(buffer.bytes).toBe(bytes);
  });

  it('gives back the memory of one huge reply', () => {
    const buffer = new ReplyBuffer(1024);
    buffer.reserve(5 * 1024 * 1024);
    buffer.clear();
    expect(buffer.bytes.length).toBe(1024);
  });
});

describe('a ReplyBuffer with a value that is lent', () => {
  function lent() {
    const given = { back: 0 };
    const loan = { bytes: bytesOf('.value.'), start: 1, end: 6, giveBack: () => given.back++ };
    const buffer = new ReplyBuffer();
    buffer.appendText('<');
    buffer.insert(loan);
    buffer.appendText('>');
    return { buffer, given, loan };
  }

  it('knows where it goes, and how long all of it is', () => {
    const { buffer, loan } = lent();
    expect(buffer.insertion).toEqual({ loan, at: 1 });
    expect([contents(buffer), buffer.totalBytes]).toEqual(['<>', 7]);
  });

  it('is full until the value has been taken', () => {
    const { buffer } = lent();
    expect(buffer.full).toBe(true);
    buffer.takeInsertion();
    expect(buffer.full).toBe(false);
  });

  it('gives back what nobody has taken when it is cleared, once', () => {
    const { buffer, given } = lent();
    buffer.clear();
    buffer.clear();
    expect(given.back).toBe(1);
  });

  it('leaves what was taken to whoever took it', () => {
    const { buffer, given, loan } = lent();
    expect(buffer.takeInsertion()).toEqual({ loan, at: 1 });
    buffer.clear();
    expect(given.back).toBe(0);
  });

  it.each([
    [0, 1],
    [1, 1],
    [2, 0],
  ])('cut at %d gives back %d', (mark, back) => {
    const { buffer, given } = lent();
    buffer.cut(mark);
    expect([buffer.length, given.back]).toEqual([mark, back]);
  });
});
