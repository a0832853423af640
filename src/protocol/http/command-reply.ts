/** What a command says, as an answer of HTTP: for GET, SET and DEL, which /keys/ is served by. */
import type { Loan } from '../../bytes/loan.ts';
import type { Reply } from '../reply.ts';
import { type HttpRefusal, refusal } from './refusal.ts';
import type { HttpReply } from './reply.ts';

export class HttpCommandReply implements Reply {
  /** Has no meaning here. */
  version = 2;
  readonly #reply: HttpReply;
  readonly #replaced: () => boolean;
  readonly #failed: (text: string) => void;

  /**
   * `replaced` tells whether the value that has just been stored took another one's place; `failed`
   * is told of every error that is answered.
   */
  constructor(reply: HttpReply, replaced: () => boolean, failed: (text: string) => void) {
    this.#reply = reply;
    this.#replaced = replaced;
    this.#failed = failed;
  }

  get roomBytes(): number {
    return this.#reply.roomBytes;
  }

  /** SET: RFC 9110, 9.3.4. */
  ok(): void {
    this.#reply.empty(this.#replaced() ? 204 : 201);
  }

  /** DEL, and how many keys went. */
  integer(count: number): void {
    if (count > 0) this.#reply.empty(204);
    else this.nil();
  }

  bulk(bytes: Uint8Array, start: number, end: number): void {
    this.#reply.value(bytes, start, end);
  }

  canBorrow(): boolean {
    return this.#reply.canBorrow;
  }

  bulkOnLoan(loan: Loan): void {
    this.#reply.valueOnLoan(loan);
  }

  nil(): void {
    this.#reply.refuse(NO_SUCH_KEY);
  }

  error(text: string): void {
    this.#failed(text);
    const code = text.slice(0, text.indexOf(' '));
    const refused = REFUSALS[code];
    if (refused === undefined) this.#unexpected();
    else this.#reply.refuse(refused);
  }

  // --- what none of the three commands says

  status(): void {
    this.#unexpected();
  }

  bigInteger(): void {
    this.#unexpected();
  }

  text(): void {
    this.#unexpected();
  }

  nilArray(): void {
    this.#unexpected();
  }

  array(): void {
    this.#unexpected();
  }

  arrayLater(): number {
    this.#unexpected();
    return 0;
  }

  /** `arrayLater` has said it. */
  arrayDone(): void {}

  map(): void {
    this.#unexpected();
  }

  set(): void {
    this.#unexpected();
  }

  double(): void {
    this.#unexpected();
  }

  boolean(): void {
    this.#unexpected();
  }

  verbatim(): void {
    this.#unexpected();
  }

  /** A bug of ours, after which the connection is closed. */
  #unexpected(): void {
    this.#reply.close();
    this.#reply.refuse(INTERNAL_ERROR);
  }
}

const NO_SUCH_KEY = refusal(404, 'no such key');
const INTERNAL_ERROR = refusal(500, 'see the log of the server');
/** By the error's code. */
const REFUSALS: Readonly<Record<string, HttpRefusal>> = {
  OOM: refusal(507, 'used memory is at its limit'),
  NOAUTH: refusal(401, 'give the user default and the password (requirepass)'),
};
