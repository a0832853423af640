/** /keys/ is served by the same commands as everything else, with all that stands around them. */
import { beforeEach, describe, expect, it, test } from 'vitest';
import { CALLS, TALLY } from '../../src/commands/call.ts';
import { TABLE } from '../../src/commands/table.ts';
import { bytesOf } from '../protocol/feed.ts';
import { bodyOf, CREATED, NO_CONTENT, ok, request, statusOf, Talk } from './talk.ts';

let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});

function callsOf(command: string): number {
  return talk.counts[TABLE.named(command)!.number * TALLY + CALLS];
}

describe('a request for a key', () => {
  test.each([
    ['PUT', 'set'],
    ['POST', 'set'],
    ['GET', 'get'],
    ['HEAD', 'get'],
    ['DELETE', 'del'],
  ])('%s is counted as %s', (method, command) => {
    const body = method === 'PUT' || method === 'POST' ? 'one' : undefined;
    talk.send(request(`${method} /keys/a`, body));
    expect([callsOf(command), talk.client.lastCommand?.name]).toEqual([1, command]);
  });

  it('waits for the end of CLIENT PAUSE, and what comes behind it waits, too', () => {
    talk.pause.isOn = true;
    expect(talk.send(request('PUT /keys/a', 'one') + request('GET /healthz'))).toBe('');
    expect([talk.session.postponed, callsOf('set')]).toEqual([true, 0]);
    expect(talk.send(request('GET /keys/a'))).toBe('');
    talk.pause.isOn = false;
    const answers = talk.send('');
    expect(answers.startsWith(CREATED)).toBe(true);
    expect(answers.endsWith(ok('one'))).toBe(true);
    expect(talk.session.postponed).toBe(false);
  });

  it('a page is answered while keys wait', () => {
    talk.pause.isOn = true;
    expect(statusOf(talk.send(request('GET /metrics')))).toBe(200);
  });

  it('with a time to live', () => {
    expect(talk.send(request('PUT /keys/a?ttl=2', 'one'))).toBe(CREATED);
    talk.nowMs += 1999;
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(200);
    talk.nowMs += 1;
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(404);
  });
});

describe('a large body', () => {
  const length = 200_000;
  const value = Array.from({ length }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
  const put = request('PUT /keys/large', value);
  const headBytes = put.length - length;

  it('is received into its place in the store', () => {
    expect(talk.send(put.slice(0, headBytes + 10))).toBe('');
    const place = talk.session.place!;
    expect(place.end - place.start).toBe(length - 10);
    place.bytes.set(bytesOf(put.slice(headBytes + 10)), place.start);
    talk.session.placed(length - 10);
    expect(talk.session.place).toBeUndefined();
    expect(talk.send('')).toBe(CREATED);
    expect(talk.client.unfinished).toBe(false);
    expect(bodyOf(talk.send(request('GET /keys/large'))) === value).toBe(true);
    expect(talk.store.verify()).toEqual([]);
  });

  it('may also come by and by, with other requests behind it', () => {
    const stream = put + request('GET /healthz') + put + request('DELETE /keys/large');
    const pieces = stream.match(/.{1,65536}/gs)!;
    const answers = talk.send(...pieces).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual(['HTTP/1.1 201', 'HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 204']);
    expect(talk.store.verify()).toEqual([]);
  });

  it('of a client that leaves is forgotten', () => {
    const before = talk.store.statistics.usedBytes;
    talk.send(put.slice(0, 1000));
    expect(talk.store.statistics.usedBytes).toBeGreaterThan(before + length);
    talk.session.end();
    expect(talk.store.statistics.usedBytes).toBe(before);
    talk.connect();
    expect(statusOf(talk.send(request('GET /keys/large')))).toBe(404);
  });

  it('that has to wait for CLIENT PAUSE is stored afterwards', () => {
    talk.pause.isOn = true;
    expect(talk.send(put)).toBe('');
    talk.pause.isOn = false;
    expect(talk.send('')).toBe(CREATED);
    expect(talk.send(put)).toBe(NO_CONTENT);
  });

  it('has a time to live as a short one has', () => {
    talk.send(request('PUT /keys/large?ttl=1', value));
    expect(statusOf(talk.send(request('GET /keys/large')))).toBe(200);
    talk.nowMs += 1000;
    expect(statusOf(talk.send(request('GET /keys/large')))).toBe(404);
  });

  it('of an announced length that the store has no room for is refused', () => {
    talk.store.full = true;
    expect(statusOf(talk.send(put))).toBe(507);
  });
});
