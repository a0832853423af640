/**
 * What one thread needs to serve HTTP, shared by all its connections: the engine, parsers, lent to
 * each connection with an unfinished request, and the reply writer.
 */
import { readFileSync } from 'node:fs';
import { DONE, type RunResult } from '../commands/engine.ts';
import { packageFile } from '../paths.ts';
import type { HttpBody } from '../protocol/http/body.ts';
import { HttpCommandReply } from '../protocol/http/command-reply.ts';
import type { HttpHead } from '../protocol/http/head.ts';
import type { HttpLimits } from '../protocol/http/limits.ts';
import { Llhttp } from '../protocol/http/llhttp.ts';
import { HttpParser } from '../protocol/http/parser.ts';
import { PROMETHEUS_TYPE } from '../protocol/http/prometheus.ts';
import { type HttpRefusal, refusal } from '../protocol/http/refusal.ts';
import { HttpReply } from '../protocol/http/reply.ts';
import type { ClientState } from './clients.ts';
import { isAuthorized } from './http-authorization.ts';
import { commandOf, HttpCommandWriter } from './http-command.ts';
import type { HttpHosts } from './http-hosts.ts';
import { HTML_TYPE, indexPage, metricsText } from './http-pages.ts';
import { type HttpPlan, isRefusal, planOf, storesBody } from './http-routes.ts';
import type { ReceptionParts } from './reception.ts';
import { STAGED_BYTES, type StagedValue, stageValue } from './staged-value.ts';
import { ThreadEngine } from './thread-engine.ts';

export interface HttpParts extends ReceptionParts {
  /** By which names the server may be asked. */
  readonly hosts: Pick<HttpHosts, 'admits'>;
  readonly limits: Readonly<HttpLimits>;
}

export class HttpDesk extends ThreadEngine {
  readonly reply: HttpReply;
  readonly #parts: HttpParts;
  readonly #llhttp = new Llhttp(readFileSync(packageFile(LLHTTP)));
  readonly #parsers: HttpParser[] = [];
  readonly #writer = new HttpCommandWriter();

  constructor(parts: HttpParts) {
    const reply = new HttpReply(parts.out);
    super(parts, (failed) => new HttpCommandReply(reply, () => parts.store.replaced, failed));
    this.reply = reply;
    this.#parts = parts;
  }

  /** What the request is to do, or why it is not to be done. */
  plan(head: HttpHead, client: ClientState): HttpPlan | HttpRefusal {
    if (!this.#parts.hosts.admits(head)) return MISDIRECTED;
    const plan = planOf(head);
    if (isRefusal(plan) || plan.resource === 'health') return plan;
    // HTTP keeps no session: each request has to bring the password along.
    client.authenticated = isAuthorized(this.options.requirepass, head.authorization);
    if (!client.authenticated) return UNAUTHORIZED;
    const expireAtMs = this.call.nowMs + plan.ttlSeconds * 1000;
    return Number.isSafeInteger(expireAtMs) ? plan : TTL_TOO_LONG;
  }

  /** A place in the store for the body that is about to come; undefined: it is to be collected. */
  stage(plan: HttpPlan, head: HttpHead, client: ClientState): StagedValue | undefined {
    const { contentLength } = head;
    if (!storesBody(plan.method) || contentLength < STAGED_BYTES) return undefined;
    if (head.chunked || contentLength > this.#parts.limits.bodyBytes) return undefined;
    // Finding it a place could mean to evict, and nothing changes in a pause.
    if (this.isPaused) return undefined;
    const { nowMs, store } = this.call;
    const key = { bytes: plan.key, start: 0, end: plan.key.length };
    return stageValue(store, nowMs, client.database, key, contentLength);
  }

  lend(): HttpParser {
    const { limits, buffers } = this.#parts;
    return this.#parsers.pop() ?? new HttpParser(this.#llhttp, limits, buffers);
  }

  takeBack(parser: HttpParser): void {
    parser.reset();
    this.#parsers.push(parser);
  }

  /** Whether the answer to this request is the connection's last one. */
  closesAfter(head: HttpHead): boolean {
    return this.options.httpClose || !head.keepAlive;
  }

  /** Answers a whole request. WAITING: it has to be asked again, nothing has been said. */
  answer(
    plan: HttpPlan | HttpRefusal,
    head: HttpHead,
    body: HttpBody,
    staged: StagedValue | undefined,
  ): RunResult {
    this.#prepare(head, this.closesAfter(head));
    if (!isRefusal(plan) && plan.resource === 'key') {
      this.call.args = this.#writer.write(plan, body, staged);
      return this.engine.run(commandOf(plan));
    }
    this.countRequest();
    if (isRefusal(plan)) this.reply.refuse(plan);
    else this.#servePage(plan);
    return DONE;
  }

  /** The last answer of a connection whose stream can't be followed any further. */
  reject(refused: HttpRefusal, head: HttpHead): void {
    this.#prepare(head, true);
    this.countProtocolError();
    this.reply.refuse(refused);
  }

  /** There are too many clients to let this one in. */
  refuseClient(): void {
    this.reply.prepare(this.call.nowMs, 1, true, false);
    this.reply.refuse(TOO_MANY_CLIENTS);
  }

  /** Protected mode: this client is not of this machine. */
  denyClient(): void {
    this.reply.prepare(this.call.nowMs, 1, true, false);
    this.reply.refuse(NOT_FROM_OUTSIDE);
  }

  /**
   * A page, or the plan of a request, ended by an exception, which is a bug of ours: its client
   * goes, nobody else. What it had begun to say, from `mark` on, is taken back.
   */
  fail(head: HttpHead, mark: number, error: unknown): void {
    const { out, log } = this.#parts;
    const what = error instanceof Error ? error.stack : String(error);
    log.warning(`${head.method} failed by a bug: ${what}`);
    out.cut(mark);
    this.#prepare(head, true);
    this.reply.refuse(INTERNAL_ERROR);
  }

  #prepare(head: HttpHead, closes: boolean): void {
    this.reply.prepare(this.call.nowMs, head.minorVersion, closes, head.method === 'HEAD');
  }

  #servePage({ resource }: HttpPlan): void {
    const { facts, store } = this.#parts;
    if (resource === 'health') this.reply.text('ok\n');
    else if (resource === 'index') this.reply.text(indexPage(facts, store), HTML_TYPE);
    else this.reply.text(metricsText(facts, store), PROMETHEUS_TYPE);
  }
}

/** Loaded when it is wanted: a server that does not speak HTTP is up sooner without it. */
const LLHTTP = 'third-party/llhttp/llhttp.wasm';

const MISDIRECTED = refusal(
  421,
  'this server is not known by that name: ask for localhost or its address, or start it with ' +
    '--http-host NAME',
);
const UNAUTHORIZED = refusal(401, 'give the user default and the password (requirepass)');
const TOO_MANY_CLIENTS = refusal(503, 'there are too many clients');
const NOT_FROM_OUTSIDE = refusal(403, 'protected mode: only clients of this machine are served');
const INTERNAL_ERROR = refusal(500, 'see the log of the server');
const TTL_TOO_LONG = refusal(400, 'the ttl is too long');
