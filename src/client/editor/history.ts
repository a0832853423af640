/** Lines that were entered, the newest last, and a place among them while one is being chosen. */
import { firstSecret } from '../../protocol/secrets.ts';

/** Some months of daily use; the file stays far below a megabyte. */
export const MAXIMUM_HISTORY_LINES = 1000;

export class History {
  readonly #lines: string[];
  /** Which line is shown: `#lines.length` is the one that is being typed. */
  #at: number;
  #typed = '';

  constructor(lines: readonly string[] = []) {
    this.#lines = lines.slice(-MAXIMUM_HISTORY_LINES);
    this.#at = this.#lines.length;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Appends a line, unless it is the last one again; whether it did. */
  add(line: string): boolean {
    const isNew = line !== '' && line !== this.#lines.at(-1);
    if (isNew) this.#lines.push(line);
    if (this.#lines.length > MAXIMUM_HISTORY_LINES) this.#lines.shift();
    this.#at = this.#lines.length;
    return isNew;
  }

  /**
   * The line before the one shown; undefined at the oldest one. `shown` is kept while it is left.
   */
  previous(shown: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#typed = shown;
    return this.#lines[--this.#at];
  }

  /** The line behind the one shown, at last the one that was being typed. */
  next(): string | undefined {
    if (this.#at === this.#lines.length) return undefined;
    this.#at++;
    return this.#lines[this.#at] ?? this.#typed;
  }

  /**
   * The newest line before number `before` that holds `text`.
   * @returns its number, or -1.
   */
  find(text: string, before = this.#lines.length): number {
    for (let i = Math.min(before, this.#lines.length) - 1; i >= 0; i--) {
      if (this.#lines[i].includes(text)) return i;
    }
    return -1;
  }
}

/** Whether a password may stand in the line: such lines are not kept. */
export function holdsSecret(line: string): boolean {
  const words = line.trim().replace(/["']/g, '').split(/\s+/);
  const command = /^\d+$/.test(words[0]) ? words.slice(1) : words;
  return firstSecret(command) < command.length || command[0].toUpperCase() === 'AUTH';
}
