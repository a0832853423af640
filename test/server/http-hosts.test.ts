/**
 * The Host of a request: a page whose site's name was made to stand for this machine (DNS
 * rebinding) comes under that name, and must get nothing.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HttpHosts } from '../../src/server/http-hosts.ts';
import { connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { MODES } from '../support/modes.ts';
import { startServer } from '../support/server.ts';
import { request, statusOf, Talk } from './talk.ts';

function admits(bind: string, host: string | undefined, more: Asked = {}): boolean {
  const { names = [], target = '/keys/a', origin, fetchSite } = more;
  const bytes = new TextEncoder().encode(target);
  const hosts = new HttpHosts({ bind, path: '' }, names);
  return hosts.admits({ host, origin, fetchSite, target: bytes, targetLength: bytes.length });
}

interface Asked {
  names?: string[];
  target?: string;
  origin?: string;
  fetchSite?: string;
}

describe('names', () => {
  test.each([
    'localhost',
    'localhost:1729',
    'LocalHost.',
    'a.b.localhost:80',
    '127.0.0.1',
    '127.0.0.1:1729',
    '127.9.9.9',
    '[::1]:1729',
    '[0:0:0:0:0:0:0:1]',
  ])('%s is this machine', (host) => expect(admits('127.0.0.1', host)).toBe(true));

  test.each([
    'evil.example',
    'evil.example:1729',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '127.1',
    '2130706433',
    '192.0.2.1',
    '[2001:db8::1]',
    '[127.0.0.1]',
    'localhost..',
    ':1729',
    '',
  ])('%j is not', (host) => expect(admits('127.0.0.1', host)).toBe(false));

  test.each([
    ['0.0.0.0', '192.0.2.1:80', true],
    ['::', '[2001:DB8::1]:80', true],
    ['0.0.0.0', 'evil.example', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '127.0.0.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['2001:db8::1', '[2001:DB8:0::1]:7', true],
    ['2001:db8::1', '[2001:db8::2]', false],
  ])('bound to %s, asked for %s: %s', (bind, host, admitted) => {
    expect(admits(bind, host)).toBe(admitted);
  });

  test.each([
    ['Keys.Example', 'keys.example:1729', true],
    ['keys.example.', 'KEYS.example', true],
    ['[2001:db8::1]', '[2001:db8:0::1]', true],
    ['keys.example', 'sub.keys.example', false],
    ['keys.example', 'example', false],
  ])('--http-host %s, asked for %s: %s', (name, host, admitted) => {
    expect(admits('127.0.0.1', host, { names: ['other', name] })).toBe(admitted);
  });

  test('a whole URI as the target names a host, too', () => {
    expect(admits('127.0.0.1', 'localhost', { target: 'http://localhost:1/' })).toBe(true);
    expect(admits('127.0.0.1', 'localhost', { target: 'HTTP://evil.example/' })).toBe(false);
  });

  test('none is needed where no browser asks', () => {
    expect(admits('127.0.0.1', undefined)).toBe(true);
    expect(admits('127.0.0.1', undefined, { origin: 'http://localhost' })).toBe(false);
    expect(admits('127.0.0.1', undefined, { fetchSite: 'none' })).toBe(false);
  });
});

describe('a misdirected request', () => {
  const hosts = new HttpHosts({ bind: '127.0.0.1', path: '' }, []);
  const asking = (line: string, body?: string) => request(line, body).replace(': h', ': evil.test');

  test.each([
    ['GET /', undefined],
    ['GET /keys/a', undefined],
    ['GET /healthz', undefined],
    ['PUT /keys/a', 'value'],
    ['DELETE /keys/a', undefined],
  ])('%s is refused, before the password is looked at, and closes', (line, body) => {
    const talk = new Talk({ hosts, password: 'secret' });
    const answer = talk.send(asking(line, body));
    expect(answer).toMatch(/^HTTP\/1\.1 421 Misdirected Request\r\n/);
    expect(answer).toContain('start it with --http-host NAME\n');
    expect(talk.session.closing).toBe(true);
  });

  test('of HTTP/1.0 without a Host is told by what a browser adds', () => {
    const answerTo = (...fields: string[]) =>
      statusOf(new Talk({ hosts }).send(`GET / HTTP/1.0\r\n${fields.join('')}\r\n`));
    expect(answerTo()).toBe(200);
    expect(answerTo('Origin: http://evil.test\r\n')).toBe(421);
    expect(answerTo('Sec-Fetch-Site: cross-site\r\n')).toBe(421);
  });

  test('stores nothing', () => {
    const talk = new Talk({ hosts });
    talk.send(asking('PUT /keys/a', 'value'));
    talk.connect();
    expect(statusOf(talk.send(request('GET /keys/a').replace(': h', ': localhost')))).toBe(404);
  });
});

describe.each(MODES)('in mode %s', (mode) => {
  const PUT = 'PUT /keys/a HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 1\r\n\r\nx';

  test('a name that was given is served, another is not', async () => {
    const names = ['--http-host', 'keys.example', '--http-host', 'b'];
    const server = await startServer('--mode', mode, '--protocol', 'http', ...names);
    const get = (host: string) => `GET /healthz HTTP/1.0\r\nHost: ${host}\r\n\r\n`;
    for (const host of ['KEYS.example:1', 'b', server.address]) {
      const client = await connect(server);
      client.send(get(host));
      expect(statusOf(await client.readToEnd())).toBe(200);
    }
    const client = await connect(server);
    client.send(PUT + PUT);
    const answer = await client.readToEnd();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 421']);
  });

  test('a UNIX socket serves under any name', async () => {
    const path = join(temporaryFolder(), 'http.sock');
    const server = await startServer('--mode', mode, '--protocol', 'http', '--unixsocket', path);
    const client = await connect(server);
    client.send(PUT);
    expect(statusOf(await client.read(13))).toBe(201);
  });
});
