import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/drivers/driver.ts';
import { echo } from '../../src/protocol/echo.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { bytesOf, cuts, textOf } from './feed.ts';

const EVERY_BYTE = textOf(Uint8Array.from({ length: 256 }, (_, i) => i));

describe('echo', () => {
  it.each(cuts('hi\0\xff\r\n\n').concat(cuts(EVERY_BYTE).slice(0, 2)))(
    'sends back what it gets, %s',
    (_name, chunks) => {
      const out = new ReplyBuffer();
      for (const chunk of chunks) echo.receive(chunk, 0, chunk.length, out);
      expect(textOf(out.bytes, 0, out.length)).toBe(chunks.map((c) => textOf(c)).join(''));
    },
  );

  it('sends back the part it was given, nothing beside it', () => {
    const out = new ReplyBuffer();
    echo.receive(bytesOf('stale fresh stale'), 6, 11, out);
    expect(textOf(out.bytes, 0, out.length)).toBe('fresh');
  });

  it('has nothing to say at the end, and never closes or pauses by itself', () => {
    const out = new ReplyBuffer();
    echo.end(out);
    expect(out.length).toBe(0);
    expect([echo.closing, echo.paused]).toEqual([false, false]);
  });

  it('is what a driver takes for a session', () => {
    const session: Session = echo;
    expect(Object.isFrozen(session)).toBe(true);
  });
});
