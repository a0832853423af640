/**
 * What one thread needs to serve HTTP, shared by all its connections: parsers, lent to whoever has
 * an unfinished request, the reply writer, and the store behind both.
 */
import { borrow, LENT_BYTES } from '../commands/lending.ts';
import type { HttpBody } from '../protocol/http/body.ts';
import type { HttpHead } from '../protocol/http/head.ts';
import type { HttpLimits } from '../protocol/http/limits.ts';
import { Llhttp } from '../protocol/http/llhttp.ts';
import { HttpParser } from '../protocol/http/parser.ts';
import { PROMETHEUS_TYPE } from '../protocol/http/prometheus.ts';
import { type HttpRefusal, refusal } from '../protocol/http/refusal.ts';
import { HttpReply } from '../protocol/http/reply.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { NO_EXPIRY, type Store } from '../store/face.ts';
import {
  COMMANDS_PROCESSED,
  INPUT_BYTES,
  OUTPUT_BYTES,
  PROTOCOL_ERRORS,
  READS,
} from './counters.ts';
import { isAuthorized } from './http-authorization.ts';
import type { HttpHosts } from './http-hosts.ts';
import { HTML_TYPE, type HttpFacts, indexPage, metricsText } from './http-pages.ts';
import { type HttpPlan, isRefusal, planOf, storesBody } from './http-routes.ts';

export interface HttpParts {
  readonly store: Store;
  readonly out: ReplyBuffer;
  /** Milliseconds since 1970; one value for all requests of a turn. */
  now(): number;
  /** `--http-close`: one request, one response, close. */
  readonly closeEach: boolean;
  readonly facts: HttpFacts;
  /** By which names the server may be asked. */
  readonly hosts: Pick<HttpHosts, 'admits'>;
  /** `requirepass`; '' where none is required. */
  password(): string;
  /** What this thread has counted, by the indices of counters.ts. */
  readonly counters: Float64Array;
  readonly limits: Readonly<HttpLimits>;
  readonly log: { warning(message: string): void };
}

/** The database that /keys/ is about: a client without SELECT is in it, too. */
const DATABASE = 0;

export class HttpDesk {
  readonly reply: HttpReply;
  readonly #parts: HttpParts;
  readonly #llhttp = new Llhttp();
  readonly #parsers: HttpParser[] = [];

  constructor(parts: HttpParts) {
    this.#parts = parts;
    this.reply = new HttpReply(parts.out);
  }

  get nowMs(): number {
    return this.#parts.now();
  }

  /** What the request is to do, or why it is not to be done. */
  plan(head: HttpHead): HttpPlan | HttpRefusal {
    if (!this.#parts.hosts.admits(head)) return MISDIRECTED;
    const plan = planOf(head);
    if (isRefusal(plan) || plan.resource === 'health') return plan;
    return isAuthorized(this.#parts.password(), head.authorization) ? plan : UNAUTHORIZED;
  }

  lend(): HttpParser {
    return this.#parsers.pop() ?? new HttpParser(this.#llhttp, this.#parts.limits);
  }

  takeBack(parser: HttpParser): void {
    parser.reset();
    this.#parsers.push(parser);
  }

  /** Answers a whole request; true when it was the connection's last one. */
  answer(plan: HttpPlan | HttpRefusal, head: HttpHead, body: HttpBody): boolean {
    const closes = this.#parts.closeEach || !head.keepAlive;
    this.#prepare(head, closes);
    this.#parts.counters[COMMANDS_PROCESSED]++;
    if (isRefusal(plan)) this.reply.refuse(plan);
    else if (plan.resource === 'key') this.#serveKey(plan, body);
    else this.#servePage(plan);
    return closes;
  }

  /** The last answer of a connection whose stream can't be followed any further. */
  reject(refused: HttpRefusal, head: HttpHead): void {
    this.#prepare(head, true);
    this.#parts.counters[PROTOCOL_ERRORS]++;
    this.reply.refuse(refused);
  }

  /** There are too many clients to let this one in. */
  refuseClient(): void {
    this.reply.prepare(this.nowMs, 1, true, false);
    this.reply.refuse(TOO_MANY_CLIENTS);
  }

  /** Protected mode: this client is not of this machine. */
  denyClient(): void {
    this.reply.prepare(this.nowMs, 1, true, false);
    this.reply.refuse(NOT_FROM_OUTSIDE);
  }

  countBytes(received: number, sent: number): void {
    const { counters } = this.#parts;
    counters[READS]++;
    counters[INPUT_BYTES] += received;
    counters[OUTPUT_BYTES] += sent;
  }

  /**
   * A request ended by an exception, which is a bug of ours: its client goes, nobody else. What it
   * had begun to say, from `mark` on, is taken back.
   */
  fail(head: HttpHead, mark: number, error: unknown): void {
    const { out, store, log } = this.#parts;
    const what = error instanceof Error ? error.stack : String(error);
    log.warning(`${head.method} failed by a bug: ${what}`);
    out.cut(mark);
    store.end();
    this.#prepare(head, true);
    this.reply.refuse(INTERNAL_ERROR);
  }

  #prepare(head: HttpHead, closes: boolean): void {
    const { nowMs } = this;
    this.reply.prepare(nowMs, head.minorVersion, closes, head.method === 'HEAD');
  }

  #servePage({ resource }: HttpPlan): void {
    const { facts, store } = this.#parts;
    if (resource === 'health') this.reply.text('ok\n');
    else if (resource === 'index') this.reply.text(indexPage(facts, store), HTML_TYPE);
    else this.reply.text(metricsText(facts, store), PROMETHEUS_TYPE);
  }

