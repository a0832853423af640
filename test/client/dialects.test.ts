/** Where an answer ends in the protocols other than RESP, and how a request is put in them. */
import { describe, expect, test } from 'vitest';
import type { Answer, Dialect } from '../../src/client/dialect.ts';
import { HttpDialect } from '../../src/client/http-dialect.ts';
import { Intake } from '../../src/client/intake.ts';
import { LineDialect } from '../../src/client/line-dialect.ts';
import { argumentsOf } from '../../src/client/request.ts';
import { showAnswer } from '../../src/client/show.ts';

interface Setting<D extends Dialect> {
  readonly dialect: D;
  /** What the server sends. */
  come(bytes: string): void;
  ask(...words: string[]): string;
}

function settingOf<D extends Dialect>(make: (intake: Intake) => D): Setting<D> {
  const intake = new Intake();
  const dialect = make(intake);
  return {
    dialect,
    come: (bytes) => intake.append(Buffer.from(bytes, 'latin1')),
    ask: (...words) => Buffer.from(dialect.encode(argumentsOf(...words))).toString(),
  };
}

function shown(answer: Answer | undefined): string | undefined {
  return answer && Buffer.from(showAnswer(answer, 'standard', false)).toString('latin1');
}

describe('line', () => {
  const line = () => settingOf((intake) => new LineDialect(intake, 'MARK'));

  test('an answer is what comes before the marker, however many lines', () => {
    const { dialect, ask, come } = line();
    expect(ask('MGET', 'a', 'b c')).toBe('MGET a "b c"\nECHO MARK\n');
    come('1\n2\nMA');
    expect(dialect.next()).toBeUndefined();
    come('RK\n');
    expect(shown(dialect.next())).toBe('1\n2\n');
  });

  test('within MULTI an answer is one line; EXEC has as many as it queued', () => {
    const { dialect, ask, come } = line();
    ask('MULTI');
    come('OK\nMARK\n');
    expect(shown(dialect.next())).toBe('OK\n');
    expect(ask('GET', 'k')).toBe('GET k\n');
    come('QUEUED\n');
    expect(shown(dialect.next())).toBe('QUEUED\n');
    expect(ask('EXEC')).toBe('EXEC\nECHO MARK\n');
    come('v\nMARK\n');
    expect(shown(dialect.next())).toBe('v\n');
    expect(ask('PING')).toBe('PING\nECHO MARK\n');
  });

  test('the server closes: what came is the answer', () => {
    const { dialect, ask, come } = line();
    ask('QUIT');
    expect(dialect.atEnd()).toBeUndefined();
    come('OK\n');
    expect(dialect.next()).toBeUndefined();
    expect(shown(dialect.atEnd())).toBe('OK\n');
  });

  test.each([
    ['', '""'],
    ["it's", '"it\'s"'],
    ['a"b', '"a\\"b"'],
    ['a\nb', '"a\\nb"'],
    ['plain', 'plain'],
  ])('%j is written %s', (word, written) => {
    expect(line().ask('ECHO', word)).toBe(`ECHO ${written}\nECHO MARK\n`);
  });
});

describe('http', () => {
  const http = () => settingOf((intake) => new HttpDialect(intake, 'host:1'));

  test.each([
    [['GET', 'k'], 'GET /keys/k HTTP/1.1\r\nHost: host:1\r\n\r\n'],
    [['get', 'a/b %'], 'GET /keys/a%2Fb%20%25 HTTP/1.1\r\nHost: host:1\r\n\r\n'],
    [['GET', '/metrics'], 'GET /metrics HTTP/1.1\r\nHost: host:1\r\n\r\n'],
    [['EXISTS', 'k'], 'HEAD /keys/k HTTP/1.1\r\nHost: host:1\r\n\r\n'],
    [['DEL', 'k'], 'DELETE /keys/k HTTP/1.1\r\nHost: host:1\r\n\r\n'],
    [
      ['SET', 'k', 'v1', 'EX', '9'],
      'PUT /keys/k?ttl=9 HTTP/1.1\r\nHost: host:1\r\nContent-Length: 2\r\n\r\nv1',
    ],
  ])('%j', (words, request) => {
    expect(http().ask(...words)).toBe(request);
  });

  test.each([
    ['INCR', 'n'],
    ['GET'],
    ['SET', 'k'],
    ['SET', 'k', 'v', 'NX'],
    ['SET', 'k', 'v', 'EX', 'soon'],
    ['GET', '/a b'],
    ['GET', '/a\r\nHost: other'],
  ])('%j can not be said', (...words) => {
    expect(() => http().ask(...words)).toThrow();
  });

  test('a body of a length, cut anywhere', () => {
    const { dialect, ask, come } = http();
    ask('GET', 'k');
    const answer =
      'HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\nContent-Type: application/octet-stream\r\n\r\nAlice';
    for (const char of answer.slice(0, -1)) {
      come(char);
      expect(dialect.next()).toBeUndefined();
    }
    come('e');
    expect(shown(dialect.next())).toBe('"Alice"\n');
  });

  test('a body until the server closes', () => {
    const { dialect, ask, come } = http();
    ask('GET', '/');
    come('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\n');
    expect(dialect.next()).toBeUndefined();
    expect(shown(dialect.atEnd())).toBe('hello\n\n');
  });

  test('an answer to HEAD has no body, whatever its length', () => {
    const { dialect, ask, come } = http();
    ask('EXISTS', 'k');
    come('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n');
    expect(shown(dialect.next())).toBe('200 OK\n');
    expect(dialect.closes).toBe(true);
  });

  test.each([
    ['HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', '(error) 404 Not Found\n'],
    ['HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\n400!\n', '(error) 400!\n'],
    ['HTTP/1.1 204 No Content\r\n\r\n', '204 No Content\n'],
  ])('%j', (answer, text) => {
    const { dialect, ask, come } = http();
    ask('DEL', 'k');
    come(answer);
    expect(shown(dialect.next())).toBe(text);
  });

  test.each([
    ['SSH-2.0\r\n\r\n', /^No HTTP response/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', /Transfer-Encoding/],
    ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /Content-Length/],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`, /Too long/],
  ])('%#: what is no answer', (answer, message) => {
    const { dialect, ask, come } = http();
    ask('GET', 'k');
    come(answer);
    expect(() => dialect.next()).toThrow(message);
  });
});
