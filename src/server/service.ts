/** One thread's side of the server, as its driver sees it: clients come and leave, work is due. */
import type { CloseReason, Service, Session } from '../drivers/driver.ts';
import { errorName } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { SegmentedStore } from '../store/store.ts';
import { addressesOf, type ClientState, type Clients } from './clients.ts';
import { monotonicMs } from './clock.ts';
import {
  CLIENT_ERRORS,
  CONNECTED_CLIENTS,
  CONNECTIONS_RECEIVED,
  REJECTED_CONNECTIONS,
} from './counters.ts';
import { isDenied, isReachable } from './protected-mode.ts';
import { REFUSED, type Reception, type ReceptionParts } from './reception.ts';
import type { Settings } from './settings.ts';
import { Upkeep } from './upkeep.ts';

export interface ServiceParts extends ReceptionParts {
  readonly store: SegmentedStore;
  readonly posix: Posix;
  readonly clients: Clients;
  readonly settings: Settings;
  /** By the listener's index. */
  readonly receptions: readonly Reception[];
  /** Of the thread that has started others. */
  readonly crew: { lookAfter(): number } | undefined;
  /** Other threads are processes: they can't shut a descriptor of this one down. */
  readonly separate: boolean;
}

export class ThreadService implements Service {
  readonly #parts: ServiceParts;
  #warnedAtMs = -Infinity;
  #sweptAtMs = -Infinity;
  readonly #upkeep: Upkeep;
  /** Clients that a stop has not waited for any longer. */
  #unread = 0;
  /** By the listener's index: whether others than this machine's clients come in there. */
  readonly #reachable: readonly boolean[];

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#upkeep = new Upkeep(parts);
    this.#reachable = parts.options.listen.map(isReachable);
  }

  turn(): void {
    const nowMs = Date.now();
    const { receptions, settings } = this.#parts;
    settings.refresh();
    for (let i = 0; i < receptions.length; i++) receptions[i].turn(nowMs);
  }

  fetchForeseen(): void {
    this.#parts.store.ahead.fetch();
  }

  open(fd: number, listener: number): Session {
    const { posix, clients, counters, board, options, receptions, out } = this.#parts;
    counters[CONNECTIONS_RECEIVED]++;
    if (board.total(CONNECTED_CLIENTS) >= options.maxclients) {
      counters[REJECTED_CONNECTIONS]++;
      receptions[listener].refuse(out);
      return REFUSED;
    }
    if (this.#reachable[listener] && isDenied(options, addressesOf(posix, fd)[0])) {
      counters[REJECTED_CONNECTIONS]++;
      receptions[listener].deny(out);
      return REFUSED;
    }
    counters[CONNECTED_CLIENTS]++;
    const trusted = options.requirepass === '';
    return receptions[listener].open(clients.add(posix, fd, trusted));
  }

  close(fd: number, session: Session, reason: CloseReason, errno: number): void {
    if (session === REFUSED) return;
    const { clients, counters, log, out } = this.#parts;
    counters[CONNECTED_CLIENTS]--;
    session.end(out);
    const client = clients.remove(fd);
    const who = `client id=${client?.id} fd=${fd}`;
    if (reason === 'error') {
      counters[CLIENT_ERRORS]++;
      log.notice(`${who} closed: ${errorName(errno)}`);
    } else if (reason === 'unwatchable') {
      counters[CLIENT_ERRORS]++;
      this.#warnSeldom(
        `${who} closed: can't be watched: ${WATCHING[errorName(errno)] ?? errorName(errno)}`,
      );
    } else if (reason === 'unread') {
      this.#unread++;
      log.verbose(`${who} closed: it had not read all of its replies at the stop`);
    } else if (reason === 'timeout' || reason === 'output limit') {
      log.notice(`${who} closed: ${reason}`);
    } else {
      log.verbose(`${who} closed: ${reason}`);
    }
  }

  /**
   * With nothing due the answer is -1, and an idle server makes no call at all: expired keys are
   * looked for only while there are keys that can expire, idle clients only where they are limited.
   */
  tick(): number {
    const { crew } = this.#parts;
    const own = soonest(this.upkeep(), this.#sweep());
    return crew === undefined ? own : soonest(own, crew.lookAfter());
  }

  stopped(): void {
    if (this.#unread === 0) return;
    const clients = this.#unread === 1 ? '1 client' : `${this.#unread} clients`;
    this.#parts.log.warning(`stopped: ${clients} had not read all replies: the rest is dropped`);
  }

  upkeep(resting?: () => void): number {
    return this.#upkeep.run(resting);
  }

  acceptFailed(errno: number): void {
    const remedy = 'raise the limit (ulimit -n) or lower --maxclients';
    this.#warnSeldom(`accept4: ${errorName(errno)}: new clients have to wait; ${remedy}`);
  }

  #warnSeldom(message: string): void {
    const nowMs = monotonicMs();
    if (nowMs - this.#warnedAtMs < WARNING_PERIOD_MS) return;
    this.#warnedAtMs = nowMs;
    this.#parts.log.warning(message);
  }

  /** True for a client that has said nothing for too long: for drivers whose calls time out. */
  overdue(fd: number): boolean {
    const client = this.#parts.clients.at(fd);
    return client !== undefined && (this.killed(fd) || this.#isOverdue(client, monotonicMs()));
  }

  /** CLIENT KILL by another process, which could only leave a note. */
  killed(fd: number): boolean {
    const { clients, separate } = this.#parts;
    const row = separate ? clients.at(fd)?.row : undefined;
    return row !== undefined && row >= 0 && clients.roster.wasKilled(row);
  }

  /** Milliseconds that a blocking receive may take before it asks `overdue`; 0: for ever. */
  get patienceMs(): number {
    const { timeoutSeconds, requestTimeoutSeconds } = this.#parts.options;
    const killed = this.#parts.separate ? KILLED_SECONDS : 0;
    const limit = shorter(shorter(timeoutSeconds, requestTimeoutSeconds), killed);
    return limit * 1000;
  }

  /** An overdue client is shut down: its driver sees the end, as if the client had closed. */
  #sweep(): number {
    const { posix, clients, options } = this.#parts;
    if (options.timeoutSeconds === 0 && clients.unfinished === 0) return -1;
    const nowMs = monotonicMs();
    if (nowMs - this.#sweptAtMs >= SWEEP_PERIOD_MS) {
      this.#sweptAtMs = nowMs;
      for (const client of clients) {
        if (this.#isOverdue(client, nowMs)) this.#shutDown(client, posix);
      }
    }
    return clients.count === 0 ? -1 : SWEEP_PERIOD_MS;
  }

  #shutDown(client: ClientState, posix: Posix): void {
    this.#parts.log.notice(`client id=${client.id} fd=${client.fd} closed: timeout`);
    posix.shutdown(client.fd, posix.constants.SHUT_RDWR);
  }

  #isOverdue(client: ClientState, nowMs: number): boolean {
    const { timeoutSeconds, requestTimeoutSeconds } = this.#parts.options;
    const limit = client.unfinished ? requestTimeoutSeconds || timeoutSeconds : timeoutSeconds;
    return limit > 0 && nowMs - client.lastUsedAtMs >= limit * 1000;
  }
}

/** The smaller of two limits, of which 0 is none. */
function shorter(limit: number, other: number): number {
  return limit === 0 || other === 0 ? limit + other : Math.min(limit, other);
}

/** The smaller of two waits, of which -1 (no limit) is the longest. */
function soonest(firstMs: number, secondMs: number): number {
  if (firstMs < 0 || secondMs < 0) return Math.max(firstMs, secondMs);
  return Math.min(firstMs, secondMs);
}

/** A client that another process has ended lives on for as long as this, if it is silent. */
const KILLED_SECONDS = 1;
/** At a limit every new client fails in the same way: once a second is enough to know. */
const WARNING_PERIOD_MS = 1000;
/** What a poller that refuses a descriptor means (select's limit; epoll_ctl(2)), and the remedy. */
const WATCHING: Readonly<Record<string, string>> = {
  EINVAL: 'select has no room for descriptors from 1024 on (try --mode poll or epoll)',
  ENOSPC: 'raise /proc/sys/fs/epoll/max_user_watches',
};
/** Timeouts are given in seconds: looking once a second is as exact as they are. */
const SWEEP_PERIOD_MS = 1000;
