/** The commands that a server knows: found by what is typed, for hints, completion and help. */
import type { CommandDoc } from './command-docs.ts';
import { splitCommand, wordsOf } from './command-line.ts';
import { remainingArguments, renderArguments } from './hints.ts';

/** What the client itself understands. */
const OWN_WORDS = ['HELP', 'QUIT', 'EXIT', 'CLEAR', 'CONNECT', ':SET HINTS', ':SET NOHINTS'];

export class CommandBook {
  readonly #docs: readonly CommandDoc[];

  constructor(docs: readonly CommandDoc[]) {
    this.#docs = docs;
  }

  /** The command, or subcommand, with this name in any case. */
  named(name: string): CommandDoc | undefined {
    const wanted = name.toUpperCase();
    return this.#docs.find((doc) => doc.name === wanted);
  }

  /** Commands of a group such as `string`. */
  inGroup(group: string): readonly CommandDoc[] {
    return this.#docs.filter((doc) => doc.group === group.toLowerCase());
  }

  get groups(): string[] {
    return [...new Set(this.#docs.map((doc) => doc.group))].filter((group) => group !== '').sort();
  }

  /**
   * What to show behind the line: the arguments that are still to come, with a blank before them
   * where one is missing. '' where there is nothing to say.
   */
  hint(line: string): string {
    const words = wordsIn(line);
    const doc = this.#typed(words);
    if (doc === undefined) return '';
    const typed = words.slice(doc.name.split(' ').length);
    const hint = renderArguments(remainingArguments(doc, typed));
    return hint === '' || /\s$/.test(line) ? hint : ` ${hint}`;
  }

  /** Whole lines that begin with what is typed, in any case. */
  complete(line: string): string[] {
    const help = /^help\s+/i.exec(line)?.[0] ?? '';
    const typed = line.slice(help.length).toUpperCase();
    const names = this.#docs.map((doc) => doc.name);
    const topics = this.groups.map((group) => `@${group}`);
    const candidates = help === '' ? [...names, ...OWN_WORDS] : [...names, ...topics];
    return candidates
      .filter((candidate) => candidate.toUpperCase().startsWith(typed))
      .map((candidate) => help + candidate);
  }

  /** The longest name that the words begin with. */
  #typed(words: readonly string[]): CommandDoc | undefined {
    if (words.length === 0) return undefined;
    return this.named(words.slice(0, 2).join(' ')) ?? this.named(words[0]);
  }
}

/** None within an open quote: what stands there is not finished. */
function wordsIn(line: string): string[] {
  const args = splitCommand(new TextEncoder().encode(line)) ?? [];
  return wordsOf(args, args.length);
}
