import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_LIMITS } from '../../src/protocol/http/limits.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { COMMANDS_PROCESSED, COUNTERS, PROTOCOL_ERRORS } from '../../src/server/counters.ts';
import { HttpDesk } from '../../src/server/http-desk.ts';
import { type HttpClient, HttpSession } from '../../src/server/http-session.ts';
import { NO_EXPIRY } from '../../src/store/face.ts';
import { ModelStore } from '../commands/model-store.ts';
import { bytesOf, cuts, textOf } from '../protocol/feed.ts';

const NOW_MS = Date.UTC(2026, 10, 5, 7, 8, 9);
const DATE = 'Date: Thu, 05 Nov 2026 07:08:09 GMT\r\n';

let store: ModelStore;
let out: ReplyBuffer;
let counters: Float64Array;
let nowMs: number;
let desk: HttpDesk;
let client: HttpClient;
let session: HttpSession;
let logged: string[];

function open(options: { closeEach?: boolean; highWaterBytes?: number } = {}): void {
  const { closeEach = false, highWaterBytes } = options;
  store = new ModelStore();
  out = new ReplyBuffer(1024, highWaterBytes);
  counters = new Float64Array(COUNTERS);
  nowMs = NOW_MS;
  const facts = {
    version: '0.1.0',
    mode: 'epoll',
    io: 'recvmsg',
    databases: 16,
    startedAtMs: NOW_MS - 1500,
    counts: { connected: 3, total: (index: number) => counters[index] },
  };
  const limits = DEFAULT_HTTP_LIMITS;
  logged = [];
  const log = { warning: (message: string) => logged.push(message) };
  const now = () => nowMs;
  desk = new HttpDesk({ store, out, now, closeEach, facts, counters, limits, log });
  connect();
}

function connect(): void {
  client = { lastUsedAtMs: 0, commands: 0, unfinished: false, closing: false };
  session = new HttpSession(desk, client);
}

beforeEach(() => open());

/** Gives the session these bytes, and takes what it has to say, without the dates. */
function send(...chunks: Array<string | Uint8Array>): string {
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? bytesOf(chunk) : chunk.slice();
    session.receive(bytes, 0, bytes.length, out);
    bytes.fill(0);
  }
  return taken();
}

function taken(): string {
  const text = textOf(out.bytes, 0, out.length).replaceAll(DATE, '');
  out.clear();
  return text;
}

