/** HTTP/1.1, with the keys as resources. */
import type { Conversation, Dialect } from './dialect.ts';

/** As long as a date is. */
const DATE = `Date: ${'-'.repeat(29)}\r\n`;
const CREATED = `HTTP/1.1 201 Created\r\n${DATE}Content-Length: 0\r\n\r\n`;
const NO_CONTENT = `HTTP/1.1 204 No Content\r\n${DATE}\r\n`;
const HEALTHY = text('200 OK', 'ok\n');
const LAST_HEALTHY = text('200 OK', 'ok\n', 'Connection: close\r\n');
const LAST_REQUEST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

const CONVERSATIONS: Conversation[] = [
  ['nothing asked, nothing answered', '', ''],
  ['a page', ask('GET /healthz'), HEALTHY],
  ['a key put, got and deleted', life('a', '1'), lived('1')],
  [
    'HEAD: the length, and not the value',
    ask('PUT /keys/h', 'value') + ask('HEAD /keys/h') + ask('DELETE /keys/h'),
    CREATED + value('value').slice(0, -'value'.length) + NO_CONTENT,
  ],
  [
    'a missing key',
    ask('GET /keys/missing'),
    text('404 Not Found', '404 Not Found: no such key\n'),
  ],
  [
    'a chunked body',
    'POST /keys/c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n' +
      `3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n${ask('GET /keys/c')}${ask('DELETE /keys/c')}`,
    CREATED + value('abcd') + NO_CONTENT,
  ],
  [
    'a method that a page does not have',
    ask('DELETE /healthz'),
    text(
      '405 Method Not Allowed',
      '405 Method Not Allowed: DELETE is not for this\n',
      'Allow: GET, HEAD\r\n',
    ),
  ],
  ['a request cut off by FIN', `${ask('GET /healthz')}GET /healthz HT`, HEALTHY],
];

const ENDED_BY_SERVER: Conversation[] = [
  [
    'Connection: close, after which nothing is answered',
    LAST_REQUEST + ask('GET /healthz'),
    LAST_HEALTHY,
  ],
  [
    'two lengths: nobody can tell where the next request begins',
    'PUT /keys/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1',
    last('400 Bad Request', 'Duplicate Content-Length'),
  ],
  [
    'another version',
    'GET / HTTP/9.9\r\n\r\n',
    last('505 HTTP Version Not Supported', 'HTTP/1.1 and HTTP/1.0 are spoken here'),
  ],
];

export const http: Dialect = {
  protocol: 'http',
  conversations: CONVERSATIONS,
  endedByServer: ENDED_BY_SERVER,
  numbered: (number) => ({
    request: life(`n${number}`, String(number)),
    reply: lived(String(number)),
  }),
  large(length) {
    const body = '0123456789abcdef!'.repeat(length / 17);
    return { request: life('large', body), reply: lived(body) };
  },
  largest: 1024 ** 2,
  unfinished: 'PUT /keys/left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf',
  write: {
    request: life('left', 'nothing') + ask('PUT /keys/left', 'behind'),
    reply: lived('nothing') + CREATED,
  },
  read: {
    request: ask('GET /keys/left') + ask('DELETE /keys/left'),
    reply: value('behind') + NO_CONTENT,
  },
  farewell: { request: LAST_REQUEST, reply: LAST_HEALTHY },
  mistake: {
    request: 'BREW /tea HTTP/1.1\r\nHost: localhost\r\n\r\n',
    reply: last('501 Not Implemented', 'unknown method'),
  },
  mask: (replies) => replies.replace(/Date: .{29}\r\n/g, DATE),
};

function ask(what: string, body?: string): string {
  const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`;
  return `${what} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n${body ?? ''}`;
}

/** A key's whole life: the same replies each time. */
function life(key: string, body: string): string {
  return ask(`PUT /keys/${key}`, body) + ask(`GET /keys/${key}`) + ask(`DELETE /keys/${key}`);
}

function lived(body: string): string {
  return CREATED + value(body) + NO_CONTENT;
}

function value(body: string): string {
  return answer('200 OK', 'application/octet-stream', body, 'X-Content-Type-Options: nosniff\r\n');
}

function text(status: string, body: string, fields = ''): string {
  return answer(status, 'text/plain; charset=utf-8', body, fields);
}

/** The answer behind which the server closes. */
function last(status: string, why: string): string {
  return text(status, `${status}: ${why}\n`, 'Connection: close\r\n');
}

function answer(status: string, type: string, body: string, fields: string): string {
  const head = `HTTP/1.1 ${status}\r\n${DATE}Content-Type: ${type}\r\n`;
  return `${head}Content-Length: ${body.length}\r\n${fields}\r\n${body}`;
}
