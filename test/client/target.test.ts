/** Where a server is: URLs, names, and whether it has accepted. */
import { expect, test } from 'vitest';
import { splitCommand } from '../../src/client/command-line.ts';
import { inodeOf } from '../../src/client/reception.ts';
import { humanBytes, parseInfo, statRow } from '../../src/client/statistics.ts';
import { nameOfTarget, parseServerUrl } from '../../src/client/target.ts';

test.each([
  ['redis://', { protocol: 'resp' }],
  ['redis://example.org', { protocol: 'resp', host: 'example.org' }],
  ['REDIS://10.0.0.1:7000/3', { protocol: 'resp', host: '10.0.0.1', port: 7000, database: 3 }],
  ['redis://secret@host', { protocol: 'resp', password: 'secret', host: 'host' }],
  ['redis://:secret@host', { protocol: 'resp', password: 'secret', host: 'host' }],
  [
    'redis://user:p%40ss:x@[::1]:6380/',
    { protocol: 'resp', user: 'user', password: 'p@ss:x', host: '::1', port: 6380 },
  ],
  ['line://host:1', { protocol: 'line', host: 'host', port: 1 }],
  ['http://host', { protocol: 'http', host: 'host' }],
])('%s', (url, parts) => {
  expect(parseServerUrl(url)).toEqual(parts);
});

test.each([
  '',
  'host',
  'ftp://host',
  'redis://host:port',
  'redis://h:65536',
  'redis://a%zz@h',
  'redis://h/x',
])('%j is none', (url) => {
  expect(parseServerUrl(url)).toBeUndefined();
});

test.each([
  [{ host: '127.0.0.1', port: 1, path: '' }, '127.0.0.1:1'],
  [{ host: '::1', port: 1, path: '' }, '[::1]:1'],
  [{ host: 'x', port: 1, path: '/tmp/s' }, '/tmp/s'],
])('%j is called %s', (target, name) => {
  expect(nameOfTarget(target)).toBe(name);
});

/** Lines of /proc/net/tcp: `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …`. */
const TABLE = [
  'sl local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode',
  '0: 0100007F:1CE0 00000000:0000 0A 00000001:00000000 00:00000000 00000000 0 0 31 1 0',
  '1: 0100007F:1CE0 0100007F:D40A 01 00000000:0000000E 00:00000000 00000000 0 0 0 1 0',
  '2: 0100007F:1CE0 0100007F:D40B 01 00000000:00000000 00:00000000 00000000 0 0 4711 1 0',
  '3: 0100007F:D40A 0100007F:1CE0 01 00000000:00000000 00:00000000 00000000 0 0 99 1 0',
]
  .map((line) => `   ${line}\n`)
  .join('');

test('a connection that waits in the backlog belongs to no descriptor', () => {
  expect(inodeOf(TABLE, 0x1ce0, 0xd40a)).toBe('0');
  expect(inodeOf(TABLE, 0x1ce0, 0xd40b)).toBe('4711');
  expect(inodeOf(TABLE, 0x1ce0, 0x1234)).toBeUndefined();
});

test.each([
  ['', []],
  ['  GET  k ', ['GET', 'k']],
  ['SET "a b" \'c"d\'', ['SET', 'a b', 'c"d']],
  ['ECHO ""', ['ECHO', '']],
  ['"open', undefined],
])('the words of %j', (line, words) => {
  const args = splitCommand(Buffer.from(line));
  expect(args?.map((word) => Buffer.from(word).toString())).toEqual(words);
});

test('a row of --stat', () => {
  const info = parseInfo(
    '# Memory\r\nused_memory:1310720\r\nconnected_clients:1\r\nblocked_clients:0\r\n' +
      'total_commands_processed:28\r\ntotal_connections_received:14\r\n' +
      'rdb_bgsave_in_progress:1\r\ndb0:keys=2,expires=0\r\ndb3:keys=1,expires=0\r\n',
  );
  expect(statRow(info, 1)).toBe(
    '3          1.25M    1       0       28 (+1)             14          SAVE',
  );
});

test.each([
  [0, '0B'],
  [1023, '1023B'],
  [1024, '1.00K'],
  [1_048_576, '1.00M'],
  [3.5 * 2 ** 30, '3.50G'],
])('%i bytes are %s', (bytes, text) => {
  expect(humanBytes(bytes)).toBe(text);
});
