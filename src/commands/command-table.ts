/**
 * The commands by name. The first word of a request is looked up as bytes, in any case of its
 * letters, without a string: the length and the first four letters, upper-cased by a mask, lead to
 * a slot of a small open-addressing table.
 */

import type { Arguments } from '../protocol/arguments.ts';
import type { Command } from './call.ts';

/** A tenth full with the commands of today: nearly every probe ends at its first slot. */
const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
const WORD_LETTERS = 4;
/** Clears the bit that tells lower-case from upper-case letters, in four bytes at once. */
const UPPER_CASE = 0xdfdfdfdf | 0;
const CASE_BIT = 0x20;
/** An odd constant near 2^32 / golden ratio spreads neighbouring words over the high bits. */
const SPREAD = 0x9e3779b1 | 0;

export class CommandTable {
  readonly commands: readonly Command[];
  /** Row number + 1; 0 where the slot is free. */
  readonly #slots = new Int32Array(SLOTS);
  /** By row number: the first letters (see `firstLetters`), and where the whole name stands. */
  readonly #words: Int32Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** All names behind one another, and beside each byte the bit that its letter's case may set. */
  readonly #names: Uint8Array;
  readonly #caseBits: Uint8Array;
  readonly #byName = new Map<string, Command>();
  /** The last one that was looked up, if its letters are all in one word: most come in rows. */
  #lastWord = 0;
  #lastLength = 0;
  #last: Command | undefined = undefined;

  /**
   * Each name begins with four letters, or is shorter and all letters: the mask is exact for these.
   */
  constructor(commands: readonly Command[]) {
    this.commands = commands;
    const text = commands.map((row) => row.name).join('');
    this.#names = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    this.#caseBits = Uint8Array.from(text, (letter) => (/[a-z]/.test(letter) ? CASE_BIT : 0));
    this.#words = new Int32Array(commands.length);
    this.#starts = new Int32Array(commands.length);
    this.#ends = new Int32Array(commands.length);
    let start = 0;
    for (const [number, row] of commands.entries()) {
      this.#starts[number] = start;
      start += row.name.length;
      this.#ends[number] = start;
      this.#place(number);
      this.#index(row);
    }
  }

  /** The row of the request's first word; a container's own row, whatever follows it. */
  lookup(args: Arguments): Command | undefined {
    const { bytes } = args;
    const start = args.starts[0];
    const length = args.ends[0] - start;
    const word = firstLetters(bytes, start, length);
    if (word === this.#lastWord && length === this.#lastLength) return this.#last;
    const command = this.#find(word, bytes, start, length);
    if (length <= WORD_LETTERS) {
      this.#lastWord = word;
      this.#lastLength = length;
      this.#last = command;
    }
    return command;
  }

  #find(word: number, bytes: Uint8Array, start: number, length: number): Command | undefined {
    let slot = slotOf(word, length);
    for (;;) {
      const number = this.#slots[slot] - 1;
      if (number < 0) return undefined;
      if (this.#words[number] === word && this.#matches(number, bytes, start, length)) {
        return this.commands[number];
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** By its whole name in lower case, `client|list` included. For cold paths. */
  named(name: string): Command | undefined {
    return this.#byName.get(name);
  }

  /** All rows, subcommands included, by their numbers. */
  get rows(): readonly Command[] {
    return [...this.#byName.values()];
  }

  /** Whether the length and the letters after the first ones are those of the row's name. */
  #matches(number: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = this.#starts[number];
    if (this.#ends[number] - from !== length) return false;
    for (let i = WORD_LETTERS; i < length; i++) {
      if ((bytes[start + i] | this.#caseBits[from + i]) !== this.#names[from + i]) return false;
    }
    return true;
  }

  #place(number: number): void {
    const start = this.#starts[number];
    const length = this.#ends[number] - start;
    const word = firstLetters(this.#names, start, length);
    let slot = slotOf(word, length);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    this.#slots[slot] = number + 1;
    this.#words[number] = word;
  }

  #index(row: Command): void {
    row.number = this.#byName.size;
    this.#byName.set(row.name, row);
    for (const subcommand of row.subcommands?.values() ?? []) {
      subcommand.number = this.#byName.size;
      this.#byName.set(subcommand.name, subcommand);
    }
  }
}

/** Up to four letters in upper case, as one number. */
function firstLetters(bytes: Uint8Array, start: number, length: number): number {
  if (length >= WORD_LETTERS) {
    const upper = (bytes[start] << 24) | (bytes[start + 1] << 16);
    return (upper | (bytes[start + 2] << 8) | bytes[start + 3]) & UPPER_CASE;
  }
  let word = 0;
  for (let i = 0; i < length; i++) word = (word << 8) | bytes[start + i];
  return word & UPPER_CASE;
}

function slotOf(word: number, length: number): number {
  return Math.imul(word + length, SPREAD) >>> (32 - SLOT_BITS);
}
