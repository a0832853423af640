/** The interactive client: a prompt, a line, an answer. */
import type { CommandBook } from '../../client/command-book.ts';
import { splitCommand, wordsOf } from '../../client/command-line.ts';
import { GivenUp } from '../../client/conversation.ts';
import { History, holdsSecret } from '../../client/editor/history.ts';
import { LineEditor } from '../../client/editor/line-editor.ts';
import { type Emphasis, NO_EMPHASIS } from '../../client/help.ts';
import { CommandDesk } from './desk.ts';
import { explainFailure } from './failures.ts';
import { appendHistory, historyPath, loadHistory } from './history-file.ts';
import type { ClientOptions } from './options.ts';
import { print, printError } from './output.ts';
import { Terminal } from './terminal.ts';
import { isQuit, withRepetition } from './typed.ts';

/** A command that took longer tells how long. */
const WORTH_TELLING_MS = 500;

/** Runs until somebody leaves. */
export async function interact(options: ClientOptions): Promise<void> {
  await new InteractiveClient(options).run();
}

class InteractiveClient {
  readonly #options: ClientOptions;
  readonly #desk: CommandDesk;
  readonly #terminal: Terminal;
  readonly #path = historyPath(process.env);
  readonly #history = new History(loadHistory(this.#path));
  #hints = true;

  constructor(options: ClientOptions) {
    this.#options = options;
    const book = (): CommandBook => this.#desk.book;
    this.#terminal = new Terminal({
      editor: new LineEditor(this.#history, (line) => book().complete(line)),
      hint: (line) => (this.#hints ? book().hint(line) : ''),
    });
    this.#desk = new CommandDesk(options, this.#terminal.patience);
  }

  async run(): Promise<void> {
    await this.#attempt(() => this.#connect());
    for (;;) {
      const typed = await this.#terminal.read(this.#desk.session.prompt);
      if (typeof typed === 'string') return;
      const args = this.#parse(typed.line);
      if (args === undefined || args.length === 0) continue;
      if (isQuit(wordsOf(args)[0])) return;
      await this.#attempt(() => this.#execute(args));
    }
  }

  async #connect(): Promise<void> {
    await this.#desk.session.connect();
    await this.#desk.learn();
  }

  /**
   * Ctrl-C gives an answer up, and the connection with it: nobody could tell it from the next one.
   */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof GivenUp) {
        print('^C\n');
        this.#desk.session.disconnect();
      } else {
        for (const line of explainFailure(error, this.#desk.session.target)) printError(line);
      }
    }
  }

  #parse(line: string): Uint8Array[] | undefined {
    const args = splitCommand(new TextEncoder().encode(line));
    if (!holdsSecret(line) && this.#history.add(line)) appendHistory(this.#path, line);
    if (args === undefined) print('Invalid argument(s)\n');
    return args;
  }

  async #execute(args: readonly Uint8Array[]): Promise<void> {
    const words = wordsOf(args, 3);
    const name = words[0].toLowerCase();
    if (name.startsWith(':')) return this.#setPreference(words);
    if (name === 'help' || name === '?') {
      return this.#desk.help(wordsOf(args.slice(1)).join(' '), emphasis());
    }
    if (name === 'clear' && args.length === 1) return this.#terminal.clear();
    if (name === 'connect' && args.length === 3) return this.#connectTo(words[1], words[2]);
    const repeated = withRepetition(args);
    if (repeated === undefined) print('Invalid repeat count: it must be a positive integer.\n');
    else await this.#run(repeated.args, repeated.repeat ?? this.#options.repeat ?? 1);
  }

  async #run(args: readonly Uint8Array[], repeat: number): Promise<void> {
    const startMs = performance.now();
    if (!this.#desk.session.isConnected) await this.#connect();
    await this.#desk.run(args, repeat);
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= WORTH_TELLING_MS && this.#options.style === 'standard') {
      print(`(${(elapsedMs / 1000).toFixed(2)}s)\n`);
    }
  }

  #setPreference([name, value = '']: readonly string[]): void {
    const isSet = name.toLowerCase() === ':set';
    const preference = value.toLowerCase();
    if (isSet && preference === 'hints') this.#hints = true;
    else if (isSet && preference === 'nohints') this.#hints = false;
    else
      print(`unknown preference '${isSet ? value : name}': there are :set hints, :set nohints\n`);
  }

  async #connectTo(host: string, port: string): Promise<void> {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      print(`no port: '${port}'\n`);
      return;
    }
    const { session } = this.#desk;
    session.target = { ...session.target, host, port: Number(port), path: '' };
    await this.#connect();
  }
}

/** Codes for bold and faint are no colours, but who wants none of those rarely wants these. */
function emphasis(): Emphasis {
  if (process.env['NO_COLOR']) return NO_EMPHASIS;
  const wrap = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[0m`;
  return { strong: wrap(1), faint: wrap(2) };
}
