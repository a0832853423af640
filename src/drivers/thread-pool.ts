/**
 * A fixed crew of threads: main only calls accept4 and puts the descriptor into a bounded queue; a
 * worker takes it, blocks in its recvmsg, and keeps the client for its whole session.
 *
 * The limit is built in: as many idle clients as there are workers, and the next client is
 * accepted, queued, and not answered until one of them leaves. The cure is an event loop.
 */

import type { Driver } from './driver.ts';
import { acceptInto, serveFromQueue } from './handing-over.ts';

export const threadPool: Driver = acceptInto(({ stop }) => !stop.requested());
export const threadPoolWorker: Driver = serveFromQueue;
