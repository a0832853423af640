/**
 * epoll(7), Linux: the kernel keeps the list of what is watched, and a wait costs by what is ready,
 * not by what is watched. Level-triggered, an event comes back as long as its cause lasts; edge-
 * triggered (EPOLLET), it tells only that something has changed.
 */

import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { FAILED, type Poller, READABLE, READY_EVENTS, READY_WORDS, WRITABLE } from './poller.ts';

export function create(posix: Posix): Poller {
  return createEpoll(posix, 0);
}

export function createEdgeTriggered(posix: Posix): Poller {
  return createEpoll(posix, posix.constants.EPOLLET);
}

function createEpoll(posix: Posix, trigger: number): Poller {
  const {
    EPOLL_CLOEXEC,
    EPOLL_EVENT_WORDS,
    EPOLL_CTL_ADD,
    EPOLL_CTL_MOD,
    EPOLL_CTL_DEL,
    EPOLL_EVENT_DATA,
    EPOLLIN,
    EPOLLOUT,
    EPOLLERR,
    EPOLLHUP,
  } = posix.constants;
  const { epoll_ctl, epoll_wait } = posix;
  const ready = new Int32Array(READY_EVENTS * READY_WORDS);
  const epfd = check(posix.epoll_create1(EPOLL_CLOEXEC), 'epoll_create1');
  const events = new Int32Array(READY_EVENTS * EPOLL_EVENT_WORDS);

  function add(fd: number, generation: number, interest: number): number {
    return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, maskOf(interest), fd, generation);
  }

  function modify(fd: number, generation: number, interest: number): number {
    return epoll_ctl(epfd, EPOLL_CTL_MOD, fd, maskOf(interest), fd, generation);
  }

  function remove(fd: number): number {
    return epoll_ctl(epfd, EPOLL_CTL_DEL, fd, 0, 0, 0);
  }

  function wait(timeoutMs: number): number {
    const count = epoll_wait(epfd, events, READY_EVENTS, timeoutMs);
    for (let i = 0; i < count; i++) {
      const event = i * EPOLL_EVENT_WORDS;
      ready[i * READY_WORDS] = events[event + EPOLL_EVENT_DATA];
      ready[i * READY_WORDS + 1] = events[event + EPOLL_EVENT_DATA + 1];
      ready[i * READY_WORDS + 2] = readinessOf(events[event]);
    }
    return count;
  }

  function close(): void {
    posix.close(epfd);
  }

  function maskOf(interest: number): number {
    return (interest & READABLE ? EPOLLIN : 0) | (interest & WRITABLE ? EPOLLOUT : 0) | trigger;
  }

  function readinessOf(mask: number): number {
    return (
      (mask & EPOLLIN ? READABLE : 0) |
      (mask & EPOLLOUT ? WRITABLE : 0) |
      (mask & (EPOLLERR | EPOLLHUP) ? FAILED : 0)
    );
  }

  return { ready, edgeTriggered: trigger !== 0, add, modify, remove, wait, close };
}
