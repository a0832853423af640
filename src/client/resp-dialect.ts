/** RESP2 and RESP3: which of them it is, each reply tells by its types. */
import type { Answer, Dialect } from './dialect.ts';
import { appendReply } from './format/format.ts';
import { appendRaw } from './format/raw.ts';
import type { Intake } from './intake.ts';
import { encodeRequest } from './request.ts';
import { RespReader } from './resp-reader.ts';
import { textOf, type Value } from './value.ts';

export class RespDialect implements Dialect {
  readonly closes = false;
  readonly #reader: RespReader;

  constructor(intake: Intake) {
    this.#reader = new RespReader(intake);
  }

  encode(args: readonly Uint8Array[]): Uint8Array {
    return encodeRequest(args);
  }

  next(): Answer | undefined {
    const value = this.#reader.next();
    return value && answerOf(value);
  }

  atEnd(): undefined {
    return undefined;
  }

  reset(): void {
    this.#reader.reset();
  }
}

function answerOf(value: Value): Answer {
  const failed = value.kind === 'error';
  return {
    failed,
    error: failed ? textOf(value) : '',
    value,
    print(out, style, asText, delimiters) {
      if (asText) appendRaw(out, value);
      else appendReply(out, value, style, delimiters);
    },
  };
}
