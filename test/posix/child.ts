/**
 * A child process that runs a script over the addon: for what would stop or end the test runner.
 * The script finds `posix` and `c`, its constants, and `say(word)`, which writes a line at once.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ADDON =
  process.env['SYSKV_ADDON'] ??
  fileURLToPath(new URL('../../build/Release/syskv.node', import.meta.url));

const PRELUDE = `
const posix = require(${JSON.stringify(ADDON)});
const c = posix.constants;
const say = (word) => require('node:fs').writeSync(1, word + '\\n');
`;

export interface ChildExit {
  status: number | null;
  signal: NodeJS.Signals | null;
}

export class Child {
  output = '';
  readonly exited: Promise<ChildExit>;
  readonly #process;
  #changed: () => void = () => {};

  constructor(script: string) {
    this.#process = spawn(process.execPath, ['-e', PRELUDE + script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process.stdout.on('data', (chunk) => {
      this.output += chunk;
      this.#changed();
    });
    this.exited = new Promise((resolve) => {
      this.#process.on('close', (status, signal) => resolve({ status, signal }));
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get lines(): string[] {
    return this.output.split('\n').slice(0, -1);
  }

  /** Resolves once the child has said `count` lines; rejects if it ended before that. */
  async said(count: number): Promise<void> {
    const enough = new Promise<void>((resolve) => {
      this.#changed = () => {
        if (this.lines.length >= count) resolve();
      };
      this.#changed();
    });
    const ended = this.exited.then(() => {
      if (this.lines.length < count)
        throw new Error(`the child ended, having said: ${this.output}`);
    });
    await Promise.race([enough, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}

/** Killed, if it still runs, when the test ends. */
export function startChild(script: string): Child {
  const child = new Child(script);
  onTestFinished(() => child.kill('SIGKILL'));
  return child;
}
