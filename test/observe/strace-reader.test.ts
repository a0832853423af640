/** Lines of strace as they come: whole, in pieces, with more or less in front of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call, Event, Remark } from '../../src/observe/event.ts';
import { readLog } from '../../src/observe/strace/reader.ts';

function one(...lines: string[]): Event {
  const events = readLog(lines.join('\n'));
  expect(events).toHaveLength(1);
  return events[0];
}

function call(...lines: string[]): Call {
  const event = one(...lines);
  if (event.kind !== 'call') throw new Error(`a call was expected, not ${event.what}`);
  return event;
}

function remark(line: string): Remark {
  const event = one(line);
  if (event.kind !== 'remark') throw new Error(`a remark was expected, not ${event.name}`);
  return event;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('what stands in front of a call', () => {
  test.each([
    ['-f -Y -ttt', '7<node> 1700000000.000001 close(3) = 0', 7, 'node', 1_700_000_000_000_001],
    ['-f -ttt', '7 1700000000.000001 close(3) = 0', 7, '', 1_700_000_000_000_001],
    ['a name with a blank', '7<two words> 1700000000.5 close(3) = 0', 7, 'two words', 17e14 + 5e5],
    ['stderr', '[pid    7] 1700000000.5 close(3) = 0', 7, '', 17e14 + 5e5],
    ['stderr, -Y', '[pid    7<node>] 1700000000.5 close(3) = 0', 7, 'node', 17e14 + 5e5],
    ['-tt', '00:01:00.500000 close(3) = 0', 0, '', 60.5e6],
    ['-t', '00:01:00 close(3) = 0', 0, '', 60e6],
    ['nanoseconds', '1700000000.000001500 close(3) = 0', 0, '', 1_700_000_000_000_001.5],
    ['-ttt -r', '1700000000.5 (+     0.000123) close(3) = 0', 0, '', 17e14 + 5e5],
    ['nothing', 'close(3) = 0', 0, '', 0],
  ])('%s', (_flags, line, tid, threadName, startUs) => {
    expect(call(line)).toMatchObject({ tid, threadName, startUs, name: 'close', result: 0 });
  });

  test('-r counts from line to line', () => {
    const events = readLog('     0.000000 close(3) = 0\n     0.250000 close(4) = 0');
    expect(events.map(({ startUs }) => startUs)).toEqual([0, 250_000]);
  });

  test('-tt goes on after midnight', () => {
    const events = readLog('23:59:59.500000 close(3) = 0\n00:00:00.500000 close(4) = 0');
    expect(events[1].startUs - events[0].startUs).toBe(1e6);
  });
});

describe('answers', () => {
  test.each([
    ['close(3) = 0 <0.000012>', { result: 0, error: '', durationUs: 12 }],
    ['close(3)                          = 0', { result: 0 }],
    ['close(3) = -1 EBADF (Bad file descriptor)', { result: -1, error: 'EBADF' }],
    ['mmap(NULL, 4096) = 0x7f0000001000', { result: 0x7f0000001000 }],
    ['exit_group(0) = ?', { result: null, state: 'returned' }],
    ['poll([{fd=3}], 1, 0) = 0 (Timeout) <0.1>', { result: 0, outcome: '(Timeout)' }],
    [
      'poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])',
      { result: 1, outcome: '([{fd=3, revents=POLLIN}])' },
    ],
    ['select(8, [3 7], [], NULL, NULL) = 1 (in [7])', { result: 1, outcome: '(in [7])' }],
    ['close(3) = -1 EINTR (Interrupted) (INJECTED) <0.1>', { error: 'EINTR', injected: true }],
    ['close(3) = 0 (INJECTED)', { result: 0, injected: true, outcome: '' }],
    ['futex(0x1, FUTEX_WAIT, 0, NULL) = ? ERESTARTSYS (To be restarted)', { result: null }],
    ['recvmsg(3, 0x7ffe, 0) = ? ERESTARTSYS (x) <1.5>', { error: 'ERESTARTSYS', durationUs: 15e5 }],
    ['fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)', { result: 0x802 }],
  ])('%s', (line, expected) => {
    expect(call(line)).toMatchObject(expected);
  });

  test('a descriptor is told with what it is', () => {
    const line =
      'accept4(20<TCP:[127.0.0.1:6379]>, NULL, NULL, SOCK_CLOEXEC) = ' +
      '22<TCP:[127.0.0.1:6379->127.0.0.1:51234]> <0.5>';
    expect(call(line)).toMatchObject({
      fd: 20,
      file: 'TCP:[127.0.0.1:6379]',
      result: 22,
      resultFile: 'TCP:[127.0.0.1:6379->127.0.0.1:51234]',
    });
  });
});

describe('bytes', () => {
  test.each([
    ['recvmsg(7, {msg_iov=[{iov_base="PING\\r\\n", iov_len=65536}]}, 0) = 6', 'PING\r\n', 6],
    ['sendmsg(7, {msg_iov=[{iov_base="+A", iov_len=2}, {iov_base="\\r\\n"}]}, 0) = 4', '+A\r\n', 4],
    ['sendmsg(7, {msg_iov=[{iov_base="+OK\\r\\n", iov_len=5}]}, 0) = 3', '+OK', 3],
    ['read(7<TCP:[[::1]:1->[::1]:2]>, "a) = 5, \\"b\\"", 4096) = 11', 'a) = 5, "b"', 11],
    ['read(7, "\\0\\1\\33\\0019\\377", 8) = 6', '\0\x01\x1b\x019\xff', 6],
    ['read(7, "\\x41\\x0a", 8) = 2', 'A\n', 2],
    ['write(7, "abc"..., 900) = 900', 'abc', 900],
    ['recvmmsg(7, [{msg_hdr={msg_iov=[{iov_base="hi"}]}, msg_len=2}], 1, 0, NULL) = 1', 'hi', 2],
    ['writev(7, [{iov_base="x", iov_len=1}, {iov_base="y", iov_len=1}], 2) = 2', 'xy', 2],
    ['recvfrom(7, "", 65536, 0, NULL, NULL) = 0', '', 0],
    ['recvfrom(7, 0x7ffe0, 65536, 0, NULL, NULL) = -1 EAGAIN (x)', '', 0],
  ])('%s', (line, bytes, movedBytes) => {
    const event = call(line);
    expect(text(event.bytes)).toBe(bytes);
    expect(event.movedBytes).toBe(movedBytes);
  });
});

describe('a call in pieces', () => {
  test('begun and resumed: one event, when it returned', () => {
    const events = readLog(
      [
        '1 1700000000.0 accept4(20, NULL, NULL, 0 <unfinished ...>',
        '2 1700000000.1 close(5) = 0 <0.000001>',
        '1 1700000001.0 <... accept4 resumed>) = 7 <1.000000>',
      ].join('\n'),
    ) as Call[];
    expect(events.map(({ name }) => name)).toEqual(['close', 'accept4']);
    expect(events[1]).toMatchObject({ startUs: 17e14, durationUs: 1e6, fd: 20, result: 7 });
  });

  test('without -T the pieces tell how long it took', () => {
    const lines = [
      '1 10:00:00.0 read(3,  <unfinished ...>',
      '1 10:00:02.5 <... read resumed>"x", 1) = 1',
    ];
    expect(call(...lines)).toMatchObject({ durationUs: 2.5e6, movedBytes: 1, text: '3, "x", 1' });
  });

  test('without -T and in one piece: until the next call of its thread', () => {
    const [first] = readLog('10:00:00.0 accept4(3) = 7\n10:00:03.0 close(7) = 0') as Call[];
    expect(first.durationUs).toBe(3e6);
  });

  test('the log begins in the middle of it', () => {
    const event = call('1 1700000002.0 <... recvmsg resumed>{msg_iov=[]}, 0) = 0 <2.000000>');
    expect(event).toMatchObject({ name: 'recvmsg', startUs: 17e14, durationUs: 2e6, fd: -1 });
  });

  test('strace comes in the middle of a poll', () => {
    const event = call('restart_syscall(<... resuming interrupted poll ...>) = 1 <0.2>');
    expect(event).toMatchObject({ name: 'poll', result: 1 });
  });

  test.each([
    ['close(3 <unfinished ...>', 'unfinished'],
    ['accept4(3, NULL, NULL, 0 <detached ...>', 'detached'],
    ['epoll_wait(5,  <unfinished ...>', 'unfinished'],
  ])('%s never returns', (line, state) => {
    expect(call(line)).toMatchObject({ state, result: null, durationUs: null });
  });

  test('the process ends in it', () => {
    const lines = [
      '1 1.0 epoll_wait(5,  <unfinished ...>',
      '1 2.0 <... epoll_wait resumed> <unfinished ...>) = ?',
    ];
    expect(call(...lines)).toMatchObject({ name: 'epoll_wait', fd: 5, result: null });
  });
});

describe('remarks', () => {
  test.each([
    ['--- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER} ---', 'signal', 'SIGPIPE'],
    ['--- stopped by SIGSTOP ---', 'stopped', 'SIGSTOP'],
    ['+++ exited with 3 +++', 'exited', '3'],
    ['+++ killed by SIGKILL +++', 'killed', 'SIGKILL'],
    ['+++ killed by SIGSEGV (core dumped) +++', 'killed', 'SIGSEGV (core dumped)'],
  ])('%s', (line, what, words) => {
    expect(remark(`7<node> 1700000000.5 ${line}`)).toMatchObject({ what, text: words, tid: 7 });
  });
});

test.each([
  '',
  'strace: Process 4711 attached with 11 threads',
  ' > /usr/lib/libc.so.6(accept4+0x5c) [0x10cdec]',
  '% time     seconds  usecs/call     calls    errors syscall',
  'close(3',
  'close(3) =',
  'not a line at all',
])('%j is none of its lines', (line) => {
  expect(readLog(line)).toEqual([]);
});

test('whatever is in a file, reading it ends', () => {
  const scraps = ['"', '\\', '(', ')', '<', '>', '->', ' = ', '<unfinished ...>', '3', 'read', ' '];
  const line = fc.array(fc.constantFrom(...scraps, '\n', 'ä'), { maxLength: 40 });
  fc.assert(
    fc.property(line, (parts) => {
      expect(Array.isArray(readLog(parts.join('')))).toBe(true);
    }),
  );
});
