// The constants of sockets: what POSIX has is there; the rest where the headers have it.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "call.h"

namespace syskv {
namespace {

void Domains(Exports& exports) {
  SYSKV_CONSTANT(exports, AF_INET);
  SYSKV_CONSTANT(exports, AF_INET6);
  SYSKV_CONSTANT(exports, AF_UNIX);
  SYSKV_CONSTANT(exports, AF_UNSPEC);
  SYSKV_CONSTANT(exports, SOCK_DGRAM);
  SYSKV_CONSTANT(exports, SOCK_RAW);
  SYSKV_CONSTANT(exports, SOCK_SEQPACKET);
  SYSKV_CONSTANT(exports, SOCK_STREAM);
#ifdef SOCK_CLOEXEC
  SYSKV_CONSTANT(exports, SOCK_CLOEXEC);
  SYSKV_CONSTANT(exports, SOCK_NONBLOCK);
#endif
  SYSKV_CONSTANT(exports, SHUT_RD);
  SYSKV_CONSTANT(exports, SHUT_RDWR);
  SYSKV_CONSTANT(exports, SHUT_WR);
  SYSKV_CONSTANT(exports, SOMAXCONN);
  SYSKV_CONSTANT(exports, IPPROTO_ICMP);
  SYSKV_CONSTANT(exports, IPPROTO_IP);
  SYSKV_CONSTANT(exports, IPPROTO_IPV6);
  SYSKV_CONSTANT(exports, IPPROTO_RAW);
  SYSKV_CONSTANT(exports, IPPROTO_TCP);
  SYSKV_CONSTANT(exports, IPPROTO_UDP);
}

void SocketOptions(Exports& exports) {
  SYSKV_CONSTANT(exports, SOL_SOCKET);
  SYSKV_CONSTANT(exports, SO_ACCEPTCONN);
  SYSKV_CONSTANT(exports, SO_BROADCAST);
  SYSKV_CONSTANT(exports, SO_DEBUG);
  SYSKV_CONSTANT(exports, SO_DONTROUTE);
  SYSKV_CONSTANT(exports, SO_ERROR);
  SYSKV_CONSTANT(exports, SO_KEEPALIVE);
  SYSKV_CONSTANT(exports, SO_LINGER);
  SYSKV_CONSTANT(exports, SO_OOBINLINE);
  SYSKV_CONSTANT(exports, SO_RCVBUF);
  SYSKV_CONSTANT(exports, SO_RCVLOWAT);
  SYSKV_CONSTANT(exports, SO_RCVTIMEO);
  SYSKV_CONSTANT(exports, SO_REUSEADDR);
  SYSKV_CONSTANT(exports, SO_REUSEPORT);
  SYSKV_CONSTANT(exports, SO_SNDBUF);
  SYSKV_CONSTANT(exports, SO_SNDLOWAT);
  SYSKV_CONSTANT(exports, SO_SNDTIMEO);
  SYSKV_CONSTANT(exports, SO_TIMESTAMP);
  SYSKV_CONSTANT(exports, SO_TYPE);
}

#ifdef __linux__
void LinuxSocketOptions(Exports& exports) {
  SYSKV_CONSTANT(exports, SO_BINDTODEVICE);
  SYSKV_CONSTANT(exports, SO_BUSY_POLL);
  SYSKV_CONSTANT(exports, SO_DOMAIN);
  SYSKV_CONSTANT(exports, SO_INCOMING_CPU);
  SYSKV_CONSTANT(exports, SO_MARK);
  SYSKV_CONSTANT(exports, SO_MAX_PACING_RATE);
  SYSKV_CONSTANT(exports, SO_PASSCRED);
  SYSKV_CONSTANT(exports, SO_PEEK_OFF);
  SYSKV_CONSTANT(exports, SO_PEERCRED);
  SYSKV_CONSTANT(exports, SO_PRIORITY);
  SYSKV_CONSTANT(exports, SO_PROTOCOL);
  SYSKV_CONSTANT(exports, SO_RCVBUFFORCE);
  SYSKV_CONSTANT(exports, SO_RXQ_OVFL);
  SYSKV_CONSTANT(exports, SO_SNDBUFFORCE);
  SYSKV_CONSTANT(exports, SO_TIMESTAMPNS);
#ifdef SO_INCOMING_NAPI_ID
  SYSKV_CONSTANT(exports, SO_INCOMING_NAPI_ID);
#endif
#ifdef SO_ZEROCOPY
  SYSKV_CONSTANT(exports, SO_ZEROCOPY);
#endif
}
#endif

void ProtocolOptions(Exports& exports) {
  SYSKV_CONSTANT(exports, IPV6_UNICAST_HOPS);
  SYSKV_CONSTANT(exports, IPV6_V6ONLY);
  SYSKV_CONSTANT(exports, IP_TOS);
  SYSKV_CONSTANT(exports, IP_TTL);
#ifdef IP_FREEBIND
  SYSKV_CONSTANT(exports, IP_FREEBIND);
#endif
#ifdef IP_BIND_ADDRESS_NO_PORT
  SYSKV_CONSTANT(exports, IP_BIND_ADDRESS_NO_PORT);
#endif
#ifdef IP_PKTINFO
  SYSKV_CONSTANT(exports, IP_PKTINFO);
#endif
#ifdef IPV6_RECVPKTINFO
  SYSKV_CONSTANT(exports, IPV6_PKTINFO);
  SYSKV_CONSTANT(exports, IPV6_RECVPKTINFO);
#endif
#ifdef SO_NOSIGPIPE
  SYSKV_CONSTANT(exports, SO_NOSIGPIPE);
#endif
}

void TcpOptions(Exports& exports) {
  SYSKV_CONSTANT(exports, TCP_MAXSEG);
  SYSKV_CONSTANT(exports, TCP_NODELAY);
#ifdef TCP_KEEPIDLE
  SYSKV_CONSTANT(exports, TCP_KEEPIDLE);
#endif
#ifdef TCP_KEEPALIVE
  SYSKV_CONSTANT(exports, TCP_KEEPALIVE);
#endif
#ifdef TCP_KEEPINTVL
  SYSKV_CONSTANT(exports, TCP_KEEPCNT);
  SYSKV_CONSTANT(exports, TCP_KEEPINTVL);
#endif
#ifdef TCP_FASTOPEN
  SYSKV_CONSTANT(exports, TCP_FASTOPEN);
#endif
#ifdef TCP_NOPUSH
  SYSKV_CONSTANT(exports, TCP_NOPUSH);
#endif
#ifdef TCP_NOTSENT_LOWAT
  SYSKV_CONSTANT(exports, TCP_NOTSENT_LOWAT);
#endif
}

#ifdef __linux__
void LinuxTcpOptions(Exports& exports) {
  SYSKV_CONSTANT(exports, TCP_CONGESTION);
  SYSKV_CONSTANT(exports, TCP_CORK);
  SYSKV_CONSTANT(exports, TCP_DEFER_ACCEPT);
  SYSKV_CONSTANT(exports, TCP_INFO);
  SYSKV_CONSTANT(exports, TCP_LINGER2);
  SYSKV_CONSTANT(exports, TCP_QUICKACK);
  SYSKV_CONSTANT(exports, TCP_SYNCNT);
  SYSKV_CONSTANT(exports, TCP_USER_TIMEOUT);
  SYSKV_CONSTANT(exports, TCP_WINDOW_CLAMP);
#ifdef TCP_FASTOPEN_CONNECT
  SYSKV_CONSTANT(exports, TCP_FASTOPEN_CONNECT);
#endif
#ifdef TCP_INQ
  SYSKV_CONSTANT(exports, TCP_INQ);
#endif
}

// The values of TCP_INFO's state.
void LinuxTcpStates(Exports& exports) {
  SYSKV_CONSTANT(exports, TCP_ESTABLISHED);
  SYSKV_CONSTANT(exports, TCP_SYN_SENT);
  SYSKV_CONSTANT(exports, TCP_SYN_RECV);
  SYSKV_CONSTANT(exports, TCP_FIN_WAIT1);
  SYSKV_CONSTANT(exports, TCP_FIN_WAIT2);
  SYSKV_CONSTANT(exports, TCP_TIME_WAIT);
  SYSKV_CONSTANT(exports, TCP_CLOSE);
  SYSKV_CONSTANT(exports, TCP_CLOSE_WAIT);
  SYSKV_CONSTANT(exports, TCP_LAST_ACK);
  SYSKV_CONSTANT(exports, TCP_LISTEN);
  SYSKV_CONSTANT(exports, TCP_CLOSING);
}
#endif

}  // namespace

void SocketConstants(Exports& exports) {
  Domains(exports);
  SocketOptions(exports);
  ProtocolOptions(exports);
  TcpOptions(exports);
#ifdef __linux__
  LinuxSocketOptions(exports);
  LinuxTcpOptions(exports);
  LinuxTcpStates(exports);
#endif
}

}  // namespace syskv
