/** Keys in, a line out; and what of it stands on the screen. */
import { describe, expect, test } from 'vitest';
import { History, holdsSecret, MAXIMUM_HISTORY_LINES } from '../../src/client/editor/history.ts';
import { type Key, LineEditor } from '../../src/client/editor/line-editor.ts';
import { Screen } from '../../src/client/editor/screen.ts';
import { cutToWidth, textWidth } from '../../src/client/editor/text-width.ts';

const COMMANDS = ['GET', 'GETDEL', 'GETEX'];

function editorWith(...lines: string[]): LineEditor {
  const complete = (line: string) =>
    COMMANDS.filter((command) => command.startsWith(line.toUpperCase()));
  return new LineEditor(new History(lines), complete);
}

/** Presses named keys (`<left>`, `<ctrl-a>`, `<meta-b>`) and types the rest. */
function press(editor: LineEditor, keys: string): string[] {
  return [...keys.matchAll(/<([a-z]+-)?([a-z]+)>|(X|.)/gsu)].map(([, modifier, name, char]) =>
    editor.press(char === undefined ? namedKey(modifier, name) : { sequence: char }),
  );
}

function namedKey(modifier: string | undefined, name: string): Key {
  return {
    sequence: '\x1b',
    name,
    ctrl: modifier === 'ctrl-',
    meta: modifier === 'meta-',
    shift: modifier === 'shift-',
  };
}

/** The line with a bar where the cursor is. */
function after(keys: string, ...history: string[]): string {
  const editor = editorWith(...history);
  press(editor, keys);
  return `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`;
}

describe('editing', () => {
  test.each([
    ['abc', 'abc|'],
    ['abc<left><left>x', 'ax|bc'],
    ['abc<home>x<end>y', 'xabcy|'],
    ['abc<ctrl-a><ctrl-f><ctrl-d>', 'a|c'],
    ['abc<backspace>', 'ab|'],
    ['<backspace><delete><left><right>', '|'],
    ['one two<ctrl-w>', 'one |'],
    ['one two <meta-b>x', 'one x|two '],
    ['one two<home><meta-f>', 'one| two'],
    ['one two<home><meta-d>', '| two'],
    ['one two<ctrl-u>', '|'],
    ['one two<meta-b><ctrl-k>', 'one |'],
    ['one two<ctrl-w><ctrl-y><ctrl-y>', 'one twotwo|'],
    ['abc<ctrl-t>', 'acb|'],
    ['abc<left><left><ctrl-t>', 'ba|c'],
    ['a<ctrl-x><meta-x><escape>b', 'ab|'],
    ['e\u0301\u{1f600}<left><backspace>', '|\u{1f600}'],
  ])('%j → %j', (keys, line) => {
    expect(after(keys)).toBe(line);
  });

  test('what keys ask of the terminal', () => {
    expect(press(editorWith(), '<return>')).toEqual(['enter']);
    expect(press(editorWith(), '<ctrl-d>')).toEqual(['end']);
    expect(press(editorWith(), 'a<ctrl-c><ctrl-l><ctrl-z>').slice(1)).toEqual([
      'interrupt',
      'clear',
      'suspend',
    ]);
  });
});

