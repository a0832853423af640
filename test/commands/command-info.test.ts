import { describe, expect, it } from 'vitest';
import { TABLE } from '../../src/commands/table.ts';
import { CommandDriver } from './driver.ts';

describe('COMMAND', () => {
  it('COUNT and LIST come from the table', () => {
    const { run } = new CommandDriver();
    const count = TABLE.commands.length;
    expect(run('COMMAND', 'COUNT')).toBe(`:${count}\r\n`);
    expect(run('COMMAND', 'LIST').startsWith(`*${TABLE.rows.length}\r\n`)).toBe(true);
    expect(run('COMMAND').startsWith(`*${count}\r\n*10\r\n`)).toBe(true);
  });

  it('LIST may be filtered; then subcommands are listed too', () => {
    const { run } = new CommandDriver();
    expect(run('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'CLIENT|G*')).toBe(
      '*2\r\n$14\r\nclient|getname\r\n$15\r\nclient|getredir\r\n',
    );
    expect(run('COMMAND', 'LIST', 'filterby', 'aclcat', 'bitmap')).toMatch(/^\*7\r\n/);
    expect(run('COMMAND', 'LIST', 'FILTERBY', 'MODULE', 'x')).toBe('*0\r\n');
    expect(run('COMMAND', 'LIST', 'FILTERBY', 'x', 'y')).toBe('-ERR syntax error\r\n');
    expect(run('COMMAND', 'LIST', 'FILTERBY', 'PATTERN')).toBe('-ERR syntax error\r\n');
  });

  it('INFO describes a command as Redis does', () => {
    const { run } = new CommandDriver();
    const keySpec =
      '*1\r\n*6\r\n$5\r\nflags\r\n*2\r\n+RO\r\n+access\r\n' +
      '$12\r\nbegin_search\r\n*4\r\n$4\r\ntype\r\n$5\r\nindex\r\n$4\r\nspec\r\n*2\r\n$5\r\nindex\r\n:1\r\n' +
      '$9\r\nfind_keys\r\n*4\r\n$4\r\ntype\r\n$5\r\nrange\r\n$4\r\nspec\r\n' +
      '*6\r\n$7\r\nlastkey\r\n:0\r\n$7\r\nkeystep\r\n:1\r\n$5\r\nlimit\r\n:0\r\n';
    expect(run('COMMAND', 'INFO', 'GET', 'nope')).toBe(
      '*2\r\n*10\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n' +
        `*3\r\n+@read\r\n+@string\r\n+@fast\r\n*0\r\n${keySpec}*0\r\n$-1\r\n`,
    );
  });

  it('INFO uses sets and maps in RESP3', () => {
    const { run } = new CommandDriver();
    run('HELLO', '3');
    const reply = run('COMMAND', 'INFO', 'get');
    expect(reply).toContain('~2\r\n+readonly\r\n+fast\r\n');
    expect(reply).toContain('%3\r\n$5\r\nflags\r\n~2\r\n');
  });

  it('DOCS is a map from names to manuals', () => {
    const { run } = new CommandDriver();
    run('HELLO', '3');
    expect(run('COMMAND', 'DOCS', 'ping', 'nope')).toBe(
      '%1\r\n$4\r\nping\r\n%5\r\n$7\r\nsummary\r\n$28\r\nReturn PONG, or the message.\r\n' +
        '$5\r\nsince\r\n$5\r\n1.0.0\r\n$5\r\ngroup\r\n$10\r\nconnection\r\n' +
        '$10\r\ncomplexity\r\n$4\r\nO(1)\r\n$9\r\narguments\r\n' +
        '*1\r\n%3\r\n$4\r\nname\r\n$7\r\nmessage\r\n$4\r\ntype\r\n$6\r\nstring\r\n' +
        '$5\r\nflags\r\n~1\r\n+optional\r\n',
    );
  });

  it('DOCS of everything has every command', () => {
    const { run } = new CommandDriver();
    expect(run('COMMAND', 'DOCS').startsWith(`*${TABLE.commands.length * 2}\r\n`)).toBe(true);
  });
});

describe('COMMAND GETKEYS', () => {
  it.each([
    [['GET', 'a'], ['a']],
    [
      ['MSET', 'a', '1', 'b', '2'],
      ['a', 'b'],
    ],
    [
      ['BITOP', 'AND', 'd', 'a', 'b'],
      ['d', 'a', 'b'],
    ],
    [['OBJECT', 'ENCODING', 'a'], ['a']],
    [
      ['RENAME', 'a', 'b'],
      ['a', 'b'],
    ],
  ])('of %j is %j', (words, keys) => {
    const { run } = new CommandDriver();
    const bulks = keys.map((key) => `$1\r\n${key}\r\n`);
    expect(run('COMMAND', 'GETKEYS', ...words)).toBe(`*${keys.length}\r\n${bulks.join('')}`);
  });

  it.each([
    [['foo', 'a'], '-ERR Invalid command specified\r\n'],
    [['PING', 'a'], '-ERR The command has no key arguments\r\n'],
    [['CLIENT', 'LIST'], '-ERR The command has no key arguments\r\n'],
    [['GET', 'a', 'b'], '-ERR Invalid number of arguments specified for command\r\n'],
  ])('of %j is refused', (words, reply) => {
    const { run } = new CommandDriver();
    expect(run('COMMAND', 'GETKEYS', ...words)).toBe(reply);
  });

  it('ANDFLAGS tells what is done to each key', () => {
    const { run } = new CommandDriver();
    expect(run('COMMAND', 'GETKEYSANDFLAGS', 'COPY', 'a', 'b')).toBe(
      '*2\r\n*2\r\n$1\r\na\r\n*2\r\n+RO\r\n+access\r\n*2\r\n$1\r\nb\r\n*2\r\n+OW\r\n+update\r\n',
    );
    expect(run('COMMAND', 'GETKEYSANDFLAGS', 'SET', 'a', 'b')).toContain('+OW\r\n');
    expect(run('COMMAND', 'GETKEYSANDFLAGS', 'SET', 'a', 'b', 'GET')).toContain('+RW\r\n');
    expect(run('COMMAND', 'GETKEYSANDFLAGS', 'BITFIELD', 'set', 'GET', 'u8', '0')).toContain('+RO');
  });
});
