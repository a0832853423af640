import { beforeEach, describe, expect, it } from 'vitest';
import {
  COMMANDS_PROCESSED,
  CONNECTED_CLIENTS,
  PROTOCOL_ERRORS,
} from '../../src/server/counters.ts';
import { NO_EXPIRY } from '../../src/store/face.ts';
import { bytesOf, textOf } from '../protocol/feed.ts';
import { bodyOf, CREATED, NO_CONTENT, ok, request, statusOf, Talk } from './talk.ts';

let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});

describe('keys', () => {
  it('PUT stores: 201 where the key is new, 204 where it was there', () => {
    expect(talk.send(request('PUT /keys/a', 'one'))).toBe(CREATED);
    expect(talk.send(request('PUT /keys/a', 'two'))).toBe(NO_CONTENT);
    expect(talk.send(request('GET /keys/a'))).toBe(ok('two'));
  });

  it('POST does as PUT does', () => {
    expect(talk.send(request('POST /keys/a', 'one'))).toBe(CREATED);
    expect(talk.send(request('POST /keys/a', 'two'))).toBe(NO_CONTENT);
    expect(talk.send(request('GET /keys/a'))).toBe(ok('two'));
  });

  it('DELETE removes: 204, then 404', () => {
    talk.send(request('PUT /keys/a', 'one'));
    expect(talk.send(request('DELETE /keys/a'))).toBe(NO_CONTENT);
    expect(statusOf(talk.send(request('DELETE /keys/a')))).toBe(404);
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(404);
  });

  it('HEAD answers as GET does, without the body', () => {
    talk.send(request('PUT /keys/a', 'one'));
    expect(talk.send(request('HEAD /keys/a'))).toBe(ok('one').slice(0, -3));
    expect(bodyOf(talk.send(request('HEAD /keys/b')))).toBe('');
  });

  it('keys and values are any bytes', () => {
    const value = textOf(Uint8Array.from({ length: 256 }, (_, i) => i));
    talk.send(request('PUT /keys/%00%0D%0A%ff/%2F', value));
    expect(talk.send(request('GET /keys/%00%0d%0a%FF%2f/'))).toBe(ok(value));
    talk.store.begin(talk.nowMs, false, false);
    expect(talk.store.peek(0, bytesOf('\0\r\n\xff//'), 0, 6)).toBe(true);
  });

  it('a value may be empty', () => {
    expect(talk.send(request('PUT /keys/a', ''))).toBe(CREATED);
    expect(talk.send(request('GET /keys/a'))).toBe(ok(''));
  });

  it('a value may come in chunks', () => {
    const chunks = '3;x\r\nabc\r\n4\r\n\r\n\0\xff\r\n0\r\nTrailer: t\r\n\r\n';
    const head = request('PUT /keys/a', undefined, 'Transfer-Encoding: chunked');
    expect(talk.send(head + chunks)).toBe(CREATED);
    expect(talk.send(request('GET /keys/a'))).toBe(ok('abc\r\n\0\xff'));
  });

  it('?ttl=seconds makes a key expire', () => {
    talk.send(request('PUT /keys/a?ttl=60', 'one'));
    talk.nowMs += 59_999;
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(200);
    talk.nowMs += 1;
    expect(statusOf(talk.send(request('GET /keys/a')))).toBe(404);
  });

  it('a PUT without ?ttl makes it stay', () => {
    talk.send(request('PUT /keys/a?ttl=60', 'one'), request('PUT /keys/a', 'two'));
    talk.store.begin(talk.nowMs, false, false);
    talk.store.peek(0, bytesOf('a'), 0, 1);
    expect(talk.store.expireAtMs).toBe(NO_EXPIRY);
  });

  it.each([
    ['PUT', '?ttl=0'],
    ['PUT', '?ttl=999999999999999'],
    ['PUT', '?tll=1'],
    ['GET', '?ttl=1'],
    ['DELETE', '?ttl=1'],
  ])('any other query is refused: %s /keys/a%s', (method, query) => {
    expect(statusOf(talk.send(request(`${method} /keys/a${query}`, 'x')))).toBe(400);
  });

  it('507 where memory is at its limit', () => {
    talk.store.full = true;
    expect(statusOf(talk.send(request('PUT /keys/a', 'one')))).toBe(507);
    expect(talk.session.closing).toBe(false);
  });

  it('the store is open for one request at a time, for writing where it writes', () => {
    const opened: boolean[] = [];
    const begin = talk.store.begin.bind(talk.store);
    talk.store.begin = (now, write, whole) => {
      opened.push(write);
      begin(now, write, whole);
    };
    talk.send(request('GET /keys/a'), request('HEAD /keys/a'), request('POST /keys/a', ''));
    expect([opened, talk.store.opened]).toEqual([[false, false, true], undefined]);
  });
});

