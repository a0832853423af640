import { beforeEach, describe, expect, it } from 'vitest';
import { cuts } from '../protocol/feed.ts';
import { CREATED, ok, request, statusOf, Talk } from './talk.ts';

let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});

describe('connections', () => {
  it.each([
    ['stays', '', 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n', false],
    ['closes', 'close', 'GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n', true],
    ['closes after HTTP/1.0', 'close', 'GET /healthz HTTP/1.0\r\n\r\n', true],
    [
      'stays if asked',
      'keep-alive',
      'GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
      false,
    ],
  ])('%s', (_name, said, text, closes) => {
    const answer = talk.send(text);
    expect(/Connection: (.*)\r/.exec(answer)?.[1] ?? '').toBe(said);
    expect(talk.session.closing).toBe(closes);
  });

  it('nothing is answered behind the last request', () => {
    const last = request('GET /healthz', undefined, 'Connection: close');
    expect(talk.send(last + request('GET /healthz'), 'more').match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('with --http-close each has one request', () => {
    talk = new Talk({ closeEach: true });
    const answer = talk.send(request('GET /healthz') + request('GET /healthz'));
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(answer).toContain('Connection: close\r\n');
    expect(talk.session.closing).toBe(true);
  });

  it('a request that FIN cuts off is dropped, and its parser goes to the next connection', () => {
    talk.send(request('PUT /keys/a', 'one').slice(0, -1));
    talk.session.end();
    talk.connect();
    expect(talk.send(request('GET /keys/a')).slice(0, 12)).toBe('HTTP/1.1 404');
  });
});

describe('a client', () => {
  it('is seen at work', () => {
    talk.send(request('GET /keys/a') + request('GET /keys/a').slice(0, -1));
    expect(talk.client).toMatchObject({
      lastUsedAtMs: expect.any(Number),
      commands: 1,
      unfinished: true,
      closing: false,
    });
    talk.send('\n');
    expect(talk.client).toMatchObject({ commands: 2, unfinished: false });
  });

  it('that was killed gets no more answers', () => {
    talk.client.closing = true;
    expect([talk.send(request('GET /keys/a')), talk.session.closing]).toEqual(['', true]);
  });

  it('that is one too many is told so', () => {
    talk.desk.refuseClient();
    const answer = talk.taken();
    expect([statusOf(answer), answer.includes('Connection: close\r\n')]).toEqual([503, true]);
  });

  it('whose request meets a bug goes, and the others stay', () => {
    talk.store.find = () => {
      throw new Error('a bug');
    };
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(500);
    expect([talk.session.closing, talk.store.opened]).toEqual([true, undefined]);
    expect(talk.logged.join()).toContain('a bug');
    talk.connect();
    expect(statusOf(talk.send(request('GET /healthz')))).toBe(200);
  });
});

describe('Expect: 100-continue', () => {
  const [head, body] = [request('PUT /keys/a', 'one', 'Expect: 100-continue').slice(0, -3), 'one'];
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  it('is answered before the body comes', () => {
    expect(talk.send(head)).toBe(CONTINUE);
    expect(talk.send(body)).toBe(CREATED);
  });

  it('is answered although the body came along', () => {
    expect(talk.send(head + body)).toBe(CONTINUE + CREATED);
  });

  it('is not answered where no body follows', () => {
    expect(talk.send(request('GET /healthz', undefined, 'Expect: 100-continue'))).not.toContain(
      '100',
    );
  });

  it('is not answered in HTTP/1.0', () => {
    expect(talk.send(head.replace('1.1', '1.0') + body)).toContain('HTTP/1.1 201');
  });

  it('a request that is refused gets its refusal instead, and the connection closes', () => {
    expect(statusOf(talk.send(head.replace('/keys/', '/nothing/')))).toBe(404);
    expect(talk.session.closing).toBe(true);
  });
});

describe('however the bytes are cut', () => {
  const stream =
    request('PUT /keys/a', 'one\r\n\r\n', 'Expect: 100-continue') +
    request('GET /keys/a') +
    request('POST /keys/b', undefined, 'Transfer-Encoding: chunked') +
    '2\r\nab\r\n1\r\nc\r\n0\r\n\r\n' +
    request('HEAD /keys/b') +
    request('DELETE /nothing', 'body') +
    request('DELETE /keys/a', undefined, 'Connection: close');

  it.each(cuts(stream))('the answers are the same, %s', (_name, chunks) => {
    const answers = talk.send(...chunks);
    expect(answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(9)))).toEqual([
      100, 201, 200, 201, 200, 404, 204,
    ]);
    expect(talk.session.closing).toBe(true);
  });
});

describe('a full reply buffer', () => {
  const value = 'x'.repeat(1000);

  it('pauses the session until it has been sent', () => {
    talk = new Talk({ highWaterBytes: 500 });
    talk.send(request('PUT /keys/a', value));
    const first = talk.send(request('GET /keys/a').repeat(3));
    expect([first, talk.session.paused, talk.session.closing]).toEqual([ok(value), true, false]);
    expect(talk.send('')).toBe(ok(value));
    expect([talk.send(''), talk.session.paused]).toEqual([ok(value), true]);
    expect([talk.send(''), talk.session.paused]).toEqual(['', false]);
  });

  it('keeps what comes meanwhile', () => {
    talk = new Talk({ highWaterBytes: 500 });
    talk.send(request('PUT /keys/a', value));
    talk.send(request('GET /keys/a') + request('GET /keys/a').slice(0, 9));
    expect(talk.send(request('GET /keys/a').slice(9))).toBe(ok(value));
  });

  it('closes only once all requests before the last one are answered', () => {
    talk = new Talk({ highWaterBytes: 500 });
    talk.send(request('PUT /keys/a', value));
    talk.send(request('GET /keys/a') + request('GET /healthz', undefined, 'Connection: close'));
    expect([talk.session.paused, talk.session.closing]).toEqual([true, false]);
    expect(talk.send('')).toContain('Connection: close\r\n');
    expect([talk.session.paused, talk.session.closing]).toEqual([false, true]);
  });
});
