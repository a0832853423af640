/** One thread's side of the server, as its driver sees it: who connects, who leaves, what is due. */
import type { ServerFace } from '../commands/call.ts';
import type { CloseReason, Service, Session } from '../drivers/driver.ts';
import { errorName } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { echo } from '../protocol/echo.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Store } from '../store/face.ts';
import type { Board } from './board.ts';
import { ClientState, type Clients } from './clients.ts';
import { CLIENT_ERRORS, CONNECTED_CLIENTS, CONNECTIONS_RECEIVED } from './counters.ts';
import { Desk } from './desk.ts';
import type { Log } from './log.ts';
import { COMMAND_PROTOCOLS, type ProtocolName } from './protocols.ts';
import { CommandSession } from './session.ts';

export interface ServiceParts {
  posix: Posix;
  protocol: ProtocolName;
  out: ReplyBuffer;
  store: Store;
  server: ServerFace;
  clients: Clients;
  counters: Float64Array;
  board: Board;
  log: Log;
}

export class ThreadService implements Service {
  readonly #parts: ServiceParts;
  /** Undefined for the echo protocol, which has no requests. */
  readonly #desk: Desk | undefined;
  #nowMs = Date.now();
  #acceptLoggedAtMs = 0;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    if (parts.protocol === 'echo') return;
    const nobody = new ClientState(parts.posix, 0, -1, this.#nowMs);
    const { out, store, server, counters } = parts;
    const protocol = COMMAND_PROTOCOLS[parts.protocol];
    this.#desk = new Desk(protocol, out, store, server, counters, nobody);
  }

  turn(): void {
    this.#nowMs = Date.now();
    if (this.#desk !== undefined) this.#desk.call.nowMs = this.#nowMs;
  }

  open(fd: number): Session {
    const { posix, clients, counters } = this.#parts;
    counters[CONNECTIONS_RECEIVED]++;
    counters[CONNECTED_CLIENTS]++;
    if (this.#desk === undefined) return echo;
    return new CommandSession(this.#desk, clients.add(posix, fd, this.#nowMs));
  }

  close(fd: number, session: Session, reason: CloseReason, errno: number): void {
    const { clients, counters, log } = this.#parts;
    counters[CONNECTED_CLIENTS]--;
    let who = `descriptor ${fd}`;
    if (session instanceof CommandSession) {
      session.end();
      clients.delete(session.client);
      who = `client id=${session.client.id} fd=${fd}`;
    }
    if (reason !== 'error') return log.verbose(`${who} closed (${reason})`);
    counters[CLIENT_ERRORS]++;
    log.notice(`${who} closed: ${errorName(errno)}`);
  }

  /** Expired keys are looked for only while there are keys that can expire. */
  tick(): number {
    const { store, server } = this.#parts;
    for (let database = 0; database < server.databases; database++) {
      if (store.countWithExpiry(database) === 0) continue;
      store.expireCycle(Date.now(), EXPIRE_BUDGET_MS);
      return EXPIRE_PERIOD_MS;
    }
    return -1;
  }

  acceptFailed(errno: number): void {
    if (this.#nowMs - this.#acceptLoggedAtMs < ACCEPT_LOG_PERIOD_MS) return;
    this.#acceptLoggedAtMs = this.#nowMs;
    const limit = 'raise the limit (ulimit -n) or lower --maxclients';
    this.#parts.log.warning(`accept4: ${errorName(errno)}: new clients have to wait; ${limit}`);
  }
}

/** As often as Redis looks for expired keys by default (`hz 10`). */
const EXPIRE_PERIOD_MS = 100;
/** A quarter of what Redis allows a cycle, so that no client notices. */
const EXPIRE_BUDGET_MS = 1;
/** Out of descriptors, every attempt fails: once a second is enough to know. */
const ACCEPT_LOG_PERIOD_MS = 1000;
