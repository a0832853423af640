/**
 * A bounded crew of threads: main only calls accept4 and puts the descriptor into a bounded queue;
 * a worker takes it, blocks in its recvmsg, and keeps the client for its whole session.
 *
 * The limit is built in: as many idle clients as there are workers, and the next client is
 * accepted, queued, and not answered until one of them leaves. The cure is an event loop.
 */

import type { Driver, DriverContext } from './driver.ts';
import { acceptInto, serveFromQueue } from './handing-over.ts';

export const threadPool: Driver = acceptInto(growPool);
export const threadPoolWorker: Driver = serveFromQueue;

/** A large pool is not started whole: it grows while every worker that it has keeps a client. */
function growPool({ stop, crew }: DriverContext): boolean {
  if (crew!.idle() <= 0 && crew!.growing && !crew!.start()) crew!.full();
  return !stop.requested();
}
