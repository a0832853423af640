/**
 * A thread for each client: main only calls accept4; each client gets a worker thread of its
 * own, which blocks in recvmsg. A worker whose client has left takes the next one, so threads are
 * made only as the number of clients grows. At the bound nobody is accepted until a client leaves:
 * the next one waits in the backlog.
 */
import type { Driver, DriverContext } from './driver.ts';
import { acceptInto, serveFromQueue } from './handing-over.ts';

export const threadPerConnection: Driver = acceptInto(prepareWorker);
export const connectionWorker: Driver = serveFromQueue;

/** One idle worker is kept ahead of need: starting a thread takes longer than serving a request. */
function prepareWorker({ stop, crew }: DriverContext): boolean {
  while (crew!.idle() <= 0 && !stop.requested() && !crew!.start()) {
    crew!.full();
    crew!.waitForDeparture();
  }
  return !stop.requested();
}
