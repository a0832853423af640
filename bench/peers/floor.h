/*
 * What both floors have: replies made once, requests counted, a listener. Requests are framed (the
 * lengths of RESP's headers are read, bodies are stepped over), so that a batch gets as many
 * replies as it has requests, each once its last byte is there; what they ask for is not looked
 * at, and every reply is the same.
 *
 * BULKS 0: `+OK`; 1: a bulk string of BYTES, as GET gives; more: an array of so many, as MGET.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  BACKLOG = 511,
  INPUT_BYTES = 65536,
  /* Copies of the reply that one send may take: a batch of 64 small ones fits many times. */
  REPLIES_BYTES = 65536
};

struct connection {
  /* Bytes of replies that are yet to be sent. */
  long long owed;
  /* Bytes of a bulk's body and its CRLF that are yet to come. */
  long long skip;
  long long number;
  /* Words of the request that are yet to come. */
  long long words;
  /* The header that is being read: '*', '$', or 0. */
  char kind;
  /* Of the epoll floor: EPOLLOUT is watched, too. */
  char waits_to_write;
};

static char *replies;
static size_t reply_bytes;
static size_t replies_bytes;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static size_t append(char *to, int bulks, int bytes) {
  if (bulks == 0) return (size_t)sprintf(to, "+OK\r\n");
  size_t length = bulks == 1 ? 0 : (size_t)sprintf(to, "*%d\r\n", bulks);
  for (int i = 0; i < bulks; i++) {
    length += (size_t)sprintf(to + length, "$%d\r\n", bytes);
    memset(to + length, 'x', (size_t)bytes);
    length += (size_t)bytes;
    length += (size_t)sprintf(to + length, "\r\n");
  }
  return length;
}

/* The reply again and again: any number of them, from anywhere within one, is a part of this. */
static void make_replies(int bulks, int bytes) {
  size_t most = (size_t)(bulks + 1) * ((size_t)bytes + 32);
  char *reply = malloc(most);
  if (reply == NULL) fail("malloc");
  reply_bytes = append(reply, bulks, bytes);
  size_t copies = REPLIES_BYTES / reply_bytes + 1;
  replies_bytes = copies * reply_bytes;
  replies = malloc(replies_bytes);
  if (replies == NULL) fail("malloc");
  for (size_t i = 0; i < copies; i++) memcpy(replies + i * reply_bytes, reply, reply_bytes);
  free(reply);
}

/* A header's line has ended. Returns how many requests that completes. */
static long header_done(struct connection *c) {
  char kind = c->kind;
  c->kind = 0;
  if (kind == '*') {
    c->words = c->number;
    return 0;
  }
  if (kind == '$') {
    c->skip = c->number + 2;
    return 0;
  }
  /* An inline request is one line. */
  return 1;
}

static long count_requests(struct connection *c, const char *at, const char *end) {
  long complete = 0;
  while (at < end) {
    if (c->skip > 0) {
      long long step = c->skip < end - at ? c->skip : end - at;
      at += step;
      c->skip -= step;
      if (c->skip == 0 && --c->words == 0) complete++;
      continue;
    }
    char byte = *at++;
    if (byte >= '0' && byte <= '9') {
      c->number = c->number * 10 + (byte - '0');
    } else if (byte == '*' || byte == '$') {
      c->kind = byte;
      c->number = 0;
    } else if (byte == '\n') {
      complete += header_done(c);
    }
  }
  return complete;
}

/* Sends what is owed, as far as the socket takes it. Returns -1 where the connection has ended. */
static inline int answer(struct connection *c, int fd) {
  while (c->owed > 0) {
    size_t within = (reply_bytes - (size_t)(c->owed % (long long)reply_bytes)) % reply_bytes;
    size_t most = replies_bytes - within;
    size_t length = (size_t)c->owed < most ? (size_t)c->owed : most;
    struct iovec part = {.iov_base = replies + within, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN ? 0 : -1;
    c->owed -= sent;
  }
  return 0;
}

/* By the calls that syskv makes. */
static ssize_t receive(int fd, char *input) {
  struct iovec part = {.iov_base = input, .iov_len = INPUT_BYTES};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  return recvmsg(fd, &message, 0);
}

static void send_at_once(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Prints `listening on 127.0.0.1:PORT`. FLAGS: SOCK_NONBLOCK or 0. */
static int listen_on(int port, int flags) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0) fail("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(fd, BACKLOG) < 0) fail("listen");
  socklen_t length = sizeof address;
  getsockname(fd, (struct sockaddr *)&address, &length);
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

#endif
