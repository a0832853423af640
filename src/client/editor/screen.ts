/**
 * Draws a prompt and a line, over as many rows as it takes. Each drawing goes back to where the
 * last one began and clears from there, so nothing of the old text is left.
 */
import { cutToWidth, textWidth } from './text-width.ts';

export interface Drawn {
  readonly prompt: string;
  readonly text: string;
  /** A position in `text`. */
  readonly cursor: number;
  /** Shown dim behind the text, on the row that the text ends on. */
  readonly hint: string;
}

const FAINT = '\x1b[2m';
const NORMAL = '\x1b[22m';
const CLEAR_DOWN = '\x1b[J';

export class Screen {
  readonly #columns: () => number;
  /** The row that the cursor was left on, counted from the prompt's. */
  #row = 0;

  constructor(columns: () => number) {
    this.#columns = columns;
  }

  /** The bytes that draw this in place of what was drawn before. */
  draw({ prompt, text, cursor, hint }: Drawn): string {
    const columns = Math.max(this.#columns(), 1);
    const end = textWidth(prompt + text);
    const shown = cutToWidth(hint, columns - (end % columns) - 1);
    const last = Math.floor(end / columns);
    // A full row leaves the cursor on its last column; a line's end takes it to the next row.
    const full = end > 0 && end % columns === 0 ? '\r\n' : '';
    const at = textWidth(prompt + text.slice(0, cursor));
    const target = Math.floor(at / columns);
    const drawn = `${this.#home()}${CLEAR_DOWN}${prompt}${text}${full}${faint(shown)}`;
    this.#row = target;
    return `${drawn}${up(last - target)}\r${right(at % columns)}`;
  }

  /** Draws the line without hint and goes to the row below it. */
  leave(drawn: Drawn): string {
    const bytes = this.draw({ ...drawn, cursor: drawn.text.length, hint: '' });
    this.#row = 0;
    return `${bytes}\n`;
  }

  /** What was drawn is gone, or somebody else has written: the next drawing begins where we are. */
  forget(): void {
    this.#row = 0;
  }

  #home(): string {
    return `${up(this.#row)}\r`;
  }
}

function faint(text: string): string {
  return text === '' ? '' : `${FAINT}${text}${NORMAL}`;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : '';
}
