/** Lines of a log in, a few words out. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/observe/explain.ts';
import { Story } from '../../src/observe/story.ts';
import { readLog } from '../../src/observe/strace/reader.ts';

function wordsFor(line: string): string {
  const [event] = readLog(`4711 1700000000.000001 ${line}\n`);
  return explain(new Story().tell(event));
}

describe('the last lines of a log', () => {
  test.each([
    ['poll([{fd=3, events=POLLIN}], 1, -1) = ? <unavailable>', 'when the thread ended'],
    ['accept4(3, NULL, NULL, 0) = ?', 'fd 3: had not returned when the thread ended'],
    ['recvmsg(7, 0x7f00, 0) = ?', 'fd 7: had not returned when the thread ended'],
    ['futex(0x7f00, FUTEX_WAIT, 0, NULL) = ?', 'had not returned when the thread ended'],
    ['socket(AF_INET, SOCK_STREAM, 0) = ?', 'had not returned when the thread ended'],
  ])('%s', (line, words) => {
    expect(wordsFor(line)).toContain(words);
  });
});

describe('a signal comes', () => {
  const SELECT = 'pselect6(22, [3 19], [], NULL, NULL, NULL)';
  test.each([
    [`${SELECT} = ? ERESTARTNOHAND (To be restarted if no handler)`, 'interrupted by a signal'],
    [`${SELECT} = -1 EINTR (Interrupted system call)`, 'interrupted by a signal'],
    ['poll([{fd=3, events=POLLIN}], 1, -1) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)'],
    ['epoll_wait(21, [], 1024, -1) = -1 EINTR (Interrupted system call)'],
    ['accept4(3, NULL, NULL, 0) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)'],
    ['recvmsg(7, 0x7f00, 0) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)'],
    ['sendmsg(7, 0x7f00, 0) = ? ERESTARTNOINTR (To be restarted)'],
    ['futex(0x7f00, FUTEX_WAIT, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)'],
    ['io_uring_enter(21, 0, 1, IORING_ENTER_GETEVENTS, NULL, 8) = -1 EINTR (Interrupted)'],
  ])('%s', (line, words = 'interrupted by a signal') => {
    expect(wordsFor(line).replace(/^fd \d+: /, '')).toBe(words);
  });

  test('select names no descriptor: its first argument is a bound', () => {
    expect(wordsFor(`${SELECT} = -1 EINTR (Interrupted system call)`)).not.toContain('fd');
  });
});

describe('a call that took long', () => {
  const SOCKET = '7<TCP:[127.0.0.1:6379->127.0.0.1:4000]>';
  function lastOf(flags: string) {
    const story = new Story();
    const accept = `accept4(3<TCP:[127.0.0.1:6379]>, NULL, NULL, ${flags}) = ${SOCKET} <0.000010>`;
    const receive = `recvmsg(${SOCKET}, 0x7f00, 0) = -1 EAGAIN (Again) <0.095000>`;
    const log = [accept, receive].map((call, i) => `4711 170000000${i}.000001 ${call}\n`);
    return readLog(log.join('')).map((event) => story.tell(event))[1];
  }

  test('was slept in, where the socket blocks', () => {
    const told = lastOf('SOCK_CLOEXEC');
    expect([told.blocked, explain(told)]).toEqual([true, 'fd 7: the time is up (EAGAIN)']);
  });

  test('was not, where it does not: the machine was busy', () => {
    const told = lastOf('SOCK_CLOEXEC|SOCK_NONBLOCK');
    expect([told.blocked, explain(told)]).toEqual([false, 'fd 7: nothing there (EAGAIN)']);
  });
});
