/** Streams of RESP that break its rules, and what is answered before the connection is closed. */

/** Each with the text after `ERR Protocol error: `; the client is authenticated. */
export const REFUSALS: ReadonlyArray<readonly [stream: string, text: string]> = [
  ['SET "a\r\n', 'unbalanced quotes in request'],
  ['SET "a"b\r\n', 'unbalanced quotes in request'],
  ['*x\r\n', 'invalid multibulk length'],
  ['*2147483648\r\n', 'invalid multibulk length'],
  ['*01\r\n', 'invalid multibulk length'],
  ['*+1\r\n', 'invalid multibulk length'],
  ['*1 \r\n', 'invalid multibulk length'],
  ['*\r\n', 'invalid multibulk length'],
  ['*1\r\n#4\r\nPING\r\n', "expected '$', got '#'"],
  ['*2\r\n$4\r\nECHO\r\n:1\r\n', "expected '$', got ':'"],
  ['*2\r\n$4\r\nECHO\r\n*1\r\n', "expected '$', got '*'"],
  ['*1\r\n$x\r\n', 'invalid bulk length'],
  ['*1\r\n$-1\r\n', 'invalid bulk length'],
  ['*1\r\n$\r\n', 'invalid bulk length'],
  ['*1\r\n$04\r\nPING\r\n', 'invalid bulk length'],
  ['*1\r\n$4x\r\nPING\r\n', 'invalid bulk length'],
  ['*1\r\n$4 \r\nPING\r\n', 'invalid bulk length'],
  ['*1\r\n$536870913\r\n', 'invalid bulk length'],
  ['*1\r\n$99999999999999999999\r\n', 'invalid bulk length'],
  ['*2\r\n$4\r\nECHO\r\n$00\r\n\r\n', 'invalid bulk length'],
];

/** What may come right behind: more than a parser needs that only looks whether all is there. */
export const TAILS: readonly string[] = [
  '',
  '*1\r\n$4\r\nPING\r\n'.repeat(4),
  'PING\r\n'.repeat(8),
  '\r\n'.repeat(40),
  '7'.repeat(100),
  '$1\r\na\r\n'.repeat(12),
];
