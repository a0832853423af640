/** What /proc/net/tcp says about clients whom nobody has accepted. */
import { describe, expect, test } from 'vitest';
import { waitingClients } from '../../src/observe/backlog.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function row(local: string, remote: string, state: string, inode: number): string {
  return `   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0\n`;
}

const PORTS = new Set([6379]);

test('established, at the port, and no file yet', () => {
  const table = HEAD + row('0100007F:18EB', '0100007F:C822', '01', 0);
  expect(waitingClients(table, PORTS)).toEqual(['127.0.0.1:51234']);
});

describe('none waits', () => {
  test.each([
    ['accepted', row('0100007F:18EB', '0100007F:C822', '01', 4711)],
    ['at another port', row('0100007F:18EC', '0100007F:C822', '01', 0)],
    ['the listener itself', row('0100007F:18EB', '00000000:0000', '0A', 4712)],
    ['on its way out', row('0100007F:18EB', '0100007F:C822', '06', 0)],
    ['nothing', ''],
  ])('%s', (_what, rows) => {
    expect(waitingClients(HEAD + rows, PORTS)).toEqual([]);
  });
});

describe('IPv6', () => {
  test.each([
    ['00000000000000000000000001000000', '[::1]:51234'],
    ['B80D0120000000000000000001000000', '[2001:db8::1]:51234'],
    ['0000000000000000FFFF00000100007F', '[::ffff:7f00:1]:51234'],
  ])('%s', (address, expected) => {
    const table = HEAD + row(`${address}:18EB`, `${address}:C822`, '01', 0);
    expect(waitingClients(table, PORTS)).toEqual([expected]);
  });
});
