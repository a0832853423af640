/**
 * The two halves of the modes in which the main thread only accepts: it puts each client's
 * descriptor into a queue, and a worker takes it and keeps the client until it leaves.
 */
import { acceptBlocking } from './accept.ts';
import { converse } from './conversation.ts';
import { CLIENT_SLOT, type Driver, type DriverContext, LISTENER_SLOT } from './driver.ts';
import { Waits } from './waits.ts';

/** What the accepting thread does before it takes the next client. */
export type Preparation = (context: DriverContext) => boolean;

/**
 * The accepting half. `prepare` may wait or start a worker; false when a stop was asked for
 * instead. A descriptor that finds no taker before the stop is closed here.
 */
export function acceptInto(prepare: Preparation): Driver {
  return (context) => {
    const { posix, stop, crew } = context;
    const [listener] = context.listeners;
    const givenUp = () => stop.requested();
    stop.guard(LISTENER_SLOT, listener);
    while (prepare(context)) {
      crew!.awaitClient(listener);
      const fd = acceptBlocking(context, listener);
      if (fd < 0) break;
      if (!crew!.handOver(fd, givenUp)) posix.close(fd);
    }
    stop.guard(LISTENER_SLOT, -1);
    posix.close(listener);
  };
}

/** The serving half: one client after the other, each to its end. */
export const serveFromQueue: Driver = (context) => {
  const { stop, taker } = context;
  const waits = new Waits(context, -1);
  // The queue asks before it sleeps, and each time that it looks up.
  const givenUp = () => {
    waits.look();
    return stop.requested();
  };
  for (;;) {
    const fd = taker!.take(givenUp);
    if (fd < 0) break;
    try {
      converse(context, waits, fd, 0, CLIENT_SLOT);
    } finally {
      taker!.left();
    }
  }
};
