/**
 * What becomes of a loop that dies by an error: the connections of a thread that nobody serves any
 * more would wait for ever, and so would the clients that the kernel goes on sending to its
 * listener. So both are closed, as far as they still are what the loop believes.
 */
import type { DriverContext, Session } from './driver.ts';

/** A loop as those who run it see it. */
export interface Loop {
  /** Serves until a stop. */
  run(): void;
  /** After `run` has thrown: closes all that is left. Throws nothing. */
  abandon(): void;
}

/** Makes and runs a loop; where either fails, nothing of it stays open, and the error goes on. */
export function runLoop(context: DriverContext, create: () => Loop): void {
  let loop: Loop | undefined;
  try {
    loop = create();
    loop.run();
  } catch (error) {
    if (loop === undefined) closeListeners(context);
    else loop.abandon();
    // The next loop of this thread begins with nothing to send.
    context.out.clear();
    throw error;
  }
}

export function closeListeners({ posix, listeners }: DriverContext): void {
  for (const fd of listeners) posix.close(fd);
}

/** Its client sees the end; whatever the server knew of it is given back. */
export function abandonConnection(context: DriverContext, fd: number, session: Session): void {
  try {
    context.service.close(fd, session, 'shutdown', 0);
  } catch {
    // In the state that the error has left, this may fail as well: the others are closed all the
    // same.
  }
  closeForBoth(context, fd);
}

/** A request of io_uring may hold the socket open after `close`: its peer is to know at once. */
export function closeForBoth({ posix }: DriverContext, fd: number): void {
  posix.shutdown(fd, posix.constants.SHUT_RDWR);
  posix.close(fd);
}
