import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

it('PING answers PONG, or its argument', () => {
  const { run } = new CommandDriver();
  expect(run('PING')).toBe('+PONG\r\n');
  expect(run('ping', 'hi\0')).toBe('$3\r\nhi\0\r\n');
  expect(run('PING', 'a', 'b')).toBe("-ERR wrong number of arguments for 'ping' command\r\n");
});

it('ECHO is binary-safe', () => {
  const { run } = new CommandDriver();
  expect(run('ECHO', '\r\n\0\xff')).toBe('$4\r\n\r\n\0\xff\r\n');
});

describe('SELECT', () => {
  it('keeps the databases apart', () => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'v');
    expect(run('SELECT', '15')).toBe('+OK\r\n');
    expect(run('GET', 'k')).toBe('$-1\r\n');
  });

  it.each([
    ['16', '-ERR DB index is out of range\r\n'],
    ['-1', '-ERR DB index is out of range\r\n'],
    ['x', '-ERR value is not an integer or out of range\r\n'],
    ['2147483648', '-ERR value is out of range, value must between -2147483648 and 2147483647\r\n'],
  ])('%s is refused', (database, reply) => {
    const { run } = new CommandDriver();
    expect(run('SELECT', database)).toBe(reply);
  });
});

it.each(['QUIT', 'EXIT'])('%s answers, then closes', (name) => {
  const { run, client } = new CommandDriver();
  expect(run(name)).toBe('+OK\r\n');
  expect(client.closing).toBe(true);
});

it('RESET undoes SELECT, HELLO and SETNAME', () => {
  const { run, client } = new CommandDriver();
  run('SELECT', '3');
  run('HELLO', '3', 'SETNAME', 'me');
  expect(run('RESET')).toBe('+RESET\r\n');
  expect([client.database, client.protocolVersion, client.name]).toEqual([0, 2, '']);
  expect(run('GET', 'k')).toBe('$-1\r\n');
});

describe('HELLO', () => {
  const fields = (protocol: number) =>
    '$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n' +
    `$5\r\nproto\r\n:${protocol}\r\n$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n` +
    '$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n';

  it('describes the server, as a map from version 3 on', () => {
    const { run } = new CommandDriver();
    expect(run('HELLO')).toBe(`*14\r\n${fields(2)}`);
    expect(run('HELLO', '3')).toBe(`%7\r\n${fields(3)}`);
    expect(run('HELLO')).toBe(`%7\r\n${fields(3)}`);
    expect(run('HELLO', '2')).toBe(`*14\r\n${fields(2)}`);
  });

  it.each([
    [['4'], '-NOPROTO unsupported protocol version\r\n'],
    [['1'], '-NOPROTO unsupported protocol version\r\n'],
    [['x'], '-ERR Protocol version is not an integer or out of range\r\n'],
    [['3', 'foo'], "-ERR Syntax error in HELLO option 'foo'\r\n"],
    [['3', 'AUTH', 'default'], "-ERR Syntax error in HELLO option 'AUTH'\r\n"],
    [['3', 'SETNAME'], "-ERR Syntax error in HELLO option 'SETNAME'\r\n"],
    [
      ['3', 'SETNAME', 'a b'],
      '-ERR Client names cannot contain spaces, newlines or special characters.\r\n',
    ],
  ])('%j is refused and changes nothing', (words, reply) => {
    const { run, client } = new CommandDriver();
    expect(run('HELLO', ...words)).toBe(reply);
    expect([client.protocolVersion, client.name]).toEqual([2, '']);
  });

  it('has set the name that stands before a wrong password, as in Redis', () => {
    const { run, client } = new CommandDriver();
    expect(run('HELLO', '3', 'SETNAME', 'a', 'AUTH', 'other', 'x')).toMatch(/^-WRONGPASS /);
    expect([client.protocolVersion, client.name]).toEqual([2, 'a']);
  });

  it('checks the password', () => {
    const { run, config } = new CommandDriver();
    expect(run('HELLO', '3', 'AUTH', 'default', 'anything')).toMatch(/^%7/);
    config.values.set('requirepass', 'secret');
    expect(run('HELLO', '3', 'AUTH', 'default', 'secre')).toMatch(/^-WRONGPASS/);
    expect(run('HELLO', '3', 'AUTH', 'default', 'secretsecret')).toMatch(/^-WRONGPASS/);
    expect(run('HELLO', '3', 'AUTH', 'default', '')).toMatch(/^-WRONGPASS/);
    expect(run('HELLO', '3', 'AUTH', 'default', 'secret')).toMatch(/^%7/);
  });
});

