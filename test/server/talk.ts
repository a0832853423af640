/** A conversation over HTTP without a socket, for the tests of what the server answers. */
import { HEAP_BUFFERS } from '../../src/bytes/buffers.ts';
import { TALLY } from '../../src/commands/call.ts';
import { TABLE } from '../../src/commands/table.ts';
import { DEFAULT_HTTP_LIMITS } from '../../src/protocol/http/limits.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { ClientState, type Clients } from '../../src/server/clients.ts';
import { COUNTERS } from '../../src/server/counters.ts';
import { HttpDesk } from '../../src/server/http-desk.ts';
import type { HttpHosts } from '../../src/server/http-hosts.ts';
import { HttpSession } from '../../src/server/http-session.ts';
import { DEFAULT_OPTIONS } from '../../src/server/options.ts';
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
  readonly store = new WatchedStore();
  readonly counters = new Float64Array(COUNTERS);
  readonly counts = new Float64Array(TABLE.rows.length * TALLY);
  readonly logged: string[] = [];
  readonly pause = { isOn: false, kind: () => 0, holdsBack: () => true };
  readonly desk: HttpDesk;
  client: ClientState;
  session: HttpSession;
  readonly #out: ReplyBuffer;

  constructor(options: TalkOptions = {}) {
    const { counters, counts, logged, pause, store } = this;
    const { closeEach = false, highWaterBytes, password = '' } = options;
    this.#out = new ReplyBuffer(1024, highWaterBytes);
    this.client = newClient();
    this.desk = new HttpDesk({
      // A busy machine must not bring requests into the slow log, which asks for addresses.
      options: {
        ...DEFAULT_OPTIONS,
        httpClose: closeEach,
        requirepass: password,
        slowlogMicroseconds: -1,
      },
      out: this.#out,
      store,
      server: { password },
      counters,
      nobody: this.client,
      log: { warning: (message: string) => logged.push(message) },
      board: { tallies: { of: () => ({ counts }) }, pause },
      facts: {
        version: '0.1.0',
        mode: 'epoll',
        io: 'recvmsg',
        databases: 16,
        uptimeMs: () => 1500,
        counts: { total: (index: number) => counters[index] },
      },
      hosts: options.hosts ?? { admits: () => true },
      limits: DEFAULT_HTTP_LIMITS,
      buffers: HEAP_BUFFERS,
      memory: { hold: () => true },
    } as unknown as ConstructorParameters<typeof HttpDesk>[0]);
    this.nowMs = NOW_MS;
    this.session = new HttpSession(this.desk, this.client);
  }

  get nowMs(): number {
    return this.desk.call.nowMs;
  }

  set nowMs(nowMs: number) {
    this.desk.turn(nowMs);
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

function newClient(): ClientState {
  return new ClientState({ unfinished: 0 } as Clients, {} as never, 1, 9);
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
