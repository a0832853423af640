/** Log lines in, a view and a story out: what every way of watching has in common. */

import { mayBlock } from '../../observe/calls.ts';
import { endOf } from '../../observe/connection.ts';
import type { Call, Event } from '../../observe/event.ts';
import { SecretMask } from '../../observe/secrets/mask.ts';
import { Story, type StoryOptions, type Told } from '../../observe/story.ts';
import { StraceReader } from '../../observe/strace/reader.ts';
import type { View } from './view.ts';

export interface WatchOptions {
  readonly view: View;
  /** Show the log's own lines. */
  readonly raw: boolean;
  /** Show the runtime's calls as well. */
  readonly all: boolean;
  /** Keep the events, for a report. */
  readonly keep: boolean;
  /** Two logs come in: events wait a moment, so that those of the other log find their place. */
  readonly merge: boolean;
  readonly story: StoryOptions;
}

export class Watch {
  readonly story: Story;
  /** What is kept for a report: the server's part of the log. */
  readonly told: Told[] = [];
  /** Events beyond the limit, which a report does not show. */
  dropped = 0;
  readonly #options: WatchOptions;
  readonly #reader = new StraceReader();
  readonly #mask = new SecretMask();
  #held: Event[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.story = new Story(options.story);
  }

  /** A line of the log. */
  line(text: string): void {
    const { raw, view } = this.#options;
    const event = this.#reader.push(text);
    if (raw) view.print(text);
    if (event === null) return;
    if (this.#options.merge) this.#held.push(event);
    else this.tell(event);
  }

  /** Tells the events that have waited for long enough, in the order of their completion. */
  release(nowUs: number): void {
    const due = this.#held.filter((event) => doneAt(event) < nowUs - HELD_US);
    if (due.length === 0) return;
    this.#held = this.#held.filter((event) => doneAt(event) >= nowUs - HELD_US);
    for (const event of due.sort((a, b) => doneAt(a) - doneAt(b))) this.tell(event);
  }

  /** What happened, in the order of completion. */
  tell(event: Event): void {
    const { raw, all, view, keep } = this.#options;
    const told = this.#mask.apply(this.story.tell(event));
    if (!told.relevant && !all) return;
    if (keep && this.told.length < MOST_KEPT) this.told.push(told);
    else this.dropped++;
    if (!raw && (!told.idle || all)) view.show(told);
  }

  /** A client that the kernel has connected, and nobody has accepted. */
  waiting(address: string, atUs: number): void {
    const connection = this.story.tellWaiting(address, atUs);
    if (connection !== null) this.#options.view.showWaiting(connection);
  }

  /** The last line of the log so far, which may be the beginning of a call. */
  status(partial: string, nowUs: number): void {
    const calls = [...this.#reader.begun(), this.#reader.peek(partial)];
    const waiting = calls.flatMap((call) => this.#waitingIn(call, nowUs));
    this.#options.view.showStatus(waiting, nowUs);
  }

  /** The log has ended. */
  end(): void {
    this.release(Infinity);
    for (const call of this.#reader.end()) this.tell(call);
    this.#options.view.showStatus([], 0);
  }

  #waitingIn(call: Call | null, nowUs: number) {
    if (call === null || !mayBlock(call.name) || nowUs - call.startUs < SHOWN_AFTER_US) return [];
    const thread = this.story.threads.get(call.tid);
    const serves = thread !== undefined && this.story.serves(thread);
    if (!serves || call.name === 'epoll_pwait' || call.text.includes('PRIVATE')) return [];
    return [{ thread: thread.name, call: call.name, sinceUs: call.startUs }];
  }
}

function doneAt(event: Event): number {
  return event.kind === 'call' ? endOf(event) : event.startUs;
}

/** More than either log is late by. */
const HELD_US = 250_000;
/** A report of more events takes a browser seconds to open. */
const MOST_KEPT = 200_000;
/** Shorter waits come and go before they can be read. */
const SHOWN_AFTER_US = 200_000;

/** Cuts a stream into lines; what follows the last line break is `rest`. */
export class Lines {
  rest = '';

  push(chunk: string, take: (line: string) => void): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  }
}
