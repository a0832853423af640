import { expect, it } from 'vitest';
import { parseSyntax } from '../../src/commands/syntax.ts';
import { TABLE } from '../../src/commands/table.ts';

/** An argument in one line: name:type, its token, its flags, its members. */
function outline(argument: ReturnType<typeof parseSyntax>[number]): string {
  const { name, type, token, optional, multiple, multipleToken, members } = argument;
  const flags = `${optional ? '?' : ''}${multiple ? '+' : ''}${multipleToken ? '+' : ''}`;
  const inside = members.length > 0 ? `(${members.map(outline).join(' ')})` : '';
  return `${token === '' ? '' : `${token}=`}${name}:${type}${flags}${inside}`;
}

it.each([
  ['key value', 'key:key value:string'],
  ['key ...', 'key:key+'],
  ['[GET]', 'GET=get:pure-token?'],
  ['[MATCH pattern]', 'MATCH=pattern:pattern?'],
  ['increment:double', 'increment:double'],
  ['[NX | XX]', 'nx_xx:oneof?(NX=nx:pure-token XX=xx:pure-token)'],
  ['<ON | OFF>', 'on_off:oneof(ON=on:pure-token OFF=off:pure-token)'],
  ['(key value) ...', 'key_value:block+(key:key value:string)'],
  ['[AUTH user word]', 'AUTH=user_word:block?(user:string word:string)'],
  ['[ID client-id ...]', 'ID=client-id:integer?+'],
  ['[GET type offset] ...', 'GET=type_offset:block?++(type:string offset:integer)'],
])('%s', (notation, expected) => {
  expect(parseSyntax(notation).map(outline).join(' ')).toBe(expected);
});

it('reads the notation of every row', () => {
  for (const row of TABLE.commands) expect(() => parseSyntax(row.syntax)).not.toThrow();
});