describe('CLIENT', () => {
  it('ID is the connection\u2019s number', () => {
    const { run } = new CommandDriver();
    expect(run('CLIENT', 'ID')).toBe(':7\r\n');
  });

  it('SETNAME and GETNAME', () => {
    const { run } = new CommandDriver();
    expect(run('CLIENT', 'GETNAME')).toBe('$-1\r\n');
    expect(run('client', 'setname', 'me')).toBe('+OK\r\n');
    expect(run('CLIENT', 'GETNAME')).toBe('$2\r\nme\r\n');
    expect(run('CLIENT', 'SETNAME', '')).toBe('+OK\r\n');
    expect(run('CLIENT', 'GETNAME')).toBe('$-1\r\n');
    expect(run('CLIENT', 'SETNAME', 'a\nb')).toBe(
      '-ERR Client names cannot contain spaces, newlines or special characters.\r\n',
    );
  });

  it('SETINFO takes the library and its version', () => {
    const { run, client } = new CommandDriver();
    expect(run('CLIENT', 'SETINFO', 'lib-name', 'ioredis')).toBe('+OK\r\n');
    expect(run('CLIENT', 'SETINFO', 'LIB-VER', '6.0.0')).toBe('+OK\r\n');
    expect([client.libraryName, client.libraryVersion]).toEqual(['ioredis', '6.0.0']);
    expect(run('CLIENT', 'SETINFO', 'LIB-NAME', 'a b')).toBe(
      '-ERR lib-name cannot contain spaces, newlines or special characters.\r\n',
    );
    expect(run('CLIENT', 'SETINFO', 'foo', 'x')).toBe("-ERR Unrecognized option 'foo'\r\n");
  });

  it('INFO and LIST describe connections', () => {
    const { run, bulk } = new CommandDriver();
    run('CLIENT', 'SETNAME', 'me');
    const line =
      'id=7 addr=127.0.0.1:51234 laddr=127.0.0.1:6379 fd=9 name=me age=61 idle=2 flags=N db=0 ' +
      'sub=0 psub=0 ssub=0 multi=-1 qbuf=26 qbuf-free=0 argv-mem=10 multi-mem=0 rbs=65536 ' +
      'rbp=65536 obl=0 oll=0 omem=0 tot-mem=66596 events=r cmd=client|info user=default redir=-1 resp=2 ' +
      'lib-name= lib-ver=\n';
    expect(bulk('CLIENT', 'INFO')).toBe(line);
    expect(bulk('CLIENT', 'LIST')).toBe(line.replace('client|info', 'client|list'));
    run('HELLO', '3');
    expect(run('CLIENT', 'LIST')).toMatch(/^=\d+\r\ntxt:id=7 /);
  });

  it('LIST chooses by type and id', () => {
    const { bulk } = new CommandDriver();
    expect(bulk('CLIENT', 'LIST', 'TYPE', 'normal')).toMatch(/^id=7 /);
    expect(bulk('CLIENT', 'LIST', 'TYPE', 'pubsub')).toBe('');
    expect(bulk('CLIENT', 'LIST', 'ID', '1', '7')).toMatch(/^id=7 /);
    expect(bulk('CLIENT', 'LIST', 'ID', '8')).toBe('');
  });

  it.each([
    [['x'], '-ERR syntax error\r\n'],
    [['TYPE'], '-ERR syntax error\r\n'],
    [['TYPE', 'x'], "-ERR Unknown client type 'x'\r\n"],
    [['ID', '7', 'x'], '-ERR Invalid client ID\r\n'],
  ])('LIST %j is refused', (words, reply) => {
    const { run } = new CommandDriver();
    expect(run('CLIENT', 'LIST', ...words)).toBe(reply);
  });

  it('HELP lists the subcommands from the table', () => {
    const { run } = new CommandDriver();
    const help = run('CLIENT', 'HELP');
    expect(help).toContain('+SETNAME connection-name\r\n+    Name this connection.\r\n');
    expect(help).toMatch(/^\*\d+\r\n\+CLIENT <subcommand> /);
  });
});
