/** Effects as a list of words, one character a byte; replayed; and all data of a store as text. */
import { type EffectSink, Effects, REPLAY_NOW_MS } from '../../src/commands/effects.ts';
import { encodingOf } from '../../src/commands/object.ts';
import type { Arguments } from '../../src/protocol/arguments.ts';
import type { Store } from '../../src/store/face.ts';
import { textOf } from '../store/fixture.ts';
import { CommandDriver } from './driver.ts';

export interface Effect {
  readonly database: number;
  readonly words: readonly string[];
}

export class EffectLog implements EffectSink {
  readonly effects: Effect[] = [];

  append(database: number, words: Arguments): void {
    const { bytes, starts, ends } = words;
    const texts = Array.from({ length: words.count }, (_, i) => textOf(bytes, starts[i], ends[i]));
    this.effects.push({ database, words: texts });
  }

  /** What has been appended since the last time, each as one text: `2: SET a 1` in database 2. */
  take(): string[] {
    const texts = this.effects.map(
      ({ database, words }) => `${database === 0 ? '' : `${database}: `}${words.join(' ')}`,
    );
    this.effects.length = 0;
    return texts;
  }
}

/** A driver whose effects are taken down. */
export function drivenWithLog(): { driver: CommandDriver; log: EffectLog } {
  const driver = new CommandDriver();
  const log = new EffectLog();
  driver.call.effects = new Effects(driver.store, log);
  return { driver, log };
}

/** The effects in the words that one client would say: with SELECT where the database changes. */
export function requestsOf(effects: readonly Effect[]): string[][] {
  let current = 0;
  return effects.flatMap(({ database, words }) => {
    const select = database === current ? [] : [['SELECT', String(database)]];
    current = database;
    return [...select, [...words]];
  });
}

/** A store in which these effects have been replayed, and nothing else. */
export function replayed(effects: readonly Effect[]): CommandDriver {
  const driver = new CommandDriver();
  driver.call.nowMs = REPLAY_NOW_MS;
  for (const words of requestsOf(effects)) {
    const reply = driver.run(...words);
    if (reply.startsWith('-')) throw new Error(`${JSON.stringify(words)} -> ${reply}`);
  }
  return driver;
}

/** All that a store holds, what has expired included, sorted. */
export function contentsOf(store: Store): string[] {
  const lines: string[] = [];
  store.begin(REPLAY_NOW_MS, false, true);
  for (let database = 0; database < 16; database++) {
    let cursor = 0;
    do {
      cursor = store.scan(database, cursor, 100, () => lines.push(entryText(database, store)));
    } while (cursor !== 0);
  }
  store.end();
  return lines.sort();
}

function entryText(database: number, store: Store): string {
  const { key, value, expireAtMs } = store;
  const name = textOf(key.bytes, key.start, key.end);
  const text = textOf(value.bytes, value.start, value.end);
  const encoding = comparableEncoding(encodingOf(store), text);
  return JSON.stringify([database, name, text, expireAtMs, encoding]);
}

/**
 * INCRBYFLOAT is told of as SET, as in Redis; a SET makes of digits what Redis calls `int`, where
 * INCRBYFLOAT makes text of them.
 */
function comparableEncoding(encoding: string, text: string): string {
  const isInteger = /^(0|-?[1-9][0-9]{0,18})$/.test(text);
  return encoding === 'embstr' && isInteger ? 'int' : encoding;
}
