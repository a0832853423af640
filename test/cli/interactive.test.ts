/** The prompt, as somebody at a terminal meets it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sharedServer, startServer } from '../support/server.ts';
import { ctrl, KEYS } from '../support/terminal.ts';
import { requireTool } from '../support/tools.ts';
import { interactiveClient, typingClient } from './client.ts';

requireTool('python3', 'python3');

const server = sharedServer();
const FAINT = '\x1b[2m';

describe('answers', () => {
  test('have types', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    expect(await terminal.enter('SET name "Alice B"', prompt)).toBe('OK\n');
    expect(await terminal.enter('GET name', prompt)).toBe('"Alice B"\n');
    expect(await terminal.enter('STRLEN name', prompt)).toBe('(integer) 7\n');
    expect(await terminal.enter('GET nothing', prompt)).toBe('(nil)\n');
    expect(await terminal.enter('MGET name nothing', prompt)).toBe('1) "Alice B"\n2) (nil)\n');
    expect(await terminal.enter('NOSUCH', prompt)).toContain(
      "(error) ERR unknown command 'NOSUCH'",
    );
  });

  test('are the same in RESP3, but for its maps', async () => {
    const { terminal, prompt } = await interactiveClient(server(), '/dev/null', ['-3']);
    expect(await terminal.enter('CONFIG GET databases', prompt)).toBe('1# "databases" => "16"\n');
  });

  test('a number before a command repeats it', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    expect(await terminal.enter('3 PING', prompt)).toBe('PONG\nPONG\nPONG\n');
    expect(await terminal.enter('0 PING', prompt)).toContain('Invalid repeat count');
  });

  test('open quotes are told', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    expect(await terminal.enter('SET a "b', prompt)).toBe('Invalid argument(s)\n');
  });
});

describe('the prompt', () => {
  test('shows the database', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    const selected = prompt.replace('> ', '[3]> ');
    expect(await terminal.enter('SELECT 3', selected)).toBe('OK\n');
    expect(await terminal.enter('SELECT 99', selected)).toBe(
      '(error) ERR DB index is out of range\n',
    );
    expect(await terminal.enter('RESET', prompt)).toBe('RESET\n');
  });

  test('shows that the server is gone, and connects again once it is back', async () => {
    const first = await startServer();
    const { port } = first;
    const { terminal, prompt } = await interactiveClient(first);
    first.signal('SIGTERM');
    await first.exited;
    expect(await terminal.enter('PING', 'not connected> ')).toContain('Connection refused');
    await startServer('--port', String(port));
    expect(await terminal.enter('PING', prompt)).toBe('PONG\n');
  });

  test('a database is chosen again on a new connection', async () => {
    const first = await startServer();
    const { port } = first;
    const { terminal, prompt } = await interactiveClient(first);
    const selected = prompt.replace('> ', '[2]> ');
    await terminal.enter('SELECT 2', selected);
    first.signal('SIGTERM');
    await first.exited;
    await startServer('--port', String(port));
    expect(await terminal.enter('CLIENT INFO', selected)).toContain(' db=2 ');
  });
});

describe('hints', () => {
  test('tell the arguments that are still to come', async () => {
    const { terminal } = await interactiveClient(server());
    terminal.type('set');
    await terminal.shows(`set${FAINT} key value [NX|XX] [GET] [EX seconds`);
    terminal.type(' k v ex');
    await terminal.shows(`set k v ex${FAINT} seconds [NX|XX] [GET]`);
    terminal.type(' 10');
    await terminal.shows(`set k v ex 10${FAINT} [NX|XX] [GET]`);
  });

  test(':set nohints', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    await terminal.enter(':set nohints', prompt);
    terminal.type('get k\b\b');
    await terminal.shows('get k');
    await terminal.shows(`${prompt}get`);
    expect(terminal.bytes).not.toContain(`get${FAINT}`);
  });
});

describe('completion', () => {
  test('Tab goes through the commands, and comes back to what was typed', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    terminal.type(`getd${KEYS.tab}`);
    await terminal.shows(`${prompt}GETDEL`);
    terminal.type(KEYS.tab);
    await terminal.shows('\x07');
    await terminal.shows(`${prompt}getd`);
  });

  test('subcommands and topics of help', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    terminal.type(`config g${KEYS.tab}`);
    await terminal.shows(`${prompt}CONFIG GET`);
    terminal.type(`${ctrl('u')}help @str${KEYS.tab}`);
    await terminal.shows(`${prompt}help @string`);
  });
});

describe('history', () => {
  test('is kept in a file that nobody else may read, without passwords', async () => {
    const path = join(temporaryFolder(), 'history');
    const { terminal, prompt } = await interactiveClient(server(), path);
    await terminal.enter('PING one', prompt);
    await terminal.enter('AUTH secret', prompt);
    await terminal.enter('PING two', prompt);
    await terminal.enter('PING two', prompt);
    expect(readFileSync(path, 'utf8')).toBe('PING one\nPING two\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const { terminal: next } = await interactiveClient(server(), path);
    next.type(KEYS.up);
    await next.shows(`${prompt}PING two`);
    next.type(KEYS.up);
    await next.shows(`${prompt}PING one`);
    next.type(KEYS.enter);
    await next.shows('"one"\r\n');
  });

  test('Ctrl-R finds a line, Enter runs it', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    await terminal.enter('ECHO needle', prompt);
    await terminal.enter('PING', prompt);
    terminal.type(`${ctrl('r')}need`);
    await terminal.shows("(reverse-i-search)'need': ECHO needle");
    terminal.type(KEYS.enter);
    await terminal.shows('\r\n');
    expect(await terminal.shows(prompt)).toContain('"needle"\n');
  });
});

describe('Ctrl-C', () => {
  test('drops the line', async () => {
    const { terminal, prompt } = await interactiveClient(server());
    terminal.type('FLUSHALL');
    await terminal.shows('FLUSHALL');
    terminal.type(ctrl('c'));
    await terminal.shows('\r\n');
    await terminal.shows(prompt);
    expect(await terminal.enter('PING', prompt)).toBe('PONG\n');
  });

  test('leaves where there is no line', async () => {
    const { terminal } = await interactiveClient(server());
    terminal.type(ctrl('c'));
    expect(await terminal.end()).toBe(0);
  });

  test('gives up waiting for an answer; the next command connects anew', async () => {
    const blocking = await startServer('--mode', 'blocking');
    const { terminal, prompt } = await interactiveClient(blocking);
    blocking.signal('SIGSTOP');
    terminal.type(`PING${KEYS.enter}`);
    await terminal.shows('PING');
    await terminal.shows('\r\n');
    terminal.type(ctrl('c'));
    await terminal.shows('not connected> ');
    blocking.signal('SIGCONT');
    expect(await terminal.enter('PING', prompt)).toBe('PONG\n');
  });
});

test.each([
  ['Ctrl-D', ctrl('d')],
  ['EXIT', `EXIT${KEYS.enter}`],
  ['quit', `quit${KEYS.enter}`],
])('%s leaves', async (_, keys) => {
  const { terminal } = await interactiveClient(server());
  terminal.type(keys);
  expect(await terminal.end()).toBe(0);
});

test('help tells what the server told', async () => {
  const { terminal, prompt } = await interactiveClient(server());
  const shown = await terminal.enter('help config get', prompt);
  expect(shown).toMatch(/^\n {2}CONFIG GET parameter \[parameter \.\.\.\]\n {2}summary: /);
  expect(await terminal.enter('help @bitmap', prompt)).toContain('  BITCOUNT key');
  expect(await terminal.enter('help nosuch', prompt)).toContain("no help for 'nosuch'");
});

describe('a blocking server with a client already', () => {
  test('tells the second one what it waits for, and answers it once it is its turn', async () => {
    const blocking = await startServer('--mode', 'blocking');
    const first = await connect(blocking);
    expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const terminal = typingClient(blocking);
    await terminal.shows('connected; waiting for the server to accept … (Ctrl-C to give up)');
    first.end();
    await terminal.shows(`127.0.0.1:${blocking.port}> `);
  });

  test('lets the second one give up', async () => {
    const blocking = await startServer('--mode', 'blocking');
    const first = await connect(blocking);
    expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const terminal = typingClient(blocking);
    await terminal.shows('(Ctrl-C to give up)');
    terminal.type(ctrl('c'));
    await terminal.shows('not connected> ');
    terminal.type(ctrl('d'));
    expect(await terminal.end()).toBe(0);
  });
});

test('no server at all: it says so, how to start one, and shows a prompt', async () => {
  const gone = await startServer();
  const { port } = gone;
  gone.signal('SIGTERM');
  await gone.exited;
  const terminal = typingClient({ port });
  await terminal.shows(`Could not connect to 127.0.0.1:${port}: Connection refused`);
  await terminal.shows(`syskv serve --port ${port}`);
  await terminal.shows('not connected> ');
});

test('a line longer than the terminal is wide goes on in the next row', async () => {
  const { terminal, prompt } = await interactiveClient(server());
  const long = `${'x'.repeat(200)}y`;
  terminal.type(`ECHO ${long}${KEYS.enter}`);
  await terminal.shows(`"${long}"\r\n`);
  expect(await terminal.enter('PING', prompt)).toBe('PONG\n');
});
