import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/protocol/http/refusal.ts';
import { HttpReply } from '../../../src/protocol/http/reply.ts';
import { ReplyBuffer } from '../../../src/protocol/reply-buffer.ts';
import { bytesOf, textOf } from '../feed.ts';

const NOW_MS = Date.UTC(2026, 10, 5, 7, 8, 9, 999);
const DATE = 'Date: Thu, 05 Nov 2026 07:08:09 GMT';

interface Asker {
  minorVersion?: number;
  closes?: boolean;
  omitsBody?: boolean;
}

function sent(say: (reply: HttpReply) => void, asker: Asker = {}): string[] {
  const out = new ReplyBuffer();
  const reply = new HttpReply(out);
  const { minorVersion = 1, closes = false, omitsBody = false } = asker;
  reply.prepare(NOW_MS, minorVersion, closes, omitsBody);
  say(reply);
  return textOf(out.bytes, 0, out.length).split('\r\n');
}

const NO_GUESSING = 'X-Content-Type-Options: nosniff';

describe('answers', () => {
  it('a value, as it is', () => {
    expect(sent((reply) => reply.value(bytesOf('..\r\n\0\xff..'), 2, 6))).toEqual([
      'HTTP/1.1 200 OK',
      DATE,
      'Content-Type: application/octet-stream',
      'Content-Length: 4',
      NO_GUESSING,
      '',
      '',
      '\0\xff',
    ]);
  });

  it('to HEAD: the same without the body', () => {
    const answer = sent((reply) => reply.value(bytesOf('abc'), 0, 3), { omitsBody: true });
    expect(answer.slice(3)).toEqual(['Content-Length: 3', NO_GUESSING, '', '']);
  });

  it('201 with an empty body, 204 with none', () => {
    expect(sent((reply) => reply.empty(201)).slice(2)).toEqual(['Content-Length: 0', '', '']);
    expect(sent((reply) => reply.empty(204)).slice(2)).toEqual(['', '']);
  });

  it('a refusal, with its reason', () => {
    const say = (reply: HttpReply) => reply.refuse(refusal(405, 'no', 'GET, HEAD'));
    expect(sent(say)).toEqual([
      'HTTP/1.1 405 Method Not Allowed',
      DATE,
      'Content-Type: text/plain; charset=utf-8',
      'Content-Length: 27',
      'Allow: GET, HEAD',
      '',
      '405 Method Not Allowed: no\n',
    ]);
  });

  it('100 (Continue)', () => {
    expect(sent((reply) => reply.continue())).toEqual(['HTTP/1.1 100 Continue', '', '']);
  });
});

describe('Connection', () => {
  it.each([
    [{ minorVersion: 1, closes: false }, undefined],
    [{ minorVersion: 1, closes: true }, 'Connection: close'],
    [{ minorVersion: 0, closes: false }, 'Connection: keep-alive'],
    [{ minorVersion: 0, closes: true }, 'Connection: close'],
  ])('%j: %s', (asker, field) => {
    const fields = sent((reply) => reply.empty(204), asker);
    expect(fields.find((line) => line.startsWith('Connection'))).toBe(field);
  });
});

describe('Date', () => {
  it('moves with the clock', () => {
    const out = new ReplyBuffer();
    const reply = new HttpReply(out);
    for (const nowMs of [0, 999, 1000]) {
      reply.prepare(nowMs, 1, false, false);
      reply.empty(204);
    }
    const dates = textOf(out.bytes, 0, out.length).match(/(?<=00:)\d\d(?= GMT)/g);
    expect(dates).toEqual(['00', '00', '01']);
  });
});
