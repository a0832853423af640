/** What a server tells about its commands: the replies of COMMAND DOCS and of COMMAND. */
import { fieldOf, itemsOf, textOf, type Value } from './value.ts';

/** One argument, as COMMAND DOCS describes it. redis.io/docs/latest/commands/command-docs */
export interface ArgumentDoc {
  readonly name: string;
  readonly type: string;
  /** The literal word before the value, or the word itself; '' without one. */
  readonly token: string;
  readonly optional: boolean;
  readonly multiple: boolean;
  /** The word is repeated with the value. */
  readonly multipleToken: boolean;
  readonly members: readonly ArgumentDoc[];
}

export interface CommandDoc {
  /** In capitals, a subcommand's behind its container's: `CONFIG GET`. */
  readonly name: string;
  readonly summary: string;
  readonly since: string;
  readonly group: string;
  readonly arguments: readonly ArgumentDoc[];
}

/** The commands, and their subcommands behind them, in alphabetical order. */
export function readCommandDocs(reply: Value): CommandDoc[] {
  return docsOf(reply, '').sort(byName);
}

function docsOf(map: Value | undefined, container: string): CommandDoc[] {
  const items = itemsOf(map);
  const docs: CommandDoc[] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    docs.push(...docOf(textOf(items[i]), items[i + 1], container));
  }
  return docs;
}

function docOf(fullName: string, doc: Value, container: string): CommandDoc[] {
  const word = fullName.slice(fullName.indexOf('|') + 1).toUpperCase();
  const name = container === '' ? word : `${container} ${word}`;
  const field = (key: string) => textOf(fieldOf(doc, key));
  return [
    {
      name,
      summary: field('summary'),
      since: field('since'),
      group: field('group'),
      arguments: argumentsOf(fieldOf(doc, 'arguments')),
    },
    ...docsOf(fieldOf(doc, 'subcommands'), name),
  ];
}

function argumentsOf(list: Value | undefined): ArgumentDoc[] {
  return itemsOf(list).map((argument) => {
    const flags = itemsOf(fieldOf(argument, 'flags')).map(textOf);
    const shown = textOf(fieldOf(argument, 'display_text'));
    return {
      name: shown === '' ? textOf(fieldOf(argument, 'name')) : shown,
      type: textOf(fieldOf(argument, 'type')),
      token: textOf(fieldOf(argument, 'token')),
      optional: flags.includes('optional'),
      multiple: flags.includes('multiple'),
      multipleToken: flags.includes('multiple_token'),
      members: argumentsOf(fieldOf(argument, 'arguments')),
    };
  });
}

/** Before Redis 7 there was no COMMAND DOCS: names, and how many arguments there are. */
export function readCommandList(reply: Value): CommandDoc[] {
  return itemsOf(reply)
    .map((row) => {
      const [name, arity] = itemsOf(row);
      const count = arity?.kind === 'integer' ? Number(arity.text) : 1;
      return {
        name: textOf(name).toUpperCase(),
        summary: 'Help not available',
        since: 'not known',
        group: '',
        arguments: unnamedArguments(count),
      };
    })
    .sort(byName);
}

/** `arity` as COMMAND has it: with the name, and negative for "at least". */
function unnamedArguments(arity: number): ArgumentDoc[] {
  const plain = { type: 'string', token: '', multiple: false, multipleToken: false, members: [] };
  const fixed = Array.from({ length: Math.abs(arity) - 1 }, () => ({
    ...plain,
    name: 'arg',
    optional: false,
  }));
  if (arity >= 0) return fixed;
  return [...fixed, { ...plain, name: 'arg', optional: true, multiple: true }];
}

function byName(a: CommandDoc, b: CommandDoc): number {
  return a.name < b.name ? -1 : 1;
}
