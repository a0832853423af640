/*
 * The floor: what the kernel alone asks for. One thread, epoll, level-triggered, one recvmsg an
 * event, one sendmsg for all replies that a read has earned: the shape of our own epoll loop, in C,
 * without a store.
 *
 *     floor PORT BULKS BYTES      prints `listening on 127.0.0.1:PORT`
 */
#define _GNU_SOURCE
#include "floor.h"

#include <sys/epoll.h>
#include <sys/resource.h>

enum { EVENTS_A_TURN = 1024, DESCRIPTORS = 20000 };

static struct connection connections[DESCRIPTORS];
static char input[INPUT_BYTES];

static void watch(int epfd, int operation, int fd, unsigned events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(epfd, operation, fd, &event) < 0) fail("epoll_ctl");
}

static void accept_all(int epfd, int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    if (fd >= DESCRIPTORS) {
      close(fd);
      continue;
    }
    send_at_once(fd);
    connections[fd] = (struct connection){0};
    watch(epfd, EPOLL_CTL_ADD, fd, EPOLLIN);
  }
}

static void serve(int epfd, int fd, unsigned events) {
  struct connection *c = &connections[fd];
  int ended = 0;
  if (events & ~(unsigned)EPOLLOUT) {
    ssize_t got = receive(fd, input);
    ended = got == 0 || (got < 0 && errno != EAGAIN);
    if (got > 0) c->owed += count_requests(c, input, input + got) * (long long)reply_bytes;
  }
  if (ended || answer(c, fd) < 0) {
    close(fd);
    return;
  }
  char waits = c->owed > 0;
  if (waits == c->waits_to_write) return;
  c->waits_to_write = waits;
  watch(epfd, EPOLL_CTL_MOD, fd, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: floor PORT BULKS BYTES\n");
    return 2;
  }
  make_replies(atoi(words[2]), atoi(words[3]));
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = listen_on(atoi(words[1]), SOCK_NONBLOCK);
  int epfd = epoll_create1(EPOLL_CLOEXEC);
  watch(epfd, EPOLL_CTL_ADD, listener, EPOLLIN);
  static struct epoll_event events[EVENTS_A_TURN];
  for (;;) {
    int ready = epoll_wait(epfd, events, EVENTS_A_TURN, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) accept_all(epfd, listener);
      else serve(epfd, fd, events[i].events);
    }
  }
}