/** A request of HTTP/1.1; `body` brings its length along. */
function request(line: string, body?: string, ...fields: string[]): string {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = [`${line} HTTP/1.1`, 'Host: h', ...length, ...fields];
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

const CREATED = 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n';
const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

function ok(value: string): string {
  const type = 'Content-Type: application/octet-stream';
  return `HTTP/1.1 200 OK\r\n${type}\r\nContent-Length: ${value.length}\r\n\r\n${value}`;
}

describe('keys', () => {
  it('PUT stores: 201 where the key is new, 204 where it was there', () => {
    expect(send(request('PUT /keys/a', 'one'))).toBe(CREATED);
    expect(send(request('PUT /keys/a', 'two'))).toBe(NO_CONTENT);
    expect(send(request('GET /keys/a'))).toBe(ok('two'));
  });

  it('POST does as PUT does', () => {
    expect(send(request('POST /keys/a', 'one'))).toBe(CREATED);
    expect(send(request('POST /keys/a', 'two'))).toBe(NO_CONTENT);
    expect(send(request('GET /keys/a'))).toBe(ok('two'));
  });

  it('DELETE removes: 204, then 404', () => {
    send(request('PUT /keys/a', 'one'));
    expect(send(request('DELETE /keys/a'))).toBe(NO_CONTENT);
    expect(statusOf(send(request('DELETE /keys/a')))).toBe(404);
    expect(statusOf(send(request('GET /keys/a')))).toBe(404);
  });

  it('HEAD answers as GET does, without the body', () => {
    send(request('PUT /keys/a', 'one'));
    expect(send(request('HEAD /keys/a'))).toBe(ok('one').slice(0, -3));
    expect(bodyOf(send(request('HEAD /keys/b')))).toBe('');
  });

  it('keys and values are any bytes', () => {
    const value = textOf(Uint8Array.from({ length: 256 }, (_, i) => i));
    send(request('PUT /keys/%00%0D%0A%ff/%2F', value));
    expect(send(request('GET /keys/%00%0d%0a%FF%2f/'))).toBe(ok(value));
    store.begin(nowMs, false, false);
    expect(store.peek(0, bytesOf('\0\r\n\xff//'), 0, 6)).toBe(true);
  });

  it('a value may be empty', () => {
    expect(send(request('PUT /keys/a', ''))).toBe(CREATED);
    expect(send(request('GET /keys/a'))).toBe(ok(''));
  });

  it('a value may come in chunks', () => {
    const chunks = '3;x\r\nabc\r\n4\r\n\r\n\0\xff\r\n0\r\nTrailer: t\r\n\r\n';
    const head = request('PUT /keys/a', undefined, 'Transfer-Encoding: chunked');
    expect(send(head + chunks)).toBe(CREATED);
    expect(send(request('GET /keys/a'))).toBe(ok('abc\r\n\0\xff'));
  });

  it('?ttl=seconds makes a key expire', () => {
    send(request('PUT /keys/a?ttl=60', 'one'));
    nowMs += 59_999;
    expect(statusOf(send(request('GET /keys/a')))).toBe(200);
    nowMs += 1;
    expect(statusOf(send(request('GET /keys/a')))).toBe(404);
  });

  it('a PUT without ?ttl makes it stay', () => {
    send(request('PUT /keys/a?ttl=60', 'one'), request('PUT /keys/a', 'two'));
    store.begin(nowMs, false, false);
    store.peek(0, bytesOf('a'), 0, 1);
    expect(store.expireAtMs).toBe(NO_EXPIRY);
  });

  it.each([
    ['PUT', '?ttl=0'],
    ['PUT', '?ttl=999999999999999'],
    ['PUT', '?tll=1'],
    ['GET', '?ttl=1'],
    ['GET', '?'],
  ])('%s /keys/a%s', (method, query) => {
    const refused = statusOf(
      send(request(`${method} /keys/a${query}`, method === 'PUT' ? 'x' : '')),
    );
    expect(refused).toBe(query === '?' ? 404 : 400);
  });

  it('507 where memory is at its limit', () => {
    store.full = true;
    expect(statusOf(send(request('PUT /keys/a', 'one')))).toBe(507);
    expect(session.closing).toBe(false);
  });

  it('the store is open for one request at a time, for writing where it writes', () => {
    const opened: boolean[] = [];
    const begin = store.begin.bind(store);
    store.begin = (now, write, whole) => {
      opened.push(write);
      begin(now, write, whole);
    };
    send(request('GET /keys/a'), request('HEAD /keys/a'), request('POST /keys/a', ''));
    expect([opened, store.opened]).toEqual([[false, false, true], undefined]);
  });
});

describe('pages', () => {
  it('/ says what is served', () => {
    const page = send(request('GET /'));
    expect(page).toContain('Content-Type: text/html; charset=utf-8');
    expect(page).toContain('/keys/NAME');
    expect(page).toContain('mode epoll');
  });

  it('/healthz is ok', () => {
    const answer = send(request('GET /healthz'));
    expect([statusOf(answer), bodyOf(answer)]).toEqual([200, 'ok\n']);
  });

  it('/metrics is in the format of Prometheus', () => {
    send(request('PUT /keys/a', 'one'));
    const answer = send(request('GET /metrics'));
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
    expect(statusOf(send(request('GET /healthz?x=1')))).toBe(200);
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
    const answer = send(request(line, 'body'), request('GET /healthz'));
    expect(statusOf(answer)).toBe(status);
    expect(/Allow: (.*)\r/.exec(answer)?.[1] ?? '').toBe(allow);
    expect(bodyOf(answer)).toContain('HTTP/1.1 200 OK');
    expect(session.closing).toBe(false);
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
    const answer = send(request('GET /healthz'), text, request('GET /healthz'));
    const second = answer.slice(answer.indexOf('ok\n') + 3);
    expect(statusOf(second)).toBe(status);
    expect(second).toContain('Connection: close\r\n');
    expect(second.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(session.closing).toBe(true);
  });

  it('are counted', () => {
    send(request('GET /healthz'), request('GET /nothing'), 'nonsense\r\n');
    expect([counters[COMMANDS_PROCESSED], counters[PROTOCOL_ERRORS]]).toEqual([2, 1]);
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
    expect(statusOf(send(request(`${method} /keys/a`, 'x', origin)))).toBe(status);
  });

  it('may read, as far as their browser lets them', () => {
    expect(statusOf(send(request('GET /healthz', '', 'Origin: null')))).toBe(200);
  });
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
    const answer = send(text);
    expect(/Connection: (.*)\r/.exec(answer)?.[1] ?? '').toBe(said);
    expect(session.closing).toBe(closes);
  });

  it('nothing is answered behind the last request', () => {
    const last = request('GET /healthz', undefined, 'Connection: close');
    expect(send(last + request('GET /healthz'), 'more').match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('with --http-close each has one request', () => {
    open({ closeEach: true });
    const answer = send(request('GET /healthz') + request('GET /healthz'));
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(answer).toContain('Connection: close\r\n');
    expect(session.closing).toBe(true);
  });

  it('a request that FIN cuts off is dropped, and its parser goes to the next connection', () => {
    send(request('PUT /keys/a', 'one').slice(0, -1));
    session.end();
    connect();
    expect(send(request('GET /keys/a')).slice(0, 12)).toBe('HTTP/1.1 404');
  });
});

describe('a client', () => {
  it('is seen at work', () => {
    send(request('GET /keys/a') + request('GET /keys/a').slice(0, -1));
    expect(client).toEqual({ lastUsedAtMs: NOW_MS, commands: 1, unfinished: true, closing: false });
    send('\n');
    expect(client).toMatchObject({ commands: 2, unfinished: false });
  });

  it('that was killed gets no more answers', () => {
    client.closing = true;
    expect([send(request('GET /keys/a')), session.closing]).toEqual(['', true]);
  });

  it('that is one too many is told so', () => {
    desk.refuseClient();
    const answer = taken();
    expect([statusOf(answer), answer.includes('Connection: close\r\n')]).toEqual([503, true]);
  });

  it('whose request meets a bug goes, and the others stay', () => {
    store.find = () => {
      throw new Error('a bug');
    };
    expect(statusOf(send(request('GET /keys/a')))).toBe(500);
    expect([session.closing, store.opened]).toEqual([true, undefined]);
    expect(logged.join()).toContain('a bug');
    connect();
    expect(statusOf(send(request('GET /healthz')))).toBe(200);
  });
});

describe('Expect: 100-continue', () => {
  const [head, body] = [request('PUT /keys/a', 'one', 'Expect: 100-continue').slice(0, -3), 'one'];
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  it('is answered before the body comes', () => {
    expect(send(head)).toBe(CONTINUE);
    expect(send(body)).toBe(CREATED);
  });

  it('is answered although the body came along', () => {
    expect(send(head + body)).toBe(CONTINUE + CREATED);
  });

  it('is not answered where no body follows', () => {
    expect(send(request('GET /healthz', undefined, 'Expect: 100-continue'))).not.toContain('100');
  });

  it('is not answered in HTTP/1.0', () => {
    expect(send(head.replace('1.1', '1.0') + body)).toContain('HTTP/1.1 201');
  });

  it('a request that is refused gets its refusal instead, and the connection closes', () => {
    expect(statusOf(send(head.replace('/keys/', '/nothing/')))).toBe(404);
    expect(session.closing).toBe(true);
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
    const answers = send(...chunks);
    expect(answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(9)))).toEqual([
      100, 201, 200, 201, 200, 404, 204,
    ]);
    expect(session.closing).toBe(true);
  });
});

describe('a full reply buffer', () => {
  const value = 'x'.repeat(1000);

  it('pauses the session until it has been sent', () => {
    open({ highWaterBytes: 500 });
    send(request('PUT /keys/a', value));
    const first = send(request('GET /keys/a').repeat(3));
    expect([first, session.paused, session.closing]).toEqual([ok(value), true, false]);
    expect(send('')).toBe(ok(value));
    expect([send(''), session.paused]).toEqual([ok(value), true]);
    expect([send(''), session.paused]).toEqual(['', false]);
  });

  it('keeps what comes meanwhile', () => {
    open({ highWaterBytes: 500 });
    send(request('PUT /keys/a', value));
    send(request('GET /keys/a') + request('GET /keys/a').slice(0, 9));
    expect(send(request('GET /keys/a').slice(9))).toBe(ok(value));
  });

  it('closes only once all requests before the last one are answered', () => {
    open({ highWaterBytes: 500 });
    send(request('PUT /keys/a', value));
    send(request('GET /keys/a') + request('GET /healthz', undefined, 'Connection: close'));
    expect([session.paused, session.closing]).toEqual([true, false]);
    expect(send('')).toContain('Connection: close\r\n');
    expect([session.paused, session.closing]).toEqual([false, true]);
  });
});
