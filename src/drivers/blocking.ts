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
import { CLIENT_SLOT, type Driver, LISTENER_SLOT } from './driver.ts';
import { Waits } from './waits.ts';

export const blocking: Driver = (context) => {
  const { posix, stop, listeners } = context;
  const [listener] = listeners;
  const waits = new Waits(context, listener);
  stop.guard(LISTENER_SLOT, listener);
  for (;;) {
    const fd = acceptBlocking(context, listener, waits);
    if (fd < 0) break;
    converse(context, waits, fd, 0, CLIENT_SLOT);
  }
  stop.guard(LISTENER_SLOT, -1);
  posix.close(listener);
};
