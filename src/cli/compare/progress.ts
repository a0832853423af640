/** What is being measured and how long it will take, on one line that is written over. */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Step } from '../../measure/rounds.ts';
import { widthOf } from './lines.ts';

/** A line that fills the terminal would not be written over, but followed by another. */
const WIDTH = 79;
/** The first steps start servers and tell little about the others. */
const STEPS_BEFORE_ESTIMATE = 3;

export class Progress {
  readonly #fd: number;
  /** Nothing moves where nobody looks. */
  readonly #isShown: boolean;
  readonly #beganMs = performance.now();

  constructor(fd: number) {
    this.#fd = fd;
    this.#isShown = isatty(fd);
  }

  show({ done, total, what }: Step): void {
    const share = `${Math.floor((done / total) * 100)} %`.padStart(5);
    const left = estimate(done, total, performance.now() - this.#beganMs);
    this.#write(
      `${share}  ${left.padEnd(14)}${what}`.slice(0, Math.min(WIDTH, widthOf(process.stderr) - 1)),
    );
  }

  clear(): void {
    this.#write('');
  }

  #write(text: string): void {
    if (this.#isShown) writeSync(this.#fd, `\r\u001b[K${text}`);
  }
}

export function estimate(done: number, total: number, elapsedMs: number): string {
  if (done < STEPS_BEFORE_ESTIMATE) return '';
  const seconds = Math.ceil(((elapsedMs / done) * (total - done)) / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s left` : `${minutes} min ${seconds % 60} s left`;
}
