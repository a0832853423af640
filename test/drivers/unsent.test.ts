/** Replies that a socket takes bit by bit, with a value among them that is lent. */
import { describe, expect, test } from 'vitest';
import type { Loan } from '../../src/bytes/loan.ts';
import type { Transfer } from '../../src/drivers/transfer.ts';
import { Unsent } from '../../src/drivers/unsent.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';

const EAGAIN = 11;

/** A socket that takes `takes[i]` bytes with the i-th call, and fails where that is negative. */
function socket(takes: number[], gathers = true) {
  let taken = '';
  const send = (bytes: Uint8Array): number => {
    const count = takes.shift() ?? 0;
    if (count < 0) return count;
    taken += Buffer.from(bytes.subarray(0, count)).toString();
    return Math.min(count, bytes.length);
  };
  const transfer: Transfer = {
    receive: () => 0,
    send: (_fd, bytes, offset, length) => send(bytes.subarray(offset, offset + length)),
    sendPieces: (_fd, pieces) => send(gathers ? Buffer.concat([...pieces]) : pieces[0]),
  };
  return { transfer, taken: () => taken, takes };
}

/** `<value>` with the word in the middle lent. */
function reply() {
  const out = new ReplyBuffer();
  const bytes = Uint8Array.from('..value..', (letter) => letter.charCodeAt(0));
  const given = { back: 0 };
  const loan: Loan = { bytes, start: 2, end: 7, giveBack: () => given.back++ };
  out.appendText('<');
  out.insert(loan);
  out.appendText('>');
  return { out, given };
}

describe('a reply with a value that is lent', () => {
  test.each([
    ['by one call', [7], true],
    ['in two parts, cut before the value', [1, 6], true],
    ['in two parts, cut within the value', [3, 4], true],
    ['in two parts, cut behind the value', [6, 1], true],
    ['byte by byte', [1, 1, 1, 1, 1, 1, 1], true],
    ['piece by piece, where the kernel does not gather', [1, 5, 1], false],
    ['piece by piece, in parts', [1, 2, 3, 1], false],
  ])('is sent %s', (_name, takes, gathers) => {
    const { out } = reply();
    const { transfer, taken } = socket(takes, gathers);
    const unsent = Unsent.of(out);
    for (let i = 0; i < 7 && !unsent.done; i++) expect(unsent.send(transfer, 1)).toBe(0);
    expect(taken()).toBe('<value>');
    expect(takes).toEqual([]);
  });

  test('goes on with the next piece only when the socket took the whole one', () => {
    const { transfer, takes } = socket([1, 2, 3], false);
    Unsent.of(reply().out).send(transfer, 1);
    expect(takes).toEqual([3]);
  });

  test('tells why nothing could be sent', () => {
    const { transfer } = socket([3, -EAGAIN]);
    const unsent = Unsent.of(reply().out);
    expect([unsent.send(transfer, 1), unsent.send(transfer, 1)]).toEqual([0, -EAGAIN]);
    expect(unsent.done).toBe(false);
  });

  test('keeps what is not lent, though the buffer is used again', () => {
    const { out } = reply();
    const { transfer, taken } = socket([3, 4]);
    const unsent = Unsent.of(out);
    unsent.send(transfer, 1);
    unsent.keep();
    out.clear();
    out.appendText('????????');
    unsent.send(transfer, 1);
    expect(taken()).toBe('<value>');
  });

  test('counts its own bytes, and not those that are lent', () => {
    const unsent = Unsent.of(reply().out);
    expect(unsent.ownBytes).toBe(2);
    unsent.send(socket([1]).transfer, 1);
    expect(unsent.ownBytes).toBe(1);
  });

  test('gives the loan back when it is dropped, and not before', () => {
    const { out, given } = reply();
    const unsent = Unsent.of(out);
    out.clear();
    expect(given.back).toBe(0);
    unsent.drop();
    expect(given.back).toBe(1);
  });
});

test('a reply that nothing is lent for is sent from where the first call left off', () => {
  const out = new ReplyBuffer();
  out.appendText('reply');
  const { transfer, taken } = socket([1, 2]);
  const unsent = Unsent.ofBytes(out.bytes.slice(2, out.length));
  out.clear();
  for (let i = 0; i < 2; i++) unsent.send(transfer, 1);
  expect([taken(), unsent.done]).toEqual(['ply', true]);
});
