/** `help`: what it says about commands, from what the server told. */
import type { CommandBook } from './command-book.ts';
import type { CommandDoc } from './command-docs.ts';
import { renderArguments } from './hints.ts';

/** How words are set off; each returns its text with or without the terminal's codes for it. */
export interface Emphasis {
  strong(text: string): string;
  faint(text: string): string;
}

export const NO_EMPHASIS: Emphasis = { strong: (text) => text, faint: (text) => text };

const GENERAL = `To get help about commands type:
      "help @<group>" to get a list of commands in <group>
      "help <command>" for help on <command>
      "help <tab>" to get a list of possible help topics
      "quit" to exit

To set preferences:
      ":set hints" enable online hints
      ":set nohints" disable online hints
`;

/** The text for `help`, `help @group` and `help command [subcommand]`. */
export function helpText(book: CommandBook, topic: string, emphasis: Emphasis): string {
  if (topic === '') return GENERAL;
  if (topic.startsWith('@')) {
    const docs = book.inGroup(topic.slice(1));
    if (docs.length > 0) return `${docs.map((doc) => entry(doc, emphasis, false)).join('')}\n`;
    return `no group '${topic}'; there are: ${book.groups.map((group) => `@${group}`).join(' ')}\n`;
  }
  const doc = book.named(topic);
  return doc === undefined ? unknown(topic, book) : `${entry(doc, emphasis, true)}\n`;
}

function unknown(topic: string, book: CommandBook): string {
  const similar = book.complete(topic.slice(0, 2)).slice(0, 8);
  const hint = similar.length > 0 ? `; there are: ${similar.join(', ')}` : '';
  return `no help for '${topic}'${hint}\n`;
}

function entry(doc: CommandDoc, { strong, faint }: Emphasis, withGroup: boolean): string {
  const syntax = renderArguments(doc.arguments);
  const lines = [
    `${strong(doc.name)}${syntax === '' ? '' : ` ${faint(syntax)}`}`,
    `summary: ${doc.summary}`,
    `since: ${doc.since}`,
    ...(withGroup && doc.group !== '' ? [`group: ${doc.group}`] : []),
  ];
  return `\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
