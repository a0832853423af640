/**
 * A large value as an answer: it is lent to the reply, which is sent from the store's own memory,
 * and nobody copies it. While it is lent the value stays as it is; a command that replaces,
 * changes or removes it leaves the lent bytes to the reply.
 */
import type { Loan } from '../bytes/loan.ts';
import type { LargeValues, Slice } from '../store/face.ts';
import { type Call, REPLIES_ON } from './call.ts';
import { replyValue } from './entry.ts';

/**
 * From here on a loan costs no more than a copy. A shorter value is copied sooner than lent: the
 * kernel reads it from a cache then, and several of them go out with one call. This one fills the
 * reply buffer by itself, and a longer one makes it grow.
 */
export const LENT_BYTES = 1024 * 1024;

/** Answers the value that the cursor is on; it must be the last thing that the request says. */
export function lendValue(call: Call): void {
  const { value } = call.store;
  if (value.end - value.start < LENT_BYTES || !isLent(call)) replyValue(call);
}

/**
 * Not within EXEC, whose answers follow one another, nor to a client that does not want to hear the
 * answer, nor with every ticket in use.
 */
function isLent({ client, inTransaction, reply, store }: Call): boolean {
  const { bytes, start, end } = store.value;
  if (inTransaction || client.replies !== REPLIES_ON) return false;
  if (!reply.canBorrow(bytes, start, end)) return false;
  const loan = borrow(store.large, store.value);
  if (loan === undefined) return false;
  reply.bulkOnLoan(loan);
  return true;
}

/** Takes a ticket for the value that the cursor is on; undefined: there is none to be had. */
export function borrow(large: LargeValues, value: Slice): Loan | undefined {
  const ticket = large.pin();
  return ticket === 0 ? undefined : new LentValue(large, ticket, value);
}

class LentValue implements Loan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly #large: LargeValues;
  readonly #ticket: number;

  constructor(large: LargeValues, ticket: number, { bytes, start, end }: Slice) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#large = large;
    this.#ticket = ticket;
  }

  giveBack(): void {
    this.#large.release(this.#ticket);
  }
}
