/**
 * The terminal of an interactive session. It stays in raw mode: a key typed while a command runs
 * waits for the next prompt, but for Ctrl-C, which ends the waiting.
 */
import { emitKeypressEvents } from 'node:readline';
import { GivenUp, type Patience } from '../../client/conversation.ts';
import type { Key, KeyOutcome, LineEditor } from '../../client/editor/line-editor.ts';
import { Screen } from '../../client/editor/screen.ts';
import { describeDelay } from './open.ts';
import { print } from './output.ts';

/** How soon a key is seen while a command runs. */
const SLICE_MS = 20;
const BELL = '\x07';
const CLEAR_ALL = '\x1b[H\x1b[2J';
const CLEAR_LINE = '\r\x1b[K';

/** What ended the typing of a line. */
export type Typed = { readonly line: string } | 'interrupt' | 'end';

export interface TerminalParts {
  readonly editor: LineEditor;
  /** What to show behind the line. */
  hint(line: string): string;
}

export class Terminal {
  readonly patience: Patience;
  readonly #parts: TerminalParts;
  readonly #screen = new Screen(() => process.stdout.columns || 80);
  readonly #keys: Key[] = [];
  #interrupted = false;
  #hasEnded = false;
  #prompt = '';
  #finish: ((typed: Typed) => void) | undefined;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.patience = {
      sliceMs: SLICE_MS,
      now: () => performance.now(),
      slow: (why) => print(describeDelay(why)),
      over: () => print(CLEAR_LINE),
      turn: () => this.#turn(),
    };
    emitKeypressEvents(process.stdin);
    process.stdin.on('keypress', (_, key: Key) => this.#pressed(key));
    process.stdin.on('end', () => this.#end());
    process.stdout.on('resize', () => this.#draw());
    process.stdin.setRawMode(true);
    process.stdin.resume();
  }

  /** Lets somebody type a line. */
  read(prompt: string): Promise<Typed> {
    this.#prompt = prompt;
    this.#interrupted = false;
    this.#parts.editor.clear();
    this.#screen.forget();
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#draw();
      // What was typed ahead.
      while (this.#finish !== undefined && this.#keys.length > 0) this.#edit(this.#keys.shift()!);
      if (this.#hasEnded) this.#end();
    });
  }

  clear(): void {
    print(CLEAR_ALL);
    this.#screen.forget();
  }

  /** Lets the event loop hand over the keys. */
  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.#interrupted) return;
    this.#interrupted = false;
    throw new GivenUp();
  }

  #pressed(key: Key): void {
    if (this.#finish !== undefined) return this.#edit(key);
    if (key.ctrl && key.name === 'c') {
      this.#interrupted = true;
      this.#keys.length = 0;
    } else {
      this.#keys.push(key);
    }
  }

  /** The terminal is gone. */
  #end(): void {
    this.#hasEnded = true;
    this.#finish?.('end');
  }

  #edit(key: Key): void {
    const { editor } = this.#parts;
    const outcome = editor.press(key);
    if (outcome === 'enter') return this.#leave({ line: editor.text });
    if (outcome === 'end') return this.#leave('end');
    if (outcome === 'interrupt') return this.#interrupt();
    this.#react(outcome);
    this.#draw();
  }

  /** Ctrl-C drops what was typed; where nothing was it means to leave. */
  #interrupt(): void {
    if (this.#parts.editor.text === '') return this.#leave('interrupt');
    print(this.#screen.leave(this.#drawn('')));
    this.#parts.editor.clear();
    this.#draw();
  }

  #react(outcome: KeyOutcome): void {
    if (outcome === 'bell') print(BELL);
    else if (outcome === 'clear') this.clear();
    else if (outcome === 'suspend') this.#suspend();
  }

  /** Raw mode keeps the terminal from doing it. */
  #suspend(): void {
    process.stdin.setRawMode(false);
    process.once('SIGCONT', () => {
      process.stdin.setRawMode(true);
      this.#screen.forget();
      this.#draw();
    });
    process.kill(process.pid, 'SIGTSTP');
  }

  #leave(typed: Typed): void {
    print(this.#screen.leave(this.#drawn('')));
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.(typed);
  }

  #draw(): void {
    if (this.#finish === undefined) return;
    const { editor, hint } = this.#parts;
    const isAtEnd = editor.cursor === editor.text.length && editor.searched === undefined;
    print(this.#screen.draw(this.#drawn(isAtEnd ? hint(editor.text) : '')));
  }

  #drawn(hint: string) {
    const { text, cursor, searched } = this.#parts.editor;
    const prompt = searched === undefined ? this.#prompt : `(reverse-i-search)'${searched}': `;
    return { prompt, text, cursor, hint };
  }
}
