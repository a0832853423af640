/**
 * The model of the first chapter: one thread, one client at a time.
 *
 *     accept4 → recvmsg, sendmsg, recvmsg, sendmsg … until EOF → close → accept4
 *
 * While one client is served nobody calls accept4: the next ones wait in the kernel's backlog, with
 * their connection established and their first request already sent, and see no answer.
 */
import { acceptBlocking } from './accept.ts';
import { converse } from './conversation.ts';
import { CLIENT_SLOT, type Driver } from './driver.ts';
import { acceptRest, Farewell } from './stopping.ts';
import { Waits } from './waits.ts';

export const blocking: Driver = (context) => {
  const { posix, listeners } = context;
  const [listener] = listeners;
  const waits = new Waits(context, listener);
  const farewell = new Farewell(context);
  for (;;) {
    const fd = acceptBlocking(context, listener, waits);
    if (fd < 0) break;
    converse(context, waits, farewell, fd, CLIENT_SLOT);
  }
  acceptRest(context, listener, 0, (fd) => {
    converse(context, waits, farewell, fd, CLIENT_SLOT);
    return !farewell.isLate;
  });
  posix.close(listener);
  farewell.finish();
};
