/** What is shown behind a line that is being typed, from the docs that COMMAND DOCS gives. */
import { describe, expect, test } from 'vitest';
import { CommandBook } from '../../src/client/command-book.ts';
import type { ArgumentDoc, CommandDoc } from '../../src/client/command-docs.ts';
import { readCommandDocs, readCommandList } from '../../src/client/command-docs.ts';
import { helpText, NO_EMPHASIS } from '../../src/client/help.ts';
import { Intake } from '../../src/client/intake.ts';
import { RespReader } from '../../src/client/resp-reader.ts';
import type { Value } from '../../src/client/value.ts';

const PLAIN: ArgumentDoc = {
  name: '',
  type: 'string',
  token: '',
  optional: false,
  multiple: false,
  multipleToken: false,
  members: [],
};

function argument(name: string, more: Partial<ArgumentDoc> = {}): ArgumentDoc {
  return { ...PLAIN, name, ...more };
}

function flag(token: string, more: Partial<ArgumentDoc> = {}): ArgumentDoc {
  return argument(token.toLowerCase(), { type: 'pure-token', token, ...more });
}

function oneOf(...members: ArgumentDoc[]): ArgumentDoc {
  return argument('choice', { type: 'oneof', optional: true, members });
}

function command(name: string, group: string, ...list: ArgumentDoc[]): CommandDoc {
  return { name, summary: `What ${name} does.`, since: '1.0.0', group, arguments: list };
}

const BOOK = new CommandBook([
  command('CONFIG', 'server'),
  command('CONFIG GET', 'server', argument('parameter', { multiple: true })),
  command('EXEC', 'transactions'),
  command('GET', 'string', argument('key')),
  command(
    'MSET',
    'string',
    argument('data', {
      type: 'block',
      multiple: true,
      members: [argument('key'), argument('value')],
    }),
  ),
  command('PING', 'connection', argument('message', { optional: true })),
  command(
    'SET',
    'string',
    argument('key'),
    argument('value'),
    oneOf(flag('NX'), flag('XX')),
    flag('GET', { optional: true }),
    oneOf(argument('seconds', { token: 'EX' }), flag('KEEPTTL')),
  ),
  command(
    'BITFIELD',
    'bitmap',
    argument('key'),
    argument('get', {
      type: 'block',
      token: 'GET',
      optional: true,
      multiple: true,
      multipleToken: true,
      members: [argument('encoding'), argument('offset')],
    }),
  ),
]);

describe('hints', () => {
  test.each([
    ['', ''],
    ['get', ' key'],
    ['GET ', 'key'],
    ['get k', ''],
    ['get k extra', ''],
    ['exec', ''],
    ['nosuch', ''],
    ['ping', ' [message]'],
    ['set', ' key value [NX|XX] [GET] [EX seconds|KEEPTTL]'],
    ['set k', ' value [NX|XX] [GET] [EX seconds|KEEPTTL]'],
    ['set k v', ' [NX|XX] [GET] [EX seconds|KEEPTTL]'],
    ['set "a b" v ', '[NX|XX] [GET] [EX seconds|KEEPTTL]'],
    ['set "a b', ''],
    ['set k v ex', ' seconds [NX|XX] [GET]'],
    ['set k v ex 10', ' [NX|XX] [GET]'],
    ['set k v get nx', ' [EX seconds|KEEPTTL]'],
    ['set k v keepttl ', '[NX|XX] [GET]'],
    ['set k v nosuch', ' [NX|XX] [GET] [EX seconds|KEEPTTL]'],
    ['mset', ' key value [key value ...]'],
    ['mset a', ' value [key value ...]'],
    ['mset a 1', ' [key value ...]'],
    ['mset a 1 b', ' value [key value ...]'],
    ['config', ''],
    ['config get', ' parameter [parameter ...]'],
    ['config get a b', ' [parameter ...]'],
    ['bitfield k', ' [GET encoding offset [GET encoding offset ...]]'],
    ['bitfield k get', ' encoding offset [GET encoding offset ...]'],
    ['bitfield k get u8 0', ' [GET encoding offset ...]'],
    ['bitfield k get u8 0 get', ' encoding offset [GET encoding offset ...]'],
  ])('%j → %j', (line, hint) => {
    expect(BOOK.hint(line)).toBe(hint);
  });
});

describe('completion', () => {
  test.each([
    ['co', ['CONFIG', 'CONFIG GET', 'CONNECT']],
    ['config g', ['CONFIG GET']],
    ['help @s', ['help @server', 'help @string']],
    ['HELP mse', ['HELP MSET']],
    [':', [':SET HINTS', ':SET NOHINTS']],
    ['nosuch', []],
  ])('%j', (line, candidates) => {
    expect(BOOK.complete(line)).toEqual(candidates);
  });
});

describe('help', () => {
  const help = (topic: string) => helpText(BOOK, topic, NO_EMPHASIS);

  test('on a command', () => {
    expect(help('get')).toBe(
      '\n  GET key\n  summary: What GET does.\n  since: 1.0.0\n  group: string\n\n',
    );
  });

  test('on a group', () => {
    expect(help('@server')).toMatch(/^\n {2}CONFIG\n[\s\S]+\n {2}CONFIG GET parameter/);
  });

  test('on nothing that there is', () => {
    expect(help('config nosuch')).toBe(
      "no help for 'config nosuch'; there are: CONFIG, CONFIG GET, CONNECT\n",
    );
    expect(help('@nosuch')).toContain('@string @transactions');
  });
});

describe('what the server tells', () => {
  const DOCS =
    '*4\r\n$3\r\nget\r\n*4\r\n+summary\r\n+Get it.\r\n+arguments\r\n*1\r\n' +
    '*6\r\n+name\r\n+k\r\n+type\r\n+key\r\n+display_text\r\n+key\r\n' +
    '$6\r\nclient\r\n*2\r\n+subcommands\r\n*2\r\n$9\r\nclient|id\r\n*2\r\n+since\r\n+5.0.0\r\n';

  test('COMMAND DOCS, with subcommands under their containers', () => {
    const docs = readCommandDocs(read(DOCS));
    expect(docs.map(({ name, since }) => [name, since])).toEqual([
      ['CLIENT', ''],
      ['CLIENT ID', '5.0.0'],
      ['GET', ''],
    ]);
    expect(docs[2].arguments).toEqual([argument('key', { type: 'key' })]);
  });

  test('something else: no commands, no crash', () => {
    expect(readCommandDocs(read(':1\r\n'))).toEqual([]);
    expect(readCommandDocs(read('*3\r\n:1\r\n:2\r\n:3\r\n'))[0].name).toBe('');
  });

  test('COMMAND, where a server is too old for DOCS', () => {
    const [get, mget] = readCommandList(read('*2\r\n*2\r\n+mget\r\n:-2\r\n*2\r\n+get\r\n:2\r\n'));
    const book = new CommandBook([get, mget]);
    expect([book.hint('get'), book.hint('mget')]).toEqual([' arg', ' arg [arg [arg ...]]']);
  });
});

function read(reply: string): Value {
  const intake = new Intake();
  intake.append(Buffer.from(reply));
  return new RespReader(intake).next()!;
}
