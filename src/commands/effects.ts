/**
 * What requests do to the data, in words that do the same again: for a journal and for replicas,
 * and as Redis 7.0 words them in its AOF.
 *
 * - A command that has changed the store is its own effect, with all its words.
 * - Where the clock or chance has had a part in it, or only a part of it was done, the handler says
 *   what is to be told instead: `call.effects?.instead('PEXPIREAT', 1, String(expireAtMs))`.
 *   Without a sink there are no effects, and the words are not even made.
 * - A key that has expired or is evicted is told of as `DEL key`, before it goes.
 * - The effects of EXEC stand between MULTI and EXEC, if there is more than one.
 *
 * Each effect is appended while the lock of its key is held that the command has changed it under.
 * So a sink that several threads or processes share has the effects of each key in the order in
 * which they happened. Those of different keys may stand in any order, except in a transaction.
 *
 * Effects are replayed at REPLAY_NOW_MS, at which nothing has expired: whatever had, there is a DEL
 * for it as soon as that mattered.
 */
import type { Arguments } from '../protocol/arguments.ts';
import type { Slice, Store } from '../store/face.ts';
import { WordWriter } from './word-writer.ts';

/** The time of a replay, whenever it takes place. */
export const REPLAY_NOW_MS = 0;

/** Takes down effects, of this thread or of several. */
export interface EffectSink {
  /**
   * An effect on a database, as the words of a request. They hold until this returns, and it is
   * called under the lock of what has been changed: so it copies them, and waits for nobody.
   */
  append(database: number, words: Arguments): void;
}

/** What is known of the request that is being run. */
interface RunningCall {
  readonly args: Arguments;
  readonly client: { readonly database: number };
}

/** The effect of the command at hand, if it has changed anything: */
const ITSELF = 0;
/** what the handler has said instead; */
const INSTEAD = 1;
/** itself, whether or not entries have changed; */
const ITSELF_ALWAYS = 2;
/** none, since its parts have been told. */
const TOLD = 3;

/** Effects are appended at once; */
const AT_ONCE = 0;
/** or this is a transaction, which has had none yet, */
const NONE_YET = 1;
/** or one that is kept back, since it may stay the only one, */
const ONE = 2;
/** or several, behind a MULTI. */
const SEVERAL = 3;

/** One for a thread: all its calls share it, as they share the store. */
export class Effects {
  readonly #store: Pick<Store, 'watches'>;
  readonly #sink: EffectSink;
  #choice = ITSELF;
  #stage = AT_ONCE;
  #call: RunningCall | undefined;
  /** The argument whose bytes have been received into the store, and where they are; 0: none. */
  #received = 0;
  readonly #receivedValue: Slice = { bytes: NO_BYTES, start: 0, end: 0 };
  readonly #words = new WordWriter();
  readonly #removal = new WordWriter();
  /** The first effect of a transaction, and the database of the last one. */
  readonly #first = new WordWriter();
  #database = 0;

  constructor(store: Pick<Store, 'watches' | 'tellRemovals'>, sink: EffectSink) {
    this.#store = store;
    this.#sink = sink;
    store.tellRemovals((database, key, start, end) => this.#removed(database, key, start, end));
  }

  /** Runs a handler, and appends the effect that it has had. */
  run<Call extends RunningCall>(call: Call, handler: (call: Call) => void): void {
    const { watches } = this.#store;
    const before = watches.writes;
    this.#choice = ITSELF;
    this.#received = 0;
    this.#call = call;
    try {
      handler(call);
    } finally {
      if (watches.writes !== before || this.#choice === ITSELF_ALWAYS) this.#tell(call);
      this.#choice = TOLD;
    }
  }

  /**
   * If the command at hand changes anything, these words are to be told in its place. A number
   * stands for the argument of that index.
   */
  instead(...words: readonly (string | number)[]): void {
    this.#choice = INSTEAD;
    this.#words.clear();
    for (const word of words) {
      if (typeof word === 'string') this.#words.addText(word);
      else this.#addArgument(word);
    }
  }

  /** The command at hand has changed what is not counted: a whole database, or an encoding. */
  itself(): void {
    this.#choice = ITSELF_ALWAYS;
  }

  /** The value of this argument is in the store only (Arguments.ticket); the cursor is on it. */
  received(index: number, { bytes, start, end }: Slice): void {
    this.#received = index;
    this.#receivedValue.bytes = bytes;
    this.#receivedValue.start = start;
    this.#receivedValue.end = end;
  }

  /** What follows is told of as one, until `endTransaction`. */
  beginTransaction(): void {
    this.#stage = NONE_YET;
  }

  endTransaction(): void {
    const stage = this.#stage;
    this.#stage = AT_ONCE;
    this.#choice = TOLD;
    if (stage === ONE) this.#sink.append(this.#database, this.#first.args);
    else if (stage === SEVERAL) this.#appendWord('EXEC');
  }

  #tell(call: RunningCall): void {
    const { database } = call.client;
    if (this.#choice === TOLD) return;
    if (this.#choice === INSTEAD) {
      this.#append(database, this.#words.args);
    } else if (this.#received === 0) {
      this.#append(database, call.args);
    } else {
      this.#words.clear();
      for (let i = 0; i < call.args.count; i++) this.#addArgument(i);
      this.#append(database, this.#words.args);
    }
  }

  #addArgument(index: number): void {
    const { bytes, starts, ends } = this.#call!.args;
    const value = this.#receivedValue;
    const isReceived = this.#received === index && index > 0;
    if (isReceived) this.#words.add(value.bytes, value.start, value.end);
    else this.#words.add(bytes, starts[index], ends[index]);
  }

  #removed(database: number, key: Uint8Array, start: number, end: number): void {
    const words = this.#removal;
    words.clear();
    words.addText('DEL');
    words.add(key, start, end);
    this.#append(database, words.args);
  }

  #append(database: number, words: Arguments): void {
    if (this.#stage === NONE_YET) {
      this.#first.clear();
      this.#first.addAll(words);
      this.#stage = ONE;
    } else {
      if (this.#stage === ONE) this.#openTransaction();
      this.#sink.append(database, words);
    }
    this.#database = database;
  }

  #openTransaction(): void {
    this.#stage = SEVERAL;
    this.#appendWord('MULTI');
    this.#sink.append(this.#database, this.#first.args);
  }

  #appendWord(word: string): void {
    const words = new WordWriter();
    words.clear();
    words.addText(word);
    this.#sink.append(this.#database, words.args);
  }
}

const NO_BYTES = new Uint8Array(0);
