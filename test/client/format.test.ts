/** How replies are shown. Each expectation is what redis-cli 7.0.15 printed for the same reply. */
import { expect, test } from 'vitest';
import { appendReply, isText, type OutputStyle } from '../../src/client/format/format.ts';
import { Intake } from '../../src/client/intake.ts';
import { RespReader } from '../../src/client/resp-reader.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';

function show(reply: string, style: OutputStyle): string {
  const intake = new Intake();
  intake.append(Buffer.from(reply, 'latin1'));
  const out = new ReplyBuffer();
  appendReply(out, new RespReader(intake).next()!, style);
  return Buffer.from(out.bytes.subarray(0, out.length)).toString('latin1');
}

const NESTED = '*3\r\n*2\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n$3\r\na"b\r\n*0\r\n';
const MAP =
  '%4\r\n+a\r\n%2\r\n+b\r\n:2\r\n+c\r\n~2\r\n+x\r\n+y\r\n+d\r\n*0\r\n' +
  '+e\r\n*1\r\n*2\r\n:1\r\n:2\r\n$1\r\nf\r\n%1\r\n+g\r\n,1.5\r\n';
const ODD_KEYS = '%2\r\n*2\r\n:1\r\n:2\r\n:4\r\n#t\r\n_\r\n';

test.each<[string, string, string, string, string]>([
  ['+OK\r\n', 'OK', 'OK', '"OK"', '"OK"'],
  ['+a"b\r\n', 'a"b', 'a"b', '"a\\"b"', '"a\\"b"'],
  [':-7\r\n', '(integer) -7', '-7', '-7', '-7'],
  ['_\r\n', '(nil)', '', 'NULL', 'null'],
  ['#f\r\n', '(false)', '(false)', 'false', 'false'],
  [',10\r\n', '(double) 10', '10', '10', '10'],
  ['-ERR bad\r\n', '(error) ERR bad', 'ERR bad\n', 'ERROR,"ERR bad"', 'error:"ERR bad"'],
  ['=6\r\ntxt:a\n\r\n', 'a\n', 'a\n', '"a\\n"', '"a\\n"'],
  ['$0\r\n\r\n', '""', '', '""', '""'],
  [
    '$7\r\n\x1b\x07\b/\\\xc3\x7f\r\n',
    '"\\x1b\\a\\b/\\\\\\xc3\\x7f"',
    '\x1b\x07\b/\\\xc3\x7f',
    '"\\x1b\\a\\b/\\\\\\xc3\\x7f"',
    '"\\u001b\\u0007\\b/\\\\\xc3\x7f"',
  ],
  ['*0\r\n', '(empty array)', '', '', '[]'],
  ['~0\r\n', '(empty set)', '', '', '[]'],
  ['%0\r\n', '(empty hash)', '', '', '{}'],
  [
    NESTED,
    '1) 1) (integer) 1\n   2) 1) "a"\n      2) (nil)\n2) "a\\"b"\n3) (empty array)',
    '1\na\n\na"b\n',
    '1,"a",NULL,"a\\"b",',
    '[[1,["a",null]],"a\\"b",[]]',
  ],
  [
    MAP,
    '1# a => \n   1# b => (integer) 2\n   2# c => \n      1~ x\n      2~ y\n2# d => (empty array)\n' +
      '3# e => \n   1) 1) (integer) 1\n      2) (integer) 2\n4# "f" => 1# g => (double) 1.5',
    'a b 2\nc x\ny\nd \ne 1\n2\nf g 1.5',
    '"a","b",2,"c","x","y","d",,"e",1,2,"f","g",1.5',
    '{"a":{"b":2,"c":["x","y"]},"d":[],"e":[[1,2]],"f":{"g":1.5}}',
  ],
  [
    ODD_KEYS,
    '1# 1) (integer) 1\n   2) (integer) 2 => (integer) 4\n2# (true) => (nil)',
    '1\n2 4\n(true) ',
    '1,2,4,true,NULL',
    '{"[1,2]":4,"true":null}',
  ],
])('%j', (reply, standard, raw, csv, json) => {
  const shown = (['standard', 'raw', 'csv', 'json'] as const).map((style) => show(reply, style));
  expect(shown).toEqual([standard, raw, csv, json].map((text) => `${text}\n`));
});

test('indices are as wide as the last one', () => {
  const lines = show(`*10\r\n${':7\r\n'.repeat(10)}`, 'standard').split('\n');
  expect(lines[0]).toBe(' 1) (integer) 7');
  expect(lines[9]).toBe('10) (integer) 7');
});

test.each([
  ['info', '', true],
  ['INFO', 'server', true],
  ['Client', 'LIST', true],
  ['client', 'id', false],
  ['get', 'info', false],
])('%s %s is a text: %s', (command, subcommand, expected) => {
  expect(isText(command, subcommand)).toBe(expected);
});
