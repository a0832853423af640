/**
 * A command's arguments from the notation in which manuals write them, as COMMAND DOCS tells them:
 *
 *   `key value [NX | XX] [EX seconds | PX milliseconds] [MATCH pattern] key ... <ON | OFF>`
 *
 * Capitals are literal words; `[…]` may be left out; `|` parts alternatives; `<…>` and `(…)` group;
 * `...` repeats what stands before it. A name's type is known from the list below, or written after
 * a colon: `increment:double`. In braces behind an argument or a group stand the name of the group,
 * the version that has brought it, and after a second `@` the one since which it is deprecated:
 * `[NX | XX]{condition@2.6.12}`. Only COMMAND DOCS tells these.
 */

export interface Argument {
  readonly name: string;
  /**
   * As in COMMAND DOCS: key, string, integer, double, pattern, unix-time, pure-token, oneof, block.
   */
  readonly type: string;
  /** The literal word before it; '' without one. */
  readonly token: string;
  /** Versions of Redis; '' where it has always been there, or is not deprecated. */
  readonly since: string;
  readonly deprecatedSince: string;
  readonly optional: boolean;
  readonly multiple: boolean;
  /** The word is repeated with the value. */
  readonly multipleToken: boolean;
  readonly members: readonly Argument[];
}

const TYPE_OF_NAME = new Map(
  Object.entries({
    key: 'key key1 key2 newkey destkey source destination',
    pattern: 'pattern',
    integer:
      'seconds milliseconds increment decrement offset start end count index index1 index2 db bit ' +
      'cursor protover client-id destination-db ttl frequency len timeout version',
    'unix-time': 'unix-time-seconds unix-time-milliseconds',
  }).flatMap(([type, names]) => names.split(' ').map((name): [string, string] => [name, type])),
);

const CLOSERS = new Map([
  ['[', ']'],
  ['<', '>'],
  ['(', ')'],
]);

/** The arguments that `notation` tells. */
export function parseSyntax(notation: string): Argument[] {
  const words = notation.match(/\.\.\.|[[\]<>()|]|\{[^}]*\}|[^\s[\]<>()|{}]+/g) ?? [];
  return sequence({ words, at: 0 });
}

/** The notation as manuals have it, without types and what stands in braces. */
export function plainSyntax(notation: string): string {
  const ungrouped = notation.replace(/\(([^()]*)\)\{[^}]*\}/g, '$1');
  return ungrouped.replace(/\{[^}]*\}|:(?:double|integer|string)\b/g, '');
}

interface Cursor {
  readonly words: readonly string[];
  at: number;
}

/** Items until a closing bracket or a bar. */
function sequence(cursor: Cursor): Argument[] {
  const items: Argument[] = [];
  for (;;) {
    const word = cursor.words[cursor.at];
    if (word === undefined || word === '|' || /^[\])>]$/.test(word)) return items;
    const isGroup = word === '(';
    items.push(repeated(annotated(item(cursor), cursor, isGroup), cursor));
  }
}

function item(cursor: Cursor): Argument {
  const word = cursor.words[cursor.at++];
  const closer = CLOSERS.get(word);
  if (closer === undefined) return simple(word);
  const alternatives = [grouped(sequence(cursor))];
  while (cursor.words[cursor.at] === '|') {
    cursor.at++;
    alternatives.push(grouped(sequence(cursor)));
  }
  if (cursor.words[cursor.at++] !== closer) throw new SyntaxError(cursor.words.join(' '));
  const group = alternatives.length === 1 ? alternatives[0] : compound('oneof', alternatives);
  return { ...group, optional: word === '[' };
}

/** With the name and the versions that stand in braces behind it. */
function annotated(argument: Argument, cursor: Cursor, isGroup: boolean): Argument {
  const word = cursor.words[cursor.at] ?? '';
  if (!word.startsWith('{')) return argument;
  cursor.at++;
  const [name, since = '', deprecatedSince = ''] = word.slice(1, -1).split('@');
  // A single argument in parentheses is a group for the sake of its name.
  const single = isGroup && name !== '' && argument.members.length === 0;
  const named = single ? compound('block', [argument]) : argument;
  return { ...named, name: name || named.name, since, deprecatedSince };
}

function repeated(argument: Argument, cursor: Cursor): Argument {
  if (cursor.words[cursor.at] !== '...') return argument;
  cursor.at++;
  return { ...argument, multiple: true, multipleToken: argument.token !== '' };
}

function simple(word: string): Argument {
  const [, name, type] = /^(.*?)(?::(double|integer|string))?$/.exec(word) ?? [];
  const isToken = /^[A-Z][A-Z0-9-]*$/.test(word);
  return {
    name: name.toLowerCase(),
    type: isToken ? 'pure-token' : (type ?? TYPE_OF_NAME.get(name) ?? 'string'),
    token: isToken ? word : '',
    since: '',
    deprecatedSince: '',
    optional: false,
    multiple: false,
    multipleToken: false,
    members: [],
  };
}

/**
 * A sequence within brackets as one argument; a literal word in front becomes the others' token.
 */
function grouped(items: readonly Argument[]): Argument {
  const [first, ...others] = items;
  if (others.length === 0) return first;
  if (first.type === 'pure-token') return { ...grouped(others), token: first.token };
  return compound('block', items);
}

function compound(type: 'oneof' | 'block', members: readonly Argument[]): Argument {
  const name = members.map((member) => member.name).join('_');
  return { ...simple(name), type, token: '', members };
}
