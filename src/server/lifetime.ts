/**
 * The life of a thread among others: it serves until a stop. One that dies by an error has closed
 * what it served (drivers/abandon.ts); it says why, and begins anew on the same thread, later each
 * time. The thread that finds no other one serving ends the server.
 */
import { performance } from 'node:perf_hooks';
import type { Stop } from '../drivers/driver.ts';
import type { Posix } from '../posix/posix.ts';
import { BackOff } from './back-off.ts';
import { type Board, ENDED, LOST, PREPARING } from './board.ts';
import { CONNECTED_CLIENTS } from './counters.ts';
import { Log } from './log.ts';
import { stopOf } from './shutdown.ts';
import type { ThreadStart } from './thread.ts';

export interface Life {
  readonly posix: Posix;
  readonly board: Board;
  readonly start: ThreadStart;
  /** Makes ready, says that it serves (`board.setState`), and serves until a stop. */
  serve(): void;
}

/** Returns when a stop was asked for, or when the server has been given up. */
export function live({ posix, board, start, serve }: Life): void {
  const { thread, role, options } = start;
  const stop = stopOf(posix, board, thread, role);
  const log = new Log(options.loglevel);
  const backOff = new BackOff();
  do {
    board.setState(thread, PREPARING);
    backOff.begun();
    try {
      serve();
    } catch (error) {
      const waitMs = backOff.lost();
      bury(board, log, thread, stop.requested(), `${(error as Error).message}`, waitMs);
      sleep(posix, stop, waitMs);
    }
  } while (!stop.requested());
  board.setState(thread, ENDED);
}

function bury(
  board: Board,
  log: Log,
  thread: number,
  stopping: boolean,
  why: string,
  waitMs: number,
): void {
  board.setState(thread, LOST);
  // Whatever the loop could not count out has gone as well.
  board.countersOf(thread)[CONNECTED_CLIENTS] = 0;
  const what = `thread ${thread} died: ${why}`;
  if (stopping) return log.warning(what);
  if (board.hasHope) {
    return log.warning(`${what}; its clients are disconnected, it starts again in ${waitMs} ms`);
  }
  log.warning(`${what}; no other thread serves clients: the server ends`);
  board.giveUp(what);
}

/** Until the time has passed or a stop is asked for. A signal may end the call sooner. */
function sleep(posix: Posix, stop: Stop, waitMs: number): void {
  const watched = new Int32Array([stop.eventfd, posix.constants.POLLIN]);
  const untilMs = performance.now() + waitMs;
  for (let leftMs = waitMs; leftMs > 0 && !stop.requested(); ) {
    posix.poll(watched, 1, Math.ceil(leftMs));
    leftMs = untilMs - performance.now();
  }
}
