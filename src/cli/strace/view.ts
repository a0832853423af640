/**
 * The live view: a line an event, a colour a connection. It prints nothing that moves where stdout
 * is no terminal, and no colour where NO_COLOR is set.
 */

import { type Connection, endOf, type Thread } from '../../observe/connection.ts';
import { describeDuration, explain, explainBlocking } from '../../observe/explain.ts';
import type { Told } from '../../observe/story.ts';

export interface ViewOptions {
  readonly write: (text: string) => void;
  readonly colours: boolean;
  /** A last line that changes: what the threads are waiting in. */
  readonly status: boolean;
}

/** Of the 256 colours: distinct, and readable on black and on white. */
const COLOURS = [33, 208, 35, 170, 37, 167, 99, 136] as const;
const DIM = '\x1b[2m';
const BOLD = '\x1b[1m';
const RESET = '\x1b[0m';
const CLEAR_LINE = '\r\x1b[K';

export class View {
  readonly #options: ViewOptions;
  #originUs = Number.NaN;
  #threadWidth = 'client 1'.length;
  #statusShown = false;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** Times count from the first event that is shown. */
  get originUs(): number {
    return this.#originUs;
  }

  show(told: Told): void {
    const { event, thread, connection } = told;
    const endUs = event.kind === 'call' ? endOf(event) : event.startUs;
    if (Number.isNaN(this.#originUs)) this.#originUs = event.startUs;
    const blocked = explainBlocking(told);
    if (blocked !== '') this.#line(endUs, thread, null, `${this.#dim('┄┄')} ${this.#dim(blocked)}`);
    const verb = event.kind === 'call' ? event.name : event.what;
    const text = `${verb.padEnd(VERB_COLUMNS)} ${explain(told)}`;
    this.#line(endUs, thread, connection, this.#coloured(connection, text));
  }

  /** A client whom nobody has accepted. */
  showWaiting(connection: Connection): void {
    const { connectedUs, address } = connection;
    if (Number.isNaN(this.#originUs)) this.#originUs = connectedUs!;
    const text = `${'waits'.padEnd(VERB_COLUMNS)} ${address} is connected: the kernel keeps it in the backlog`;
    this.#line(connectedUs!, null, connection, this.#coloured(connection, text));
  }

  /** A line as it is. */
  print(text: string): void {
    this.#clearStatus();
    this.#options.write(`${text}\n`);
  }

  heading(text: string): void {
    this.print(this.#options.colours ? `${BOLD}${text}${RESET}` : text);
  }

  /** What is waited for, by thread: the last line of a terminal, replaced by the next. */
  showStatus(
    waiting: readonly { thread: string; call: string; sinceUs: number }[],
    nowUs: number,
  ): void {
    if (!this.#options.status) return;
    const parts = waiting
      .slice(0, MOST_STATUS)
      .map(
        ({ thread, call, sinceUs }) =>
          `${thread} is in ${call} ${describeDuration(nowUs - sinceUs)}`,
      );
    if (parts.length === 0) {
      this.#clearStatus();
      return;
    }
    const width = process.stdout.columns || 80;
    this.#options.write(`${CLEAR_LINE}${this.#dim(`┄┄ ${parts.join(' · ')}`.slice(0, width - 1))}`);
    this.#statusShown = true;
  }

  #clearStatus(): void {
    if (!this.#statusShown) return;
    this.#options.write(CLEAR_LINE);
    this.#statusShown = false;
  }

  #line(timeUs: number, thread: Thread | null, connection: Connection | null, text: string): void {
    const name = thread?.name ?? '';
    this.#threadWidth = Math.max(this.#threadWidth, name.length);
    const seconds = ((timeUs - this.#originUs) / 1e6).toFixed(3).padStart(TIME_COLUMNS);
    const whose = thread?.side === 'client' ? '' : (connection?.name ?? '');
    const client = this.#coloured(connection, whose.padEnd(CLIENT_COLUMNS));
    this.print(`${this.#dim(seconds)}  ${name.padEnd(this.#threadWidth)}  ${client}  ${text}`);
  }

  #dim(text: string): string {
    return this.#options.colours ? `${DIM}${text}${RESET}` : text;
  }

  #coloured(connection: Connection | null, text: string): string {
    if (!this.#options.colours || connection === null) return text;
    const colour = COLOURS[(connection.number - 1) % COLOURS.length];
    return `\x1b[38;5;${colour}m${text}${RESET}`;
  }
}

const TIME_COLUMNS = 9;
const VERB_COLUMNS = 12;
const CLIENT_COLUMNS = 'client 1'.length;
const MOST_STATUS = 3;
