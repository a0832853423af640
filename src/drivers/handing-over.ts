/**
 * The two halves of the modes in which the main thread only accepts: it puts each client's
 * descriptor into a queue, and a worker takes it and keeps the client until it leaves.
 */
import { acceptBlocking } from './accept.ts';
import { converse } from './conversation.ts';
import { CLIENT_SLOT, type Driver, type DriverContext } from './driver.ts';
import { acceptRest, Farewell } from './stopping.ts';
import { Waits } from './waits.ts';

/** What the accepting thread does before it takes the next client. */
export type Preparation = (context: DriverContext) => boolean;

/**
 * The accepting half. `prepare` may wait or start a worker; false when a stop was asked for
 * instead. Clients that find no taker before the stop are answered here.
 */
export function acceptInto(prepare: Preparation): Driver {
  return (context) => {
    const { posix, stop, crew } = context;
    const [listener] = context.listeners;
    const givenUp = () => stop.requested();
    const waits = new Waits(context, -1);
    const farewell = new Farewell(context);
    const serve = (fd: number) => {
      converse(context, waits, farewell, fd, CLIENT_SLOT);
      return !farewell.isLate;
    };
    while (prepare(context)) {
      crew!.awaitClient(listener);
      const fd = acceptBlocking(context, listener);
      if (fd < 0) break;
      if (!crew!.handOver(fd, givenUp)) serve(fd);
    }
    acceptRest(context, listener, 0, serve);
    posix.close(listener);
    // The workers take what is in the queue as well, but they may have ended before it was there.
    for (let fd = crew!.takeBack(); fd >= 0 && serve(fd); ) fd = crew!.takeBack();
    farewell.finish();
  };
}

/** The serving half: one client after the other, each to its end. */
export const serveFromQueue: Driver = (context) => {
  const { stop, taker } = context;
  const waits = new Waits(context, -1);
  const farewell = new Farewell(context);
  // The queue asks before it sleeps, and each time that it looks up.
  const givenUp = () => {
    waits.look();
    return stop.requested();
  };
  for (;;) {
    const fd = taker!.take(givenUp);
    if (fd < 0) break;
    try {
      converse(context, waits, farewell, fd, CLIENT_SLOT);
    } finally {
      taker!.left();
    }
  }
  farewell.finish();
};
