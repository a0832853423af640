import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc64 } from '../../src/commands/crc64.ts';
import { CommandDriver, NOW_MS } from './driver.ts';

/** What a Redis 7.0 answers to DUMP. */
const MYNEWTEXT = '\x00\x09mynewtext\x0a\x00\x8b\x03z\xa2\xf0}\xd0\xf7';
/** The same for `abc` seven times, which it compresses. */
const COMPRESSED =
  '\x00\xc3\x0b\x15\x03\x61\x62\x63\x61\xe0\x06\x02\x01\x62\x63\x0a\x00\x02\x01\x71\x0c\x8e\xeb\xf9\x46';
const WRONG = '-ERR DUMP payload version or checksum are wrong\r\n';
const BAD_FORMAT = '-ERR Bad data format\r\n';

/** A payload with the right version and checksum around this body. */
function payload(body: string): string {
  const bytes = Uint8Array.from(`${body}\x0a\x00`, (letter) => letter.charCodeAt(0));
  let sum = crc64(bytes, 0, bytes.length);
  let footer = '';
  for (let i = 0; i < 8; i++, sum >>= 8n) footer += String.fromCharCode(Number(sum & 0xffn));
  return `${body}\x0a\x00${footer}`;
}

describe('DUMP', () => {
  it('returns the payload that Redis does', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'mynewtext');
    expect(bulk('DUMP', 'k')).toBe(MYNEWTEXT);
    expect(bulk('DUMP', 'missing')).toBeUndefined();
  });

  it.each([
    ['1', '\xc0\x01'],
    ['-128', '\xc0\x80'],
    ['128', '\xc1\x80\x00'],
    ['-32769', '\xc2\xff\x7f\xff\xff'],
    ['2147483648', '\x0a2147483648'],
    ['01', '\x0201'],
    ['', '\x00'],
  ])('writes %j as %j', (value, body) => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', value);
    expect(bulk('DUMP', 'k')).toBe(payload(`\x00${body}`));
  });
});

describe('RESTORE', () => {
  it('makes the value, plain or compressed', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('RESTORE', 'a', '0', MYNEWTEXT)).toBe('+OK\r\n');
    expect(run('RESTORE', 'b', '0', COMPRESSED)).toBe('+OK\r\n');
    expect(bulk('GET', 'a')).toBe('mynewtext');
    expect(bulk('GET', 'b')).toBe('abc'.repeat(7));
  });

  it('gives it an expiry, relative or absolute', () => {
    const { run } = new CommandDriver();
    run('RESTORE', 'a', '5000', MYNEWTEXT);
    run('RESTORE', 'b', String(NOW_MS + 7000), MYNEWTEXT, 'ABSTTL');
    expect([run('PTTL', 'a'), run('PTTL', 'b')]).toEqual([':5000\r\n', ':7000\r\n']);
  });

  it('replaces only when told, and then with a past time removes', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'old');
    expect(run('RESTORE', 'k', '0', MYNEWTEXT)).toBe(
      '-BUSYKEY Target key name already exists.\r\n',
    );
    expect(run('RESTORE', 'k', '0', MYNEWTEXT, 'REPLACE')).toBe('+OK\r\n');
    expect(bulk('GET', 'k')).toBe('mynewtext');
    expect(run('RESTORE', 'k', '1', MYNEWTEXT, 'REPLACE', 'ABSTTL')).toBe('+OK\r\n');
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
  });

  it('undoes DUMP', () => {
    const value = fc.string({
      unit: fc.nat(255).map((byte) => String.fromCharCode(byte)),
      maxLength: 20_000,
    });
    fc.assert(
      fc.property(value, (text) => {
        const { run, bulk } = new CommandDriver();
        run('SET', 'k', text);
        run('RESTORE', 'l', '0', bulk('DUMP', 'k') ?? '');
        expect(bulk('GET', 'l')).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [['0', 'a'], WRONG],
    [['0', ''], WRONG],
    [['0', MYNEWTEXT.replace('m', 'n')], WRONG],
    [['0', payload('')], BAD_FORMAT],
    [['0', payload('\x01\x01a')], BAD_FORMAT],
    [['0', payload('\x00\x05ab')], BAD_FORMAT],
    [['0', payload('\x00\x82abcd')], BAD_FORMAT],
    [['0', payload('\x00\xc2\x00')], BAD_FORMAT],
    [['0', payload('\x00\xc3\x02\xbfab')], BAD_FORMAT],
    [['0', payload('\x00\xc3\x02\x03\xe0\x01')], BAD_FORMAT],
    [['0', payload('\x00\xc3\x03\x80\x7f\xff\xff\xffabc')], BAD_FORMAT],
    [['-1', MYNEWTEXT], '-ERR Invalid TTL value, must be >= 0\r\n'],
    [['x', MYNEWTEXT], '-ERR value is not an integer or out of range\r\n'],
    [['0', MYNEWTEXT, 'foo'], '-ERR syntax error\r\n'],
    [['0', MYNEWTEXT, 'IDLETIME'], '-ERR syntax error\r\n'],
    [['0', MYNEWTEXT, 'IDLETIME', '1', 'FREQ', '1'], '-ERR syntax error\r\n'],
    [['0', MYNEWTEXT, 'IDLETIME', '-1'], '-ERR Invalid IDLETIME value, must be >= 0\r\n'],
    [['0', MYNEWTEXT, 'FREQ', '256'], '-ERR Invalid FREQ value, must be >= 0 and <= 255\r\n'],
  ])('%j is refused', (words, reply) => {
    const { run } = new CommandDriver();
    expect(run('RESTORE', 'k', ...words)).toBe(reply);
  });

  it('IDLETIME says when the value was used, FREQ how often', () => {
    const { run, config, store } = new CommandDriver();
    run('RESTORE', 'k', '0', MYNEWTEXT, 'IDLETIME', '100');
    expect(run('OBJECT', 'IDLETIME', 'k')).toBe(':100\r\n');
    config.values.set('maxmemory-policy', 'allkeys-lfu');
    store.configure({ policy: 'allkeys-lfu' });
    run('RESTORE', 'k', '0', MYNEWTEXT, 'FREQ', '200', 'REPLACE');
    expect(run('OBJECT', 'FREQ', 'k')).toBe(':200\r\n');
  });

  it('never fails otherwise, whatever the payload holds', () => {
    const body = fc.string({
      unit: fc.nat(255).map((byte) => String.fromCharCode(byte)),
      maxLength: 40,
    });
    fc.assert(
      fc.property(body, fc.constantFrom('', '\xc3', '\xc3\x05\x10'), (rest, head) => {
        const { run } = new CommandDriver();
        expect(['+OK\r\n', BAD_FORMAT]).toContain(
          run('RESTORE', 'k', '0', payload(`\x00${head}${rest}`)),
        );
      }),
    );
  });
});

it('CRC-64 has its check value', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc64(bytes, 0, bytes.length)).toBe(0xe9c6d914c4b8d9can);
});
