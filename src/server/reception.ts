/**
 * Where new clients are received: for each endpoint, the conversation that its protocol asks for.
 */
import type { Buffers } from '../bytes/buffers.ts';
import type { ServerFace } from '../commands/call.ts';
import type { Session } from '../drivers/driver.ts';
import { echo } from '../protocol/echo.ts';
import { DEFAULT_HTTP_LIMITS } from '../protocol/http/limits.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Store } from '../store/face.ts';
import type { Board } from './board.ts';
import type { ClientMemory } from './client-memory.ts';
import type { ClientState } from './clients.ts';
import { monotonicMs } from './clock.ts';
import { Desk } from './desk.ts';
import { HttpDesk } from './http-desk.ts';
import { HttpHosts } from './http-hosts.ts';
import type { HttpFacts } from './http-pages.ts';
import { HttpSession } from './http-session.ts';
import type { Log } from './log.ts';
import type { Endpoint, ServerOptions } from './options.ts';
import { COMMAND_PROTOCOLS } from './protocols.ts';
import { CommandSession } from './session.ts';
import type { Roster } from './shared/roster.ts';
import type { SlowLog } from './shared/slow-log.ts';

/** One protocol's side of a thread. */
export interface Reception {
  /** A conversation with a client that was let in. */
  open(client: ClientState): Session;
  /** Says that there are too many clients. */
  refuse(out: ReplyBuffer): void;
  /** Says that only clients of this machine are served (protected mode). */
  deny(out: ReplyBuffer): void;
  /** The clock has been read: all requests until the next reading share it. */
  turn(nowMs: number): void;
}

export interface ReceptionParts {
  readonly options: ServerOptions;
  readonly out: ReplyBuffer;
  readonly store: Store;
  readonly server: ServerFace;
  readonly counters: Float64Array;
  /** Of this thread; of its clients' unfinished requests. */
  readonly buffers: Buffers;
  readonly memory: Pick<ClientMemory, 'hold'>;
  readonly log: Log;
  /** What the http protocol's pages tell. */
  readonly facts: HttpFacts;
  /** Stands in where no client is being served. */
  readonly nobody: ClientState;
  readonly board: Board;
  readonly thread: number;
  readonly roster: Roster;
  readonly slowLog: SlowLog;
}

export function createReception(endpoint: Endpoint, parts: ReceptionParts): Reception {
  const { protocol } = endpoint;
  if (protocol === 'echo') return new EchoReception();
  if (protocol === 'http') return new HttpReception(endpoint, parts);
  return new CommandReception(new Desk(COMMAND_PROTOCOLS[protocol], parts));
}

const DENIED =
  'DENIED protected mode: no password is set, so only clients of this machine are served. Set one ' +
  "(CONFIG SET requirepass, --requirepass), or else switch the mode off, if nobody's access does " +
  'harm (CONFIG SET protected-mode no, --protected-mode no).';

class CommandReception implements Reception {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  open(client: ClientState): Session {
    return new CommandSession(this.#desk, client);
  }

  refuse(): void {
    this.#desk.call.reply.error('ERR max number of clients reached');
  }

  deny(): void {
    this.#desk.call.reply.error(DENIED);
  }

  turn(nowMs: number): void {
    this.#desk.turn(nowMs);
  }
}

class HttpReception implements Reception {
  readonly #desk: HttpDesk;

  constructor(endpoint: Endpoint, parts: ReceptionParts) {
    const { options } = parts;
    this.#desk = new HttpDesk({
      ...parts,
      limits: { ...DEFAULT_HTTP_LIMITS, bodyBytes: options.protoMaxBulkBytes },
      hosts: new HttpHosts(endpoint, options.httpHosts),
    });
  }

  open(client: ClientState): Session {
    return new HttpSession(this.#desk, client);
  }

  refuse(): void {
    this.#desk.refuseClient();
  }

  deny(): void {
    this.#desk.denyClient();
  }

  turn(nowMs: number): void {
    this.#desk.turn(nowMs);
  }
}

/** `echo` itself keeps nothing; all that is noted here is when the client was last heard of. */
class EchoReception implements Reception {
  open(client: ClientState): Session {
    return {
      closing: false,
      lingering: false,
      paused: false,
      receive: (input, start, end, out) => {
        client.lastUsedAtMs = monotonicMs();
        echo.receive(input, start, end, out as ReplyBuffer);
      },
      end: () => {},
    };
  }

  /** A tube has no words for it: it is closed. */
  refuse(): void {}

  deny(): void {}

  turn(): void {}
}

/** What a client that is not let in gets: its refusal, and the end. */
export const REFUSED: Session = Object.freeze({
  closing: true,
  // At the limit a descriptor is worth more than the certainty that the refusal is read.
  lingering: false,
  paused: false,
  receive: () => {},
  end: () => {},
});
