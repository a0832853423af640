// Sockets: socket bind listen accept accept4 connect shutdown getsockname getpeername getsockopt
// setsockopt socketpair.
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "address.h"
#include "call.h"

// Missing on macOS.
#if defined(__linux__) || defined(__FreeBSD__) || defined(__OpenBSD__)
#define SYSKV_HAS_ACCEPT4 1
#endif

namespace syskv {
namespace {

napi_value Socket(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int domain = call.Int(0, "domain");
  const int type = call.Int(1, "type");
  const int protocol = call.Int(2, "protocol");
  if (!call.ok()) return nullptr;
  return call.Result(::socket(domain, type, protocol));
}

napi_value Bind(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  Address address(call, call.argument(1), "address");
  if (!call.ok()) return nullptr;
  return call.Result(::bind(fd, address.data(), address.length()));
}

napi_value Listen(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const int backlog = call.Int(1, "backlog");
  if (!call.ok()) return nullptr;
  return call.Result(::listen(fd, backlog));
}

napi_value Connect(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  Address address(call, call.argument(1), "address");
  if (!call.ok()) return nullptr;
  return call.Result(::connect(fd, address.data(), address.length()));
}

// The end of accept and accept4. Where the caller's object cannot be filled in, nobody would learn
// the descriptor's number: it is closed.
napi_value Accepted(Call& call, int64_t rc, const Address& peer) {
  if (rc >= 0 && !peer.FillIn(call, call.argument(1), "address")) {
    ::close(static_cast<int>(rc));
    return nullptr;
  }
  return call.Number(rc);
}

napi_value Accept(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const bool wanted = call.OptionalObject(1, "address");
  if (!call.ok()) return nullptr;
  if (!wanted) return call.Result(::accept(fd, nullptr, nullptr));
  Address peer;
  const int64_t rc = Outcome(::accept(fd, peer.data(), peer.length_pointer()));
  return Accepted(call, rc, peer);
}

#ifdef SYSKV_HAS_ACCEPT4
napi_value Accept4(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const bool wanted = call.OptionalObject(1, "address");
  const auto flags = static_cast<int>(call.Flags(2, "flags"));
  if (!call.ok()) return nullptr;
  if (!wanted) return call.Result(::accept4(fd, nullptr, nullptr, flags));
  Address peer;
  const int64_t rc = Outcome(::accept4(fd, peer.data(), peer.length_pointer(), flags));
  return Accepted(call, rc, peer);
}
#endif

napi_value Shutdown(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const int how = call.Int(1, "how");
  if (!call.ok()) return nullptr;
  return call.Result(::shutdown(fd, how));
}

using NameOf = int (*)(int, sockaddr*, socklen_t*);

napi_value Name(napi_env env, napi_callback_info info, NameOf name_of) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  call.RequiredObject(1, "address");
  if (!call.ok()) return nullptr;
  Address address;
  const int64_t rc = Outcome(name_of(fd, address.data(), address.length_pointer()));
  if (rc >= 0 && !address.FillIn(call, call.argument(1), "address")) return nullptr;
  return call.Number(rc);
}

napi_value Getsockname(napi_env env, napi_callback_info info) {
  return Name(env, info, [](int fd, sockaddr* name, socklen_t* length) {
    return ::getsockname(fd, name, length);
  });
}

napi_value Getpeername(napi_env env, napi_callback_info info) {
  return Name(env, info, [](int fd, sockaddr* name, socklen_t* length) {
    return ::getpeername(fd, name, length);
  });
}

// Two answers of Linux are not bound by optlen: a filter's length counts instructions, not bytes,
// and a zero-copy receive names memory to write to.
bool WritesPastOptval(int level, int optname) {
#ifdef SO_GET_FILTER
  if (level == SOL_SOCKET && optname == SO_GET_FILTER) return true;
#endif
#ifdef TCP_ZEROCOPY_RECEIVE
  if (level == IPPROTO_TCP && optname == TCP_ZEROCOPY_RECEIVE) return true;
#endif
  return false;
}

// Returns the length that the kernel gave the value, where C gets it through `optlen`.
napi_value Getsockopt(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const int level = call.Int(1, "level");
  const int optname = call.Int(2, "optname");
  const Bytes optval = call.Memory(3, "optval");
  if (call.ok() && WritesPastOptval(level, optname)) {
    call.RangeError("optname", "an option whose value is no longer than optval");
  }
  if (!call.ok()) return nullptr;
  auto optlen = static_cast<socklen_t>(std::min<size_t>(optval.length, INT32_MAX));
  const int64_t rc = Outcome(::getsockopt(fd, level, optname, optval.data, &optlen));
  return call.Number(rc < 0 ? rc : static_cast<int64_t>(optlen));
}

napi_value Setsockopt(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const int level = call.Int(1, "level");
  const int optname = call.Int(2, "optname");
  if (call.IsA(3, napi_number)) {
    const uint32_t number = call.Flags(3, "optval");
    if (!call.ok()) return nullptr;
    return call.Result(::setsockopt(fd, level, optname, &number, sizeof(number)));
  }
  const Bytes optval = call.Memory(3, "optval");
  if (!call.ok()) return nullptr;
  const auto optlen = static_cast<socklen_t>(std::min<size_t>(optval.length, INT32_MAX));
  return call.Result(::setsockopt(fd, level, optname, optval.data, optlen));
}

napi_value Socketpair(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int domain = call.Int(0, "domain");
  const int type = call.Int(1, "type");
  const int protocol = call.Int(2, "protocol");
  const Words fds = call.Pair(3, "sv");
  if (!call.ok()) return nullptr;
  // Linux writes the numbers before it knows that the family has no pairs: a failure shows none.
  int pair[2];
  const int64_t rc = Outcome(::socketpair(domain, type, protocol, pair));
  if (rc == 0) std::copy(pair, pair + 2, fds.data);
  return call.Number(rc);
}

}  // namespace

void RegisterSocket(Exports& exports) {
  exports.Function("socket", Socket);
  exports.Function("bind", Bind);
  exports.Function("listen", Listen);
  exports.Function("connect", Connect);
  exports.Function("accept", Accept);
#ifdef SYSKV_HAS_ACCEPT4
  exports.Function("accept4", Accept4);
#endif
  exports.Function("shutdown", Shutdown);
  exports.Function("getsockname", Getsockname);
  exports.Function("getpeername", Getpeername);
  exports.Function("getsockopt", Getsockopt);
  exports.Function("setsockopt", Setsockopt);
  exports.Function("socketpair", Socketpair);
  SocketConstants(exports);
}

}  // namespace syskv
