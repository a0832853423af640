/** A plan for a key as the command that does it, in a request of its own. */
import type { Command } from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { HttpBody } from '../protocol/http/body.ts';
import { type HttpPlan, storesBody } from './http-routes.ts';
import type { StagedValue } from './staged-value.ts';

const GET = TABLE.named('get')!;
const SET = TABLE.named('set')!;
const DEL = TABLE.named('del')!;

/** Keys and short values fit; for a longer one it grows. */
const INITIAL_BYTES = 4 * 1024;
/** What one large value made it take is not worth keeping for the next. */
const KEEP_BYTES = 1024 * 1024;

/** The command that a plan asks for. */
export function commandOf({ method }: HttpPlan): Command {
  if (storesBody(method)) return SET;
  return method === 'DELETE' ? DEL : GET;
}

/** Writes requests, one at a time: the arguments hold until the next one is written. */
export class HttpCommandWriter {
  readonly #args = new Arguments();
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  /** `staged` instead of `body` where the value has been received into its place. */
  write(plan: HttpPlan, body: HttpBody, staged: StagedValue | undefined): Arguments {
    const args = this.#args;
    this.#begin();
    this.#push(commandOf(plan).name);
    this.#pushBytes(plan.key, 0, plan.key.length);
    if (storesBody(plan.method)) {
      if (staged === undefined) this.#pushBytes(body.bytes, body.start, body.end);
      else this.#pushStaged(staged);
      if (plan.ttlSeconds > 0) {
        this.#push('EX');
        this.#push(String(plan.ttlSeconds));
      }
    }
    return args;
  }

  #begin(): void {
    const args = this.#args;
    if (this.#bytes.length > KEEP_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
    this.#length = 0;
    args.clear();
    args.bytes = this.#bytes;
    args.ticket = 0;
  }

  /** ASCII. */
  #push(text: string): void {
    const start = this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[start + i] = text.charCodeAt(i);
    this.#args.push(start, this.#length);
  }

  #pushBytes(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#reserve(to - from);
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#args.push(start, this.#length);
  }

  #pushStaged(staged: StagedValue): void {
    const start = this.#reserve(staged.shownBytes);
    staged.passTo(this.#args, start);
    this.#args.push(start, start + staged.lengthBytes);
  }

  /** Where so many bytes more may be written. */
  #reserve(lengthBytes: number): number {
    const start = this.#length;
    this.#length += lengthBytes;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#args.bytes = grown;
    }
    return start;
  }
}