  #serveKey(plan: HttpPlan, body: HttpBody): void {
    const { store } = this.#parts;
    const { method, key } = plan;
    const { nowMs } = this;
    const writes = method !== 'GET' && method !== 'HEAD';
    store.begin(nowMs, writes, false);
    if (storesBody(method)) this.#put(plan, body, nowMs);
    else if (method === 'DELETE') this.#done(store.remove(DATABASE, key, 0, key.length));
    else this.#get(key);
    store.end();
  }

  #get(key: Uint8Array): void {
    const { store } = this.#parts;
    if (!store.find(DATABASE, key, 0, key.length)) return this.#done(false);
    const { bytes, start, end } = store.value;
    const lends = end - start >= LENT_BYTES && this.reply.canBorrow;
    const loan = lends ? borrow(store.large, store.value) : undefined;
    if (loan === undefined) this.reply.value(bytes, start, end);
    else this.reply.valueOnLoan(loan);
  }

  #done(found: boolean): void {
    if (found) this.reply.empty(204);
    else this.reply.refuse(NO_SUCH_KEY);
  }

  #put({ key, ttlSeconds }: HttpPlan, body: HttpBody, nowMs: number): void {
    const { store } = this.#parts;
    const { bytes, start, end } = body;
    const expireAtMs = ttlSeconds === 0 ? NO_EXPIRY : nowMs + ttlSeconds * 1000;
    if (!Number.isSafeInteger(expireAtMs)) return this.reply.refuse(TTL_TOO_LONG);
    if (!store.makeRoom()) return this.reply.refuse(OUT_OF_MEMORY);
    const existed = store.peek(DATABASE, key, 0, key.length);
    if (!store.set(DATABASE, key, 0, key.length, bytes, start, end, expireAtMs)) {
      return this.reply.refuse(OUT_OF_MEMORY);
    }
    this.reply.empty(existed ? 204 : 201);
  }
}

const MISDIRECTED = refusal(
  421,
  'this server is not known by that name: ask for localhost or its address, or start it with ' +
    '--http-host NAME',
);
const UNAUTHORIZED = refusal(401, 'give the user default and the password (requirepass)');
const TOO_MANY_CLIENTS = refusal(503, 'there are too many clients');
const NOT_FROM_OUTSIDE = refusal(403, 'protected mode: only clients of this machine are served');
const INTERNAL_ERROR = refusal(500, 'see the log of the server');
const NO_SUCH_KEY = refusal(404, 'no such key');
const TTL_TOO_LONG = refusal(400, 'the ttl is too long');
const OUT_OF_MEMORY = refusal(507, 'used memory is at its limit');
