/** A conversation over HTTP without a socket, for the tests of what the server answers. */
import { DEFAULT_HTTP_LIMITS } from '../../src/protocol/http/limits.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { COUNTERS } from '../../src/server/counters.ts';
import { HttpDesk } from '../../src/server/http-desk.ts';
import type { HttpHosts } from '../../src/server/http-hosts.ts';
import { type HttpClient, HttpSession } from '../../src/server/http-session.ts';
import { WatchedStore } from '../commands/watched-store.ts';
import { bytesOf, textOf } from '../protocol/feed.ts';

export const NOW_MS = Date.UTC(2026, 10, 5, 7, 8, 9);
const DATE = 'Date: Thu, 05 Nov 2026 07:08:09 GMT\r\n';

type Hosts = Pick<HttpHosts, 'admits'>;

interface TalkOptions {
  closeEach?: boolean;
  highWaterBytes?: number;
  password?: string;
  /** Any host is admitted unless said otherwise. */
  hosts?: Hosts;
}

export class Talk {
  nowMs = NOW_MS;
  readonly store = new WatchedStore();
  readonly counters = new Float64Array(COUNTERS);
  readonly logged: string[] = [];
  readonly desk: HttpDesk;
  client: HttpClient;
  session: HttpSession;
  readonly #out: ReplyBuffer;

  constructor(options: TalkOptions = {}) {
    const { store, counters, logged } = this;
    const { closeEach = false, highWaterBytes } = options;
    this.#out = new ReplyBuffer(1024, highWaterBytes);
    this.desk = new HttpDesk({
      store,
      counters,
      closeEach,
      hosts: options.hosts ?? { admits: () => true },
      password: () => options.password ?? '',
      out: this.#out,
      now: () => this.nowMs,
      facts: {
        version: '0.1.0',
        mode: 'epoll',
        io: 'recvmsg',
        databases: 16,
        uptimeMs: () => 1500,
        counts: { total: (index) => counters[index] },
      },
      limits: DEFAULT_HTTP_LIMITS,
      log: { warning: (message) => logged.push(message) },
    });
    this.client = newClient();
    this.session = new HttpSession(this.desk, this.client);
  }

  /** Another client comes. */
  connect(): void {
    this.client = newClient();
    this.session = new HttpSession(this.desk, this.client);
  }

  /** Gives the session these bytes, and takes what it has to say, without the dates. */
  send(...chunks: Array<string | Uint8Array>): string {
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? bytesOf(chunk) : chunk.slice();
      this.session.receive(bytes, 0, bytes.length, this.#out);
      bytes.fill(0);
    }
    return this.taken();
  }

  taken(): string {
    const text = textOf(this.#out.bytes, 0, this.#out.length).replaceAll(DATE, '');
    this.#out.clear();
    return text;
  }
}

function newClient(): HttpClient {
  return { lastUsedAtMs: 0, commands: 0, unfinished: false, closing: false };
}

/** A request of HTTP/1.1; `body` brings its length along. */
export function request(line: string, body?: string, ...fields: string[]): string {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = [`${line} HTTP/1.1`, 'Host: h', ...length, ...fields];
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

export const CREATED = 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n';
export const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n';

const NO_GUESSING = 'X-Content-Type-Options: nosniff\r\n';

/** The answer to a GET of this value. */
export function ok(value: string): string {
  const type = 'Content-Type: application/octet-stream\r\n';
  const length = `Content-Length: ${value.length}\r\n`;
  return `HTTP/1.1 200 OK\r\n${type}${length}${NO_GUESSING}\r\n${value}`;
}
