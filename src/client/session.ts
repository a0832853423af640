/**
 * A client's session: it connects when it has to, says what has to be said first (AUTH, SELECT,
 * HELLO), and keeps what a prompt shows. After the server went away the next request connects
 * again.
 */
import type { Posix } from '../posix/posix.ts';
import { isStream, wordsOf } from './command-line.ts';
import { Conversation, Disconnected, type Patience } from './conversation.ts';
import type { Answer, Dialect } from './dialect.ts';
import type { Intake } from './intake.ts';
import { argumentsOf } from './request.ts';
import { nameOfTarget, socketAddressOf, type Target } from './target.ts';
import { textOf } from './value.ts';

export interface SessionParts {
  readonly posix: Posix;
  readonly intake: Intake;
  readonly dialect: Dialect;
  readonly patience: Patience;
  /** The addresses of a host in digits, the best one first. */
  lookup(host: string): Promise<readonly string[]>;
  /** Something went wrong that ends nothing: `AUTH failed: …`. */
  warn(message: string): void;
}

export interface SessionOptions {
  readonly target: Target;
  /** 2 and 3 are said with HELLO; 0 leaves it to the server. */
  readonly respVersion: 0 | 2 | 3;
}

export class Session {
  target: Target;
  readonly #parts: SessionParts;
  readonly #respVersion: 0 | 2 | 3;
  #conversation: Conversation | undefined;
  #database: number;
  #inTransaction = false;

  constructor(parts: SessionParts, { target, respVersion }: SessionOptions) {
    this.#parts = parts;
    this.target = target;
    this.#respVersion = respVersion;
    this.#database = target.database;
  }

  get isConnected(): boolean {
    return this.#conversation !== undefined;
  }

  /** The connection, for a mode that sends its own requests; undefined without one. */
  get conversation(): Conversation | undefined {
    return this.#conversation;
  }

  /** `127.0.0.1:6379[1](TX)> ` */
  get prompt(): string {
    if (this.#conversation === undefined) return 'not connected> ';
    const database = this.#database === 0 ? '' : `[${this.#database}]`;
    return `${nameOfTarget(this.target)}${database}${this.#inTransaction ? '(TX)' : ''}> `;
  }

  /** @throws SyscallError, GivenUp, Disconnected */
  async connect(): Promise<void> {
    this.disconnect();
    const { posix, intake, dialect } = this.#parts;
    intake.clear();
    dialect.reset();
    const addresses = this.target.path === '' ? await this.#addresses() : [''];
    this.#conversation = await this.#openFirst(
      addresses.map((address) => socketAddressOf(posix, this.target, address)),
    );
    try {
      await this.#introduce();
    } catch (error) {
      this.disconnect();
      throw error;
    }
  }

  disconnect(): void {
    this.#conversation?.close();
    this.#conversation = undefined;
    this.#inTransaction = false;
  }

  /**
   * Sends a request, connecting first where there is no connection or the server has closed it, and
   * returns the answer.
   * @throws SyscallError, RequestError, ReplyError, Disconnected, GivenUp; but for RequestError the
   *   connection is closed then.
   */
  async call(args: readonly Uint8Array[]): Promise<Answer> {
    const request = this.#parts.dialect.encode(args);
    if (this.#conversation?.isOver ?? true) await this.connect();
    const answer = await this.#exchange(request, isStream(wordsOf(args)[0]));
    this.#follow(args, answer);
    return answer;
  }

  /** One more answer to what was sent before: a message, or what MONITOR shows. */
  async receive(): Promise<Answer> {
    if (this.#conversation === undefined) throw new Disconnected('not connected');
    return this.#guarded((conversation) => conversation.receive());
  }

  /** What the server pushes (RESP3) answers nothing, unless messages are what was asked for. */
  #exchange(request: Uint8Array, takesPushes = false): Promise<Answer> {
    return this.#guarded(async (conversation) => {
      await conversation.send(request);
      for (;;) {
        const answer = await conversation.receive();
        if (takesPushes || answer.value?.kind !== 'push') return answer;
      }
    });
  }

  /** After an error nobody knows which answer comes next: the connection is of no use. */
  async #guarded(work: (conversation: Conversation) => Promise<Answer>): Promise<Answer> {
    try {
      return await work(this.#conversation!);
    } catch (error) {
      this.disconnect();
      throw error;
    }
  }

  #addresses(): Promise<readonly string[]> {
    return this.#parts.lookup(this.target.host);
  }

  /** `localhost` may stand for `::1`, where nobody listens, and for 127.0.0.1. */
  async #openFirst(addresses: Parameters<typeof Conversation.open>[1][]): Promise<Conversation> {
    const last = addresses[addresses.length - 1];
    for (const address of addresses.slice(0, -1)) {
      try {
        return await Conversation.open(this.#parts, address);
      } catch (error) {
        if (!(error instanceof Error && 'syscall' in error)) throw error;
      }
    }
    return Conversation.open(this.#parts, last);
  }

  /**
   * In redis-cli's order. A refusal ends nothing: the server's own errors say more than we could.
   */
  async #introduce(): Promise<void> {
    const { user, password } = this.target;
    if (this.target.protocol === 'http') return;
    if (password !== undefined) {
      await this.#say('AUTH', ...(user === '' ? [] : [user]), password);
    }
    if (this.#database !== 0 && !(await this.#say('SELECT', String(this.#database)))) {
      this.#database = 0;
    }
    if (this.#respVersion !== 0) await this.#say('HELLO', String(this.#respVersion));
  }

  async #say(...words: string[]): Promise<boolean> {
    const answer = await this.#exchange(this.#parts.dialect.encode(argumentsOf(...words)));
    if (answer.failed) {
      const shown = words[0] === 'AUTH' ? 'AUTH' : words.join(' ');
      this.#parts.warn(`${shown} failed: ${answer.error}`);
    }
    return !answer.failed;
  }

  /** What the prompt shows has changed with these. */
  #follow(args: readonly Uint8Array[], answer: Answer): void {
    if (this.#parts.dialect.closes) return this.disconnect();
    const words = wordsOf(args);
    const name = words[0].toLowerCase();
    if (name === 'exec' || name === 'discard') this.#inTransaction = false;
    if (answer.failed || textOf(answer.value) === 'QUEUED') return;
    if (name === 'multi') this.#inTransaction = true;
    if (name === 'select' && args.length === 2) this.#database = Number.parseInt(words[1], 10);
    if (name === 'reset') {
      this.#inTransaction = false;
      this.#database = 0;
    }
  }
}
