import { describe, expect, onTestFinished, test } from 'vitest';
import { BufferRing, type BufferSizes } from '../../src/drivers/io-uring/buffer-ring.ts';
import { Requests } from '../../src/drivers/io-uring/requests.ts';
import { Ring } from '../../src/drivers/io-uring/ring.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { openPair } from '../posix/descriptors.ts';
import { LINUX_6_6, requireIoUring } from './kernels.ts';

requireIoUring();

const c = posix.constants;

/** Small enough for a few bytes to fill them: two choices, as the driver has. */
const SIZES: readonly BufferSizes[] = [
  { count: 2, sizeBytes: 8, incremental: true },
  { count: 4, sizeBytes: 4, incremental: false },
];

/** A pair of sockets, of which one is received from by way of the buffers. */
function open(kernel: Posix) {
  const ring = new Ring(kernel, 8, 16);
  const buffers = new BufferRing(kernel, ring.fd, SIZES);
  onTestFinished(() => {
    ring.close();
    buffers.close();
  });
  const [here, there] = openPair();
  const requests = new Requests(kernel, ring);
  requests.receive(here, 1);
  return { ring, buffers, requests, here, there };
}

type Opened = ReturnType<typeof open>;

function send({ there }: Opened, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  expect(posix.send(there, bytes, 0, bytes.length, 0)).toBe(bytes.length);
}

/** What has arrived, piece by piece; a number is a result that ended the receive. */
function arrivals({ ring, buffers }: Opened): (string | number)[] {
  const pieces: (string | number)[] = [];
  ring.wait(1, 0);
  for (let left = ring.completions.available(); left > 0; left--) {
    ring.completions.take();
    const { result, flags } = ring.completions;
    buffers.take(result, flags);
    if (result > 0) {
      pieces.push(Buffer.from(buffers.bytes.slice(buffers.start, buffers.end)).toString('latin1'));
    } else pieces.push(result);
  }
  return pieces;
}

describe('buffers that are filled bit by bit', () => {
  test('small pieces share a buffer, one that does not fit is cut', () => {
    const opened = open(posix);
    send(opened, 'abc');
    expect(arrivals(opened)).toEqual(['abc']);
    expect(opened.buffers.start).toBe(0);
    send(opened, 'defg');
    expect(arrivals(opened)).toEqual(['defg']);
    expect(opened.buffers.start).toBe(3);
    send(opened, 'hij');
    expect(arrivals(opened)).toEqual(['h', 'ij']);
  });

  test('FIN takes no buffer', () => {
    const opened = open(posix);
    send(opened, 'abc');
    expect(arrivals(opened)).toEqual(['abc']);
    posix.shutdown(opened.there, c.SHUT_WR);
    expect(arrivals(opened)).toEqual([0]);
    const next = { ...opened, ...pairOn(opened) };
    send(next, 'de');
    expect(arrivals(next)).toEqual(['de']);
    expect(next.buffers.start).toBe(3);
  });
});

/** Another pair of sockets on the same buffers. */
function pairOn({ requests }: Opened): Pick<Opened, 'here' | 'there'> {
  const [here, there] = openPair();
  requests.receive(here, 2);
  return { here, there };
}

describe('whole buffers, for older kernels', () => {
  test('each piece takes a buffer', () => {
    const opened = open(LINUX_6_6);
    send(opened, 'a');
    expect(arrivals(opened)).toEqual(['a']);
    send(opened, 'bcdefg');
    expect(arrivals(opened)).toEqual(['bcde', 'fg']);
  });
});

describe.each([
  { way: 'bit by bit', kernel: posix },
  { way: 'whole', kernel: LINUX_6_6 },
])('buffers that are used $way', ({ kernel }) => {
  test('come round again and again, and no byte is lost', () => {
    const opened = open(kernel);
    const text = Array.from({ length: 1000 }, (_, i) => String.fromCharCode(i & 0xff)).join('');
    let got = '';
    for (let at = 0; at < text.length; at += 7) {
      send(opened, text.slice(at, at + 7));
      got += arrivals(opened).join('');
      opened.buffers.publish();
    }
    expect(got).toBe(text);
  });

  test('run out with ENOBUFS, and serve again once they are given back', () => {
    const opened = open(kernel);
    send(opened, '0123456789abcdefGHI');
    const pieces = arrivals(opened);
    expect(pieces.pop()).toBe(-c.ENOBUFS);
    expect(pieces.join('')).toBe('0123456789abcdef');
    opened.buffers.publish();
    opened.requests.receive(opened.here, 1);
    expect(arrivals(opened)).toEqual(['GHI']);
  });
});
