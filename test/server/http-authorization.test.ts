/** requirepass over HTTP. */
import { describe, expect, test } from 'vitest';
import { isAuthorized } from '../../src/server/http-authorization.ts';
import { request, statusOf, Talk } from './talk.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the Authorization field', () => {
  test.each([
    ['default:secret', true],
    ['default:wrong', false],
    ['default:', false],
    ['somebody:secret', false],
    ['secret', false],
    [':secret', false],
  ])('%s', (credentials, opens) => {
    expect(isAuthorized('secret', basic(credentials))).toBe(opens);
  });

  test('a password may hold colons, and is UTF-8', () => {
    expect(isAuthorized('a:b:\u00e9', basic('default:a:b:\u00e9'))).toBe(true);
  });

  test.each([undefined, '', 'Basic', 'Bearer secret', 'Basic \0'])('%j opens nothing', (value) => {
    expect(isAuthorized('secret', value)).toBe(false);
    expect(isAuthorized('', value)).toBe(true);
  });
});

describe('a server with a password', () => {
  const authorization = `Authorization: ${basic('default:secret')}`;

  test.each(['/keys/a', '/', '/metrics'])('GET %s asks for it', (path) => {
    const talk = new Talk({ password: 'secret' });
    const answer = talk.send(request(`GET ${path}`));
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(answer).toContain('WWW-Authenticate: Basic realm="syskv", charset="UTF-8"\r\n');
  });

  test('a value that comes without it is not stored', () => {
    const talk = new Talk({ password: 'secret' });
    expect(statusOf(talk.send(request('PUT /keys/a', 'value')))).toBe(401);
    expect(statusOf(talk.send(request('GET /keys/a', undefined, authorization)))).toBe(404);
  });

  test('with it everything is as ever', () => {
    const talk = new Talk({ password: 'secret' });
    expect(statusOf(talk.send(request('PUT /keys/a', 'value', authorization)))).toBe(201);
    expect(statusOf(talk.send(request('GET /keys/a', undefined, authorization)))).toBe(200);
  });

  test('/healthz is for everybody', () => {
    expect(statusOf(new Talk({ password: 'secret' }).send(request('GET /healthz')))).toBe(200);
  });
});
