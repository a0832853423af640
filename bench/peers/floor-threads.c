/*
 * The floor of threads: what the kernel asks for where each connection has a thread that blocks.
 * The main thread accepts; a thread makes one recvmsg, and one sendmsg for all replies that it has
 * earned: the shape and the calls of thread-per-connection, in C, without a store. Against the
 * floor of epoll it says what threads cost by themselves, whatever the server is written in.
 *
 *     floor-threads PORT BULKS BYTES      prints `listening on 127.0.0.1:PORT`
 */
#define _GNU_SOURCE
#include "floor.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>

/* Room for the input buffer and the little that a thread calls. */
enum { STACK_BYTES = 256 * 1024 };
/* As many as thread-per-connection has; the next clients wait in the backlog. */
enum { MOST_THREADS = 64 };

static sem_t vacant;

static void *serve(void *argument) {
  int fd = (int)(intptr_t)argument;
  struct connection c = {0};
  char input[INPUT_BYTES];
  for (;;) {
    ssize_t got = receive(fd, input);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    c.owed += count_requests(&c, input, input + got) * (long long)reply_bytes;
    if (answer(&c, fd) < 0) break;
  }
  close(fd);
  sem_post(&vacant);
  return NULL;
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: floor-threads PORT BULKS BYTES\n");
    return 2;
  }
  make_replies(atoi(words[2]), atoi(words[3]));
  int listener = listen_on(atoi(words[1]), 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  sem_init(&vacant, 0, MOST_THREADS);
  for (;;) {
    while (sem_wait(&vacant) < 0) continue;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
      sem_post(&vacant);
      continue;
    }
    send_at_once(fd);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, serve, (void *)(intptr_t)fd) == 0) continue;
    close(fd);
    sem_post(&vacant);
  }
}
