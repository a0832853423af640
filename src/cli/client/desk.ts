/** Runs commands and prints their answers, for one-shot calls, scripts and people alike. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandBook } from '../../client/command-book.ts';
import { readCommandDocs, readCommandList } from '../../client/command-docs.ts';
import { isStream, wordsOf } from '../../client/command-line.ts';
import { GivenUp, type Patience } from '../../client/conversation.ts';
import type { Answer } from '../../client/dialect.ts';
import { isText } from '../../client/format/format.ts';
import { type Emphasis, helpText, NO_EMPHASIS } from '../../client/help.ts';
import { argumentsOf } from '../../client/request.ts';
import type { Session } from '../../client/session.ts';
import { showAnswer } from '../../client/show.ts';
import { explainFailure } from './failures.ts';
import { openSession } from './open.ts';
import type { ClientOptions } from './options.ts';
import { print, printBytes, printError } from './output.ts';

export class CommandDesk {
  readonly session: Session;
  readonly #options: ClientOptions;
  #book: CommandBook | undefined;

  readonly #patience: Patience;

  constructor(options: ClientOptions, patience: Patience) {
    this.session = openSession(options, patience);
    this.#options = options;
    this.#patience = patience;
  }

  /** The commands that the server has told of; none until it has. */
  get book(): CommandBook {
    return this.#book ?? NO_BOOK;
  }

  /** Asks the server for its commands, once. Where it can't say there is no help. */
  async learn(): Promise<void> {
    if (this.#book !== undefined || this.session.target.protocol !== 'resp') return;
    const docs = await this.session.call(argumentsOf('COMMAND', 'DOCS'));
    if (docs.value !== undefined && !docs.failed) {
      this.#book = new CommandBook(readCommandDocs(docs.value));
      return;
    }
    const list = await this.session.call(argumentsOf('COMMAND'));
    this.#book = new CommandBook(list.value === undefined ? [] : readCommandList(list.value));
  }

  /**
   * Runs a command so many times, with the pause that was asked for, and prints what comes.
   * @returns whether it was answered each time, and with `-e` without an error.
   */
  async run(args: readonly Uint8Array[], repeat: number): Promise<boolean> {
    try {
      for (let done = 0; done !== repeat; done++) {
        if (done > 0) await this.#pause();
        if (!(await this.#runOnce(args))) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof GivenUp) throw error;
      for (const line of explainFailure(error, this.session.target)) printError(line);
      return false;
    }
  }

  async help(topic: string, emphasis: Emphasis = NO_EMPHASIS): Promise<void> {
    if (topic !== '') await this.learn();
    print(helpText(this.book, topic, emphasis));
  }

  async #runOnce(args: readonly Uint8Array[]): Promise<boolean> {
    const [command, subcommand = ''] = wordsOf(args);
    if (/^(help|\?)$/i.test(command)) {
      await this.help(wordsOf(args.slice(1)).join(' '));
      return true;
    }
    const asText = isText(command, subcommand);
    const answer = await this.session.call(args);
    if (isStream(command) && !answer.failed) return this.#stream(answer);
    return this.#print(answer, asText);
  }

  /** Prints what comes until somebody presses Ctrl-C. */
  async #stream(first: Answer): Promise<boolean> {
    if (this.#options.style === 'standard') print('Reading messages... (press Ctrl-C to quit)\n');
    for (let answer = first; ; answer = await this.session.receive()) this.#print(answer, false);
  }

  #print(answer: Answer, asText: boolean): boolean {
    if (answer.failed && this.#options.errorStatus) {
      printError(answer.error);
      return false;
    }
    const { style, delimiters } = this.#options;
    printBytes(showAnswer(answer, style, asText, delimiters));
    return true;
  }

  async #pause(): Promise<void> {
    const { intervalSeconds = 0 } = this.#options;
    let leftMs = intervalSeconds * 1000;
    while (leftMs > 0) {
      await sleep(Math.min(leftMs, PAUSE_STEP_MS));
      await this.#patience.turn();
      leftMs -= PAUSE_STEP_MS;
    }
  }
}

/** How soon Ctrl-C is heeded in a pause. */
const PAUSE_STEP_MS = 100;

const NO_BOOK = new CommandBook([]);
