/** A program in a pseudo-terminal: what a test types, and what it sees there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';
import { within } from './deadline.ts';

const RELAY = fileURLToPath(new URL('terminal.py', import.meta.url));
const COLUMNS = 80;
const ROWS = 24;

/** Control characters as terminals send them for keys. */
export const KEYS = {
  enter: '\r',
  tab: '\t',
  shiftTab: '\x1b[Z',
  up: '\x1b[A',
  down: '\x1b[B',
  left: '\x1b[D',
  backspace: '\x7f',
} as const;

/** The control character of a letter: `ctrl('c')`. */
export function ctrl(letter: string): string {
  return String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 0x40);
}

export class Terminal {
  /** Everything that came, with its control sequences. */
  bytes = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  /** Where the part begins that no expectation has seen. */
  #seen = 0;

  constructor(program: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#child = spawn('python3', [RELAY, String(COLUMNS), String(ROWS), ...program], {
      env: { ...process.env, TERM: 'xterm', ...environment },
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.bytes += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.bytes += chunk;
    });
    this.#child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /**
   * Waits until this text is shown behind what was waited for before; returns what came up to it.
   */
  async shows(text: string): Promise<string> {
    const found = () => this.bytes.indexOf(text, this.#seen);
    await within(
      JSON.stringify(text),
      this.#until(found),
      () => `in ${JSON.stringify(this.#news)}`,
    );
    const end = found() + text.length;
    const shown = this.bytes.slice(this.#seen, end);
    this.#seen = end;
    return stripVTControlCharacters(shown).replaceAll('\r', '');
  }

  /** Types a line, and returns what is printed between it and the next prompt. */
  async enter(line: string, prompt: string): Promise<string> {
    this.type(line);
    await this.shows(line.slice(-1));
    this.type(KEYS.enter);
    await this.shows('\r\n');
    const shown = await this.shows(prompt);
    return shown.slice(0, -prompt.length);
  }

  /** Waits for the end; what nobody has waited for, and the exit status. */
  async end(): Promise<number | null> {
    return within('the end of the program', this.ended, () => `which shows ${this.#news}`);
  }

  get #news(): string {
    return this.bytes.slice(this.#seen);
  }

  #until(found: () => number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (found() < 0) return;
        this.#child.stdout?.off('data', look);
        resolve();
      };
      this.#child.stdout?.on('data', look);
      this.ended.then(() =>
        found() < 0 ? reject(new Error(`it ended: ${this.#news}`)) : resolve(),
      );
      look();
    });
  }
}
