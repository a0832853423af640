/**
 * How a server is asked to stop: by a signal, which lands on any thread and at any moment, or by
 * another thread (`server.close()`, or main telling its workers).
 *
 * The signal's handler (native/signal.cc) counts it, writes to an eventfd and shuts down the
 * guarded descriptors; `Board.requestStop` does the same for all threads. Each covers one way of
 * being asleep: a loop in epoll_wait sees the eventfd, a thread blocked in accept4 or recvmsg is
 * woken by the shutdown, and a thread that is awake sees the count. A stop that comes between the
 * check and the blocking call is not lost, since what it does to the descriptor lasts: the call
 * returns at once.
 */
import { LISTENER_SLOT, type Stop } from '../drivers/driver.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { Board } from './board.ts';

/** The signals that ask for an orderly stop. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * A terminal that goes away (SIGHUP) is no reason to stop, as with Redis: a server that was started
 * in the background outlives it, and there is no configuration file to be read again. For a process
 * of which the server is the whole.
 */
export function ignoreHangUp(posix: Posix): void {
  const { SIGHUP, SIG_IGN } = posix.constants;
  check(posix.sigaction(SIGHUP, SIG_IGN, 0), 'sigaction');
}

/**
 * Installs the handlers. No SA_RESTART: blocked calls end with EINTR. SA_RESETHAND: the second
 * Ctrl+C finds the default disposition and ends the process at once.
 */
export function installSignals(posix: Posix, eventfd: number): void {
  const c = posix.constants;
  Atomics.store(posix.signalBlock, c.SIGNAL_EVENTFD, eventfd);
  for (const name of STOP_SIGNALS) {
    check(posix.sigaction(c[name], c.SIG_NOTIFY, c.SA_RESETHAND), 'sigaction');
  }
}

/**
 * Who a thread is to the signals: whether they stop it, and whether it is the process' main one.
 */
export interface SignalRole {
  readonly signals: boolean;
  readonly mainThread: boolean;
  /** Whether no other process accepts from this one's listener. */
  readonly acceptsAlone: boolean;
}

/** The stop as thread `thread` of a server sees it. */
export function stopOf(posix: Posix, board: Board, thread: number, role: SignalRole): Stop {
  const { SHUT_RD, SIGNAL_KEEP_BACKLOG } = posix.constants;
  // Of several processes that accept, the one that sleeps on might not get the client that waits.
  const backlog = role.acceptsAlone ? SIGNAL_KEEP_BACKLOG : 0;
  const signalled = role.signals ? signalCheck(posix) : () => false;
  const requested = () => board.stopRequested || signalled();
  return {
    eventfd: board.eventfd,
    requested,
    guard(slot, fd) {
      // Each descriptor stands in one list: the handler's, or that of the other threads. A process
      // of prefork shares the board, but its numbers mean nothing to the others.
      const word = fd >= 0 && slot === LISTENER_SLOT ? fd | backlog : fd;
      if (role.signals && role.mainThread) guardFromSignals(posix, slot, word);
      else board.guard(thread, slot, word);
      // A stop that had passed this place before the descriptor stood in it. The accepting
      // thread asks whether there was one, and keeps its backlog.
      if (fd >= 0 && slot !== LISTENER_SLOT && requested()) posix.shutdown(fd, SHUT_RD);
    },
  };
}

function guardFromSignals(posix: Posix, slot: number, word: number): void {
  Atomics.store(posix.signalBlock, posix.constants.SIGNAL_SHUTDOWN + slot, word);
}

function signalCheck(posix: Posix): () => boolean {
  const block = posix.signalBlock;
  const [first, second] = STOP_SIGNALS.map(
    (name) => posix.constants.SIGNAL_COUNT + posix.constants[name],
  );
  return () => (Atomics.load(block, first) | Atomics.load(block, second)) !== 0;
}
