/**
 * The commands by name. The first word of a request is looked up as bytes, in any case of its letters,
 * without a string: the length and the first four letters, upper-cased by a mask, lead to a slot of a
 * small open-addressing table.
 */
import type { Arguments } from '../protocol/arguments.ts';
import type { Command } from './command.ts';

/** A tenth full with the commands of today: nearly every probe ends at its first slot. */
const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
/** Clears the bit that tells lower-case from upper-case letters, in four bytes at once. */
const UPPER_CASE = 0xdfdfdfdf | 0;
const CASE_BIT = 0x20;
/** An odd constant near 2^32 / golden ratio spreads neighbouring words over the high bits. */
const SPREAD = 0x9e3779b1 | 0;

export class CommandTable {
  readonly commands: readonly Command[];
  /** Row number + 1; 0 where the slot is free. */
  readonly #slots = new Int32Array(SLOTS);
  /** All names behind one another, and beside each byte the bit that its letter's case may set. */
  readonly #names: Uint8Array;
  readonly #caseBits: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #byName = new Map<string, Command>();

  constructor(commands: readonly Command[]) {
    this.commands = commands;
    const text = commands.map((row) => row.name).join('');
    this.#names = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    this.#caseBits = Uint8Array.from(text, (letter) => (/[a-z]/.test(letter) ? CASE_BIT : 0));
    this.#starts = new Int32Array(commands.length);
    this.#ends = new Int32Array(commands.length);
    let start = 0;
    for (const [number, row] of commands.entries()) {
      this.#starts[number] = start;
      start += row.name.length;
      this.#ends[number] = start;
      this.#slots[this.#freeSlot(number)] = number + 1;
      this.#index(row);
    }
  }

  /** The row of the request's first word; a container's own row, whatever follows it. */
  lookup(args: Arguments): Command | undefined {
    const start = args.starts[0];
    const length = args.ends[0] - start;
    let slot = slotOf(args.bytes, start, length);
    for (;;) {
      const number = this.#slots[slot] - 1;
      if (number < 0) return undefined;
      if (this.#matches(number, args.bytes, start, length)) return this.commands[number];
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** By its whole name in lower case, `client|list` included. For cold paths. */
  named(name: string): Command | undefined {
    return this.#byName.get(name);
  }

  #matches(number: number, bytes: Uint8Array, start: number, length: number): boolean {
    const from = this.#starts[number];
    if (this.#ends[number] - from !== length) return false;
    for (let i = 0; i < length; i++) {
      if ((bytes[start + i] | this.#caseBits[from + i]) !== this.#names[from + i]) return false;
    }
    return true;
  }

  #freeSlot(number: number): number {
    const start = this.#starts[number];
    let slot = slotOf(this.#names, start, this.#ends[number] - start);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  #index(row: Command): void {
    this.#byName.set(row.name, row);
    for (const subcommand of row.subcommands?.values() ?? []) {
      this.#byName.set(subcommand.name, subcommand);
    }
  }
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  let word = 0;
  const letters = Math.min(length, 4);
  for (let i = 0; i < letters; i++) word = (word << 8) | bytes[start + i];
  return Math.imul((word & UPPER_CASE) + length, SPREAD) >>> (32 - SLOT_BITS);
}
