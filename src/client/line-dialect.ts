/**
 * The line protocol. It does not say how many lines an answer has: behind each request goes an ECHO
 * of a word that nothing else answers, and the answer is what comes before that word. Within MULTI
 * an ECHO would be queued like any command, but there each answer is one line.
 */
import { appendQuoted, isControl } from '../protocol/quote.ts';
import { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { type Answer, type Dialect, RequestError } from './dialect.ts';
import type { Intake } from './intake.ts';

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const CR = 0x0d;
/** A request holds at most 65,536 bytes before its line's end. */
const MAXIMUM_LINE_BYTES = 65_536;

export class LineDialect implements Dialect {
  readonly closes = false;
  readonly #intake: Intake;
  /** The word, which no value is by accident. */
  readonly #marker: string;
  #lines: Uint8Array[] = [];
  #inTransaction = false;
  #command = '';

  constructor(intake: Intake, marker: string) {
    this.#intake = intake;
    this.#marker = marker;
  }

  encode(args: readonly Uint8Array[]): Uint8Array {
    const out = new ReplyBuffer();
    args.forEach((argument, index) => {
      if (index > 0) out.appendText(' ');
      appendWord(out, argument);
    });
    if (out.length > MAXIMUM_LINE_BYTES) throw new RequestError('a line has 65536 bytes at most');
    this.#command = decoder.decode(args[0]).toLowerCase();
    out.appendText(this.#isOneLine ? '\n' : `\nECHO ${this.#marker}\n`);
    return out.bytes.slice(0, out.length);
  }

  next(): Answer | undefined {
    for (;;) {
      const line = this.#line();
      if (line === undefined) return undefined;
      const isMarker = decoder.decode(line) === this.#marker;
      if (!isMarker) this.#lines.push(line);
      if (isMarker || this.#isOneLine) return this.#answer();
    }
  }

  /** After QUIT, or a line that the server can't read, there is no ECHO. */
  atEnd(): Answer | undefined {
    return this.#lines.length > 0 ? this.#answer() : undefined;
  }

  reset(): void {
    this.#lines = [];
    this.#inTransaction = false;
  }

  get #isOneLine(): boolean {
    return this.#inTransaction && this.#command !== 'exec';
  }

  #line(): Uint8Array | undefined {
    const intake = this.#intake;
    const at = intake.lineEnd();
    if (at < 0) return undefined;
    const line = intake.take(at - intake.start);
    intake.start++;
    return line.at(-1) === CR ? line.subarray(0, -1) : line;
  }

  #answer(): Answer {
    const lines = this.#lines;
    this.#lines = [];
    const first = decoder.decode(lines[0] ?? new Uint8Array(0));
    const failed = lines.length === 1 && first.startsWith('ERR ');
    if (this.#command === 'multi' && !failed) this.#inTransaction = true;
    if (ENDS.includes(this.#command)) this.#inTransaction = false;
    return {
      failed,
      error: failed ? first : '',
      value: undefined,
      print(out) {
        for (const line of lines) {
          out.append(line, 0, line.length);
          out.appendText('\n');
        }
      },
    };
  }
}

const ENDS = ['exec', 'discard', 'reset'];
const decoder = new TextDecoder('latin1');

function appendWord(out: ReplyBuffer, word: Uint8Array): void {
  const isBare = (byte: number) =>
    byte !== SPACE && byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE && !isControl(byte);
  if (word.length > 0 && word.every(isBare)) out.append(word, 0, word.length);
  else appendQuoted(out, word, 0, word.length);
}
