/**
 * The log: stderr, written with write(2) at once. While a driver runs, Node's own streams stand
 * still, so anything buffered for later would never come out.
 */
import { writeSync } from 'node:fs';
import { LOG_LEVELS, type LogLevel } from './options.ts';

export class Log {
  #threshold: number;

  constructor(level: LogLevel) {
    this.#threshold = LOG_LEVELS.indexOf(level);
  }

  setLevel(level: LogLevel): void {
    this.#threshold = LOG_LEVELS.indexOf(level);
  }

  verbose(message: string): void {
    this.#write('verbose', message);
  }

  notice(message: string): void {
    this.#write('notice', message);
  }

  warning(message: string): void {
    this.#write('warning', message);
  }

  #write(level: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
    try {
      writeSync(STDERR, `${new Date().toISOString()} ${level}: ${message}\n`);
    } catch {
      // A log that can't be written (closed pipe, full disk) is no reason to stop serving.
    }
  }
}

const STDERR = 2;
