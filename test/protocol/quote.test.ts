import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arguments } from '../../src/protocol/arguments.ts';
import { splitLine } from '../../src/protocol/inline.ts';
import { appendQuoted } from '../../src/protocol/quote.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { bytesOf, textOf } from './feed.ts';

function quoted(bytes: Uint8Array): string {
  const out = new ReplyBuffer(8);
  appendQuoted(out, bytes, 0, bytes.length);
  return textOf(out.bytes, 0, out.length);
}

describe('appendQuoted', () => {
  it.each([
    ['', '""'],
    ['a b', '"a b"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['\n\r\t\b\x07', '"\\n\\r\\t\\b\\a"'],
    ['\x00\x1f\x7f', '"\\x00\\x1f\\x7f"'],
    ['\x80\xff', '"\x80\xff"'],
  ])('writes %j', (value, expected) => {
    expect(quoted(bytesOf(value))).toBe(expected);
  });

  it('is read back as one argument, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (value) => {
        const args = new Arguments();
        const line = bytesOf(quoted(value));
        expect(splitLine(line, 0, line.length, args)).toBe(true);
        expect(args.count).toBe(1);
        expect(args.text(0)).toBe(textOf(value));
      }),
    );
  });

  it('puts no control byte on the line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (value) =>
        bytesOf(quoted(value)).every((byte) => byte >= 0x20 && byte !== 0x7f),
      ),
    );
  });
});