describe('history', () => {
  test.each([
    ['<up>', 'two|'],
    ['<up><up>', 'one|'],
    ['<up><up><up>', 'one|'],
    ['typed<up><down>', 'typed|'],
    ['<up>!<down><up>', 'two|'],
    ['<down>', '|'],
  ])('%j → %j', (keys, line) => {
    expect(after(keys, 'one', 'two')).toBe(line);
  });

  test('keeps no line twice in a row, no empty one, and not too many', () => {
    const history = new History();
    expect(['a', 'a', '', 'b', 'a'].map((line) => history.add(line))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
    for (let i = 0; i <= MAXIMUM_HISTORY_LINES; i++) history.add(`line ${i}`);
    expect(history.lines).toHaveLength(MAXIMUM_HISTORY_LINES);
    expect(history.lines[0]).toBe('line 1');
  });

  test.each([
    ['AUTH secret', true],
    ['  auth user secret', true],
    ['3 AUTH secret', true],
    ['HELLO 3 AUTH default secret', true],
    ['CONFIG SET requirepass secret', true],
    ['ACL SETUSER a >secret', true],
    ['GET auth', false],
    ['HELLO 3', false],
    ['CONFIG GET requirepass', false],
  ])('a password in %j: %s', (line, expected) => {
    expect(holdsSecret(line)).toBe(expected);
  });
});

describe('search', () => {
  const HISTORY = ['set a 1', 'get a', 'set b 2', 'ping'];

  test.each([
    ['<ctrl-r>set', '|set b 2'],
    ['<ctrl-r>set<ctrl-r>', '|set a 1'],
    ['<ctrl-r>set<ctrl-r><ctrl-r>', '|set a 1'],
    ['<ctrl-r>set a', '|set a 1'],
    ['<ctrl-r>set ax<backspace>', '|set a 1'],
    ['<ctrl-r>a<escape>!', 'get !|a'],
    ['typed<ctrl-r>get<ctrl-c>', 'typed|'],
    ['<ctrl-r>get<end>!', 'get a!|'],
  ])('%j → %j', (keys, line) => {
    expect(after(keys, ...HISTORY)).toBe(line);
  });

  test('Enter takes what was found', () => {
    const editor = editorWith(...HISTORY);
    expect(press(editor, '<ctrl-r>get<return>').at(-1)).toBe('enter');
    expect([editor.text, editor.searched]).toEqual(['get a', undefined]);
  });
});

describe('completion', () => {
  test.each([
    ['get<tab>', 'GET|'],
    ['get<tab><tab>', 'GETDEL|'],
    ['get<tab><tab><tab><tab>', 'get|'],
    ['get<tab><tab><tab><tab><tab>', 'GET|'],
    ['get<shift-tab>', 'get|'],
    ['getd<tab> k<tab>', 'GETDEL k|'],
    ['x<tab>', 'x|'],
  ])('%j → %j', (keys, line) => {
    expect(after(keys)).toBe(line);
  });
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['ä', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['\u{1f600}', 2],
    ['', 0],
  ])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test.each([
    ['hint', 2, 'hi'],
    ['日本', 3, '日'],
    ['hint', 9, 'hint'],
    ['hint', -1, ''],
  ])('%j in %i columns: %j', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });
});

describe('the screen, ten columns wide', () => {
  const line = (text: string, cursor = text.length, hint = '') => ({
    prompt: '> ',
    text,
    cursor,
    hint,
  });

  test('draws over what was there', () => {
    const screen = new Screen(() => 10);
    expect(screen.draw(line('get'))).toBe('\r\x1b[J> get\r\x1b[5C');
    expect(screen.draw(line('get', 0))).toBe('\r\x1b[J> get\r\x1b[2C');
  });

  test('a hint is faint, and cut where the row ends', () => {
    const screen = new Screen(() => 10);
    expect(screen.draw(line('get', 3, ' key value'))).toBe(
      '\r\x1b[J> get\x1b[2m key\x1b[22m\r\x1b[5C',
    );
  });

  test('goes back up to where a line of several rows began', () => {
    const screen = new Screen(() => 10);
    expect(screen.draw(line('x'.repeat(12)))).toBe(`\r\x1b[J> ${'x'.repeat(12)}\r\x1b[4C`);
    expect(screen.draw(line('y'))).toBe('\x1b[1A\r\x1b[J> y\r\x1b[3C');
  });

  test('a full row has the cursor in the next one', () => {
    const screen = new Screen(() => 10);
    expect(screen.draw(line('x'.repeat(8)))).toBe(`\r\x1b[J> ${'x'.repeat(8)}\r\n\r`);
  });

  test('leaves the line without its hint', () => {
    const screen = new Screen(() => 10);
    screen.draw(line('get', 1, ' key'));
    expect(screen.leave(line('get', 1, ' key'))).toBe('\r\x1b[J> get\r\x1b[5C\n');
  });
});
