/** One command a call: what is printed is what redis-cli prints, byte for byte. */
import { describe, expect, test } from 'vitest';
import { run } from '../support/run.ts';
import { SYSKV, sharedServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('redis-cli', 'redis-tools');

/** Each answer is the same whenever it is asked for, once all commands were through. */
const COMMANDS: readonly (readonly string[])[] = [
  ['PING'],
  ['PING', 'hello there'],
  ['PING', 'a', 'b'],
  ['ECHO', ''],
  ['ECHO', 'tab\tquote"backslash\\'],
  ['ECHO', 'two\nlines'],
  ['ECHO', 'ünï €'],
  ['ECHO', '\x1b\x07\b\f\x7f'],
  ['ECHO', '(nil)'],
  ['SET', 'name', 'Alice'],
  ['SET', 'name', 'Alice', 'GET'],
  ['SET', 'name', 'Bob', 'NX'],
  ['SET', 'name', 'Alice', 'EX'],
  ['SET', 'empty', ''],
  ['SET', 'lines', 'a\r\nb\r\n'],
  ['SET', 'number', '41'],
  ['GET', 'name'],
  ['GET', 'missing'],
  ['GET', 'empty'],
  ['GET', 'lines'],
  ['GET'],
  ['get', 'name'],
  ['MSET', 'm1', 'one', 'm2', '2', 'm3', 'th ree'],
  ['MSET', 'm1'],
  ['MGET', 'm1', 'm2', 'missing', 'm3', 'empty'],
  ['MGET', 'm1'],
  ['MGET', ...Array.from({ length: 12 }, (_, i) => `m${i}`)],
  ['STRLEN', 'name'],
  ['STRLEN', 'missing'],
  ['GETRANGE', 'name', '1', '-1'],
  ['SETRANGE', 'range', '3', 'x'],
  ['GET', 'range'],
  ['INCR', 'name'],
  ['INCRBY', 'number', '0'],
  ['INCRBY', 'number', '9223372036854775807'],
  ['INCRBYFLOAT', 'float', '0'],
  ['EXISTS', 'name', 'missing', 'name'],
  ['TYPE', 'name'],
  ['TYPE', 'missing'],
  ['TTL', 'missing'],
  ['TTL', 'name'],
  ['PERSIST', 'name'],
  ['DEL', 'missing'],
  ['KEYS', 'm[123]'],
  ['KEYS', 'nothing*'],
  ['SCAN', '0', 'MATCH', 'nothing*', 'COUNT', '1000'],
  ['DBSIZE', 'x'],
  ['SETBIT', 'bits', '7', '1'],
  ['GETBIT', 'bits', '7'],
  ['BITCOUNT', 'bits'],
  ['BITFIELD', 'bits', 'GET', 'u8', '0', 'INCRBY', 'u2', '100', '0'],
  ['BITFIELD', 'bits', 'OVERFLOW', 'FAIL', 'SET', 'u8', '0', '1', 'GET', 'i5', '3'],
  ['BITPOS', 'bits', '1'],
  ['LCS', 'm1', 'name'],
  ['LCS', 'm1', 'name', 'IDX', 'WITHMATCHLEN'],
  ['OBJECT', 'ENCODING', 'name'],
  ['OBJECT', 'ENCODING', 'missing'],
  ['COMMAND', 'INFO', 'get', 'nosuch'],
  ['COMMAND', 'DOCS', 'get', 'set'],
  ['COMMAND', 'DOCS', 'nosuch'],
  ['COMMAND', 'COUNT'],
  ['COMMAND', 'GETKEYS', 'MSET', 'a', '1', 'b', '2'],
  ['COMMAND', 'NOSUCH'],
  ['CONFIG', 'GET', 'maxmemory'],
  ['CONFIG', 'GET', 'max*'],
  ['CONFIG', 'GET', 'nosuch'],
  ['CLIENT', 'GETNAME'],
  ['SELECT', '99'],
  ['SELECT', 'x'],
  ['HELLO', '4'],
  ['NOSUCH', 'a', 'b'],
  ['  GET', 'name'],
  ['DUMP', 'name'],
  ['DEBUG', 'NOSUCH'],
  ['INFO', 'nosuch'],
];

const STYLES: readonly (readonly string[])[] = [
  ['--raw'],
  ['--no-raw'],
  ['--csv'],
  ['--json'],
  ['--json', '-2'],
  ['-3', '--raw'],
  ['-3', '--no-raw'],
  ['-3', '--csv'],
];

const server = sharedServer();

function redisCli(flags: readonly string[], input = '') {
  return run('redis-cli', ['-p', String(server().port), ...flags], input);
}

function cli(flags: readonly string[], input = '') {
  return run(process.execPath, [SYSKV, 'cli', '-p', String(server().port), ...flags], input);
}

describe.each(STYLES.map((flags) => [flags.join(' '), flags] as const))('%s', (_, flags) => {
  test('lines on stdin: every answer is what redis-cli prints', async () => {
    await redisCli(flags, script());
    const theirs = await redisCli(flags, script());
    const ours = await cli(flags, script());
    expect(answers(ours.stdout)).toEqual(answers(theirs.stdout));
    expect(ours.status).toBe(0);
  });
});

/** A process each takes its time: every third command will do, in one of the styles. */
const SINGLE = COMMANDS.flatMap((command, i) =>
  i % 3 === 0 ? [[command.join(' '), command, STYLES[i % STYLES.length]] as const] : [],
);

test.each(SINGLE)('%j in a call of its own', async (_, command, flags) => {
  await redisCli([], script());
  const theirs = await redisCli([...flags, ...command]);
  expect(await cli([...flags, ...command])).toEqual(theirs);
});

const BETWEEN = '=====';

/** Each command as a line, its words in quotes, and a line between two of them. */
function script(): string {
  const quoted = (word: string) =>
    [...Buffer.from(word)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return COMMANDS.map(
    (command) => `${command.map((word) => `"${quoted(word)}"`).join(' ')}\nECHO ${BETWEEN}\n`,
  ).join('');
}

/** The answers with their commands, so that a difference tells where it is. */
function answers(stdout: string): [string, string][] {
  const parts = stdout.split(new RegExp(`"?${BETWEEN}"?\n`));
  return parts.map((part, i) => [COMMANDS[i]?.join(' ') ?? '', part]);
}