describe('pages', () => {
  it('/ says what is served', () => {
    const page = talk.send(request('GET /'));
    expect(page).toContain('Content-Type: text/html; charset=utf-8');
    expect(page).toContain('/keys/NAME');
    expect(page).toContain('0 keys, mode epoll');
    talk.send(request('PUT /keys/a', 'one'));
    expect(talk.send(request('GET /'))).toContain('A key-value server: 1 key, mode epoll');
    talk.send(request('PUT /keys/b', 'two'));
    expect(talk.send(request('GET /'))).toContain('A key-value server: 2 keys, mode epoll');
  });

  it('/healthz is ok', () => {
    const answer = talk.send(request('GET /healthz'));
    expect([statusOf(answer), bodyOf(answer)]).toEqual([200, 'ok\n']);
  });

  it('/metrics is in the format of Prometheus', () => {
    talk.send(request('PUT /keys/a', 'one'));
    talk.counters[CONNECTED_CLIENTS] = 3;
    const answer = talk.send(request('GET /metrics'));
    expect(answer).toContain('Content-Type: text/plain; version=0.0.4; charset=utf-8');
    const lines = bodyOf(answer).split('\n');
    const sample = /^syskv_[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+$/;
    const comment = /^# (HELP|TYPE) syskv_[a-z_]+ ./;
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => !sample.test(line) && !comment.test(line))).toEqual([]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'syskv_info{version="0.1.0",mode="epoll",io="recvmsg"} 1',
        'syskv_uptime_seconds 1.5',
        'syskv_connected_clients 3',
        'syskv_requests_total 2',
        'syskv_keys{db="0"} 1',
      ]),
    );
  });

  it('a page takes any query', () => {
    expect(statusOf(talk.send(request('GET /healthz?x=1')))).toBe(200);
  });
});

describe('refusals that leave the connection as it is', () => {
  it.each([
    [404, 'GET /nothing', ''],
    [404, 'GET /keys/', ''],
    [400, 'GET /keys/%zz', ''],
    [405, 'PUT /', 'GET, HEAD'],
    [405, 'DELETE /metrics', 'GET, HEAD'],
    [405, 'OPTIONS /keys/a', 'GET, HEAD, PUT, POST, DELETE'],
    [405, 'PATCH /keys/a', 'GET, HEAD, PUT, POST, DELETE'],
    [405, 'OPTIONS *', 'GET, HEAD, PUT, POST, DELETE'],
    [405, 'TRACE /nothing', 'GET, HEAD, PUT, POST, DELETE'],
    [501, 'PROPFIND /keys/a', ''],
  ])('%i: %s', (status, line, allow) => {
    const answer = talk.send(request(line, 'body'), request('GET /healthz'));
    expect(statusOf(answer)).toBe(status);
    expect(/Allow: (.*)\r/.exec(answer)?.[1] ?? '').toBe(allow);
    expect(bodyOf(answer)).toContain('HTTP/1.1 200 OK');
    expect(talk.session.closing).toBe(false);
  });
});

describe('refusals that close', () => {
  it.each([
    [400, 'two lengths', request('PUT /keys/a', 'x', 'Content-Length: 1')],
    [405, 'a tunnel, behind which is no length', request('CONNECT h:80', 'x')],
    [411, 'no length', 'PUT /keys/a HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled'],
    [413, 'too large', 'PUT /keys/a HTTP/1.1\r\nHost: h\r\nContent-Length: 536870913\r\n\r\n'],
    [414, 'a target too long', `GET /${'x'.repeat(8192)} HTTP/1.1\r\n`],
    [417, 'another expectation', request('PUT /keys/a', 'x', 'Expect: more')],
    [431, 'too many fields', request('GET /', undefined, ...Array(100).fill('X: y'))],
    [501, 'another coding', request('PUT /keys/a', undefined, 'Transfer-Encoding: gzip')],
    [501, 'an unknown method', 'BREW / HTTP/1.1\r\n'],
    [505, 'another version', 'GET / HTTP/2.0\r\n\r\n'],
  ])('%i: %s', (status, _name, text) => {
    const answer = talk.send(request('GET /healthz'), text, request('GET /healthz'));
    const second = answer.slice(answer.indexOf('ok\n') + 3);
    expect(statusOf(second)).toBe(status);
    expect(second).toContain('Connection: close\r\n');
    expect(second.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(talk.session.closing).toBe(true);
  });

  it('are counted', () => {
    talk.send(request('GET /healthz'), request('GET /nothing'), 'nonsense\r\n');
    expect([talk.counters[COMMANDS_PROCESSED], talk.counters[PROTOCOL_ERRORS]]).toEqual([2, 1]);
  });
});

describe('pages of other sites', () => {
  it.each([
    [201, 'POST', 'Origin: http://h'],
    [201, 'PUT', 'Origin: https://H'],
    [403, 'POST', 'Origin: http://evil.example'],
    [403, 'PUT', 'Origin: http://h:81'],
    [403, 'DELETE', 'Origin: null'],
  ])('%i: %s with %s', (status, method, origin) => {
    expect(statusOf(talk.send(request(`${method} /keys/a`, 'x', origin)))).toBe(status);
  });

  it('may read, as far as their browser lets them', () => {
    expect(statusOf(talk.send(request('GET /healthz', '', 'Origin: null')))).toBe(200);
  });
});
