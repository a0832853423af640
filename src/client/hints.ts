/** The arguments that a command being typed still lacks, as a manual writes them. */
import type { ArgumentDoc, CommandDoc } from './command-docs.ts';

/** An argument that is still to come; `again`: it was there once and may come more often. */
interface Missing extends ArgumentDoc {
  readonly again?: boolean;
}

/** `key value [NX|XX] [EX seconds|PX milliseconds]` */
export function renderArguments(list: readonly Missing[]): string {
  return list.map(renderArgument).join(' ');
}

function renderArgument(argument: Missing): string {
  const { token, multiple, multipleToken, optional } = argument;
  const value = renderValue(argument);
  if (argument.again) return `[${multipleToken ? `${token} ${value}` : value} ...]`;
  const once = [token, value].filter((part) => part !== '').join(' ');
  const again = multipleToken ? once : value;
  const whole = multiple ? `${once} [${again} ...]` : once;
  return optional ? `[${whole}]` : whole;
}

/** Without the token; '' where the token is all there is. */
function renderValue({ type, name, members }: ArgumentDoc): string {
  switch (type) {
    case 'pure-token':
      return '';
    case 'oneof':
      return members.map(renderArgument).join('|');
    case 'block':
      return renderArguments(members);
    default:
      return name;
  }
}

/**
 * What is still to be typed behind `words`, the name of the command not among them.
 *
 * A word that is a token takes its option out of the hint; any other one is the next argument that
 * must be given.
 */
export function remainingArguments(
  { arguments: all }: CommandDoc,
  words: readonly string[],
): readonly Missing[] {
  return words.reduce<readonly Missing[]>(consume, all);
}

function consume(remaining: readonly Missing[], word: string): readonly Missing[] {
  for (let i = 0; i < remaining.length; i++) {
    const rest = take(remaining[i], word);
    // What stands before may still come behind: options have no order.
    if (rest !== undefined) return [...rest, ...remaining.toSpliced(i, 1)];
    if (!remaining[i].optional) break;
  }
  return remaining;
}

/** What an argument still wants after this word; undefined where the word is none of it. */
function take(argument: Missing, word: string): readonly Missing[] | undefined {
  const rest = takeOnce(argument, word);
  if (rest === undefined || !argument.multiple) return rest;
  const token = argument.multipleToken ? argument.token : '';
  return [...rest, { ...argument, token, optional: true, again: true }];
}

function takeOnce(argument: Missing, word: string): readonly Missing[] | undefined {
  const { type, token, members } = argument;
  if (token !== '') {
    if (token.toLowerCase() !== word.toLowerCase()) return undefined;
    if (type === 'pure-token') return [];
    return [{ ...argument, token: '', optional: false, multiple: false, again: false }];
  }
  if (type === 'oneof') return takeOneOf(members, word);
  if (type !== 'block') return [];
  const first = take(members[0], word);
  return first && [...first, ...members.slice(1)];
}

function takeOneOf(members: readonly ArgumentDoc[], word: string): readonly Missing[] | undefined {
  for (const member of members) {
    const rest = take(member, word);
    if (rest !== undefined) return rest;
  }
  return undefined;
}
