// One message: recv send recvfrom sendto recvmsg sendmsg.
//
// recvmsg and sendmsg take three forms, told apart by the number and kind of their arguments:
//   (fd, buffer, offset, length, flags)   one buffer, nothing allocated
//   (fd, view, pairs, iovcnt, flags)      several parts of one view, nothing allocated
//   (fd, message, flags)                  a plain object, with a name and control messages
#include <sys/socket.h>
#include <sys/uio.h>

#include "address.h"
#include "call.h"
#include "iovec.h"
#include "message_header.h"

namespace syskv {
namespace {

napi_value Recv(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const Bytes buffer = call.Range(1, "buffer");
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::recv(fd, buffer.data, buffer.length, flags));
}

napi_value Send(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const Bytes buffer = call.Range(1, "buffer");
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::send(fd, buffer.data, buffer.length, flags));
}

napi_value Recvfrom(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  const Bytes buffer = call.Range(1, "buffer");
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  const bool wanted = call.OptionalObject(5, "address");
  if (!call.ok()) return nullptr;
  if (!wanted) {
    return call.Result(::recvfrom(fd, buffer.data, buffer.length, flags, nullptr, nullptr));
  }
  Address peer;
  const int64_t rc = Outcome(
      ::recvfrom(fd, buffer.data, buffer.length, flags, peer.data(), peer.length_pointer()));
  if (rc >= 0 && !peer.FillIn(call, call.argument(5), "address")) return nullptr;
  return call.Number(rc);
}

napi_value Sendto(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "sockfd");
  Address peer;
  const bool given = call.OptionalObject(5, "address");
  if (given) peer.Read(call, call.argument(5), "address");
  const Bytes buffer = call.Range(1, "buffer");
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::sendto(fd, buffer.data, buffer.length, flags,
                              given ? peer.data() : nullptr, given ? peer.length() : 0));
}

constexpr size_t kObjectArguments = 3;

using Transfer = ssize_t (*)(int, msghdr*, int);

ssize_t Receive(int fd, msghdr* header, int flags) { return ::recvmsg(fd, header, flags); }
ssize_t Dispatch(int fd, msghdr* header, int flags) { return ::sendmsg(fd, header, flags); }

napi_value TransferParts(Call& call, Transfer transfer) {
  const int fd = call.Int(0, "sockfd");
  IoVector vector(call, 1);
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  if (!call.ok()) return nullptr;
  msghdr header = {};
  header.msg_iov = vector.data();
  header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(vector.count());
  return call.Result(transfer(fd, &header, flags));
}

napi_value TransferBuffer(Call& call, Transfer transfer) {
  const int fd = call.Int(0, "sockfd");
  const Bytes buffer = call.Range(1, "buffer");
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  if (!call.ok()) return nullptr;
  iovec part = {buffer.data, buffer.length};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  return call.Result(transfer(fd, &header, flags));
}

napi_value ReceiveMessage(Call& call) {
  const int fd = call.Int(0, "sockfd");
  MessageHeader message;
  message.ReadIncoming(call, call.argument(1));
  const auto flags = static_cast<int>(call.Flags(2, "flags"));
  message.Resolve(call);
  if (!call.ok()) return nullptr;
  const int64_t rc = Outcome(::recvmsg(fd, message.header(), flags));
  if (rc >= 0 && !message.FillIn(call)) return nullptr;
  return call.Number(rc);
}

napi_value SendMessage(Call& call) {
  const int fd = call.Int(0, "sockfd");
  MessageHeader message;
  message.ReadOutgoing(call, call.argument(1));
  const auto flags = static_cast<int>(call.Flags(2, "flags"));
  message.Resolve(call);
  if (!call.ok()) return nullptr;
  return call.Result(::sendmsg(fd, message.header(), flags));
}

napi_value Recvmsg(napi_env env, napi_callback_info info) {
  Call call(env, info);
  if (call.count() <= kObjectArguments) return ReceiveMessage(call);
  return call.IsA(2, napi_object) ? TransferParts(call, Receive) : TransferBuffer(call, Receive);
}

napi_value Sendmsg(napi_env env, napi_callback_info info) {
  Call call(env, info);
  if (call.count() <= kObjectArguments) return SendMessage(call);
  return call.IsA(2, napi_object) ? TransferParts(call, Dispatch) : TransferBuffer(call, Dispatch);
}

void SendingConstants(Exports& exports) {
  SYSKV_CONSTANT(exports, MSG_DONTROUTE);
  SYSKV_CONSTANT(exports, MSG_DONTWAIT);
  SYSKV_CONSTANT(exports, MSG_EOR);
  SYSKV_CONSTANT(exports, MSG_OOB);
#ifdef MSG_NOSIGNAL
  SYSKV_CONSTANT(exports, MSG_NOSIGNAL);
#endif
#ifdef MSG_CONFIRM
  SYSKV_CONSTANT(exports, MSG_CONFIRM);
#endif
#ifdef MSG_MORE
  SYSKV_CONSTANT(exports, MSG_MORE);
#endif
#ifdef MSG_FASTOPEN
  SYSKV_CONSTANT(exports, MSG_FASTOPEN);
#endif
#ifdef MSG_ZEROCOPY
  SYSKV_CONSTANT(exports, MSG_ZEROCOPY);
#endif
}

void ReceivingConstants(Exports& exports) {
  SYSKV_CONSTANT(exports, MSG_CTRUNC);
  SYSKV_CONSTANT(exports, MSG_PEEK);
  SYSKV_CONSTANT(exports, MSG_TRUNC);
  SYSKV_CONSTANT(exports, MSG_WAITALL);
  SYSKV_CONSTANT(exports, SCM_RIGHTS);
#ifdef MSG_CMSG_CLOEXEC
  SYSKV_CONSTANT(exports, MSG_CMSG_CLOEXEC);
#endif
#ifdef MSG_ERRQUEUE
  SYSKV_CONSTANT(exports, MSG_ERRQUEUE);
#endif
#ifdef MSG_WAITFORONE
  SYSKV_CONSTANT(exports, MSG_WAITFORONE);
#endif
#ifdef SCM_CREDENTIALS
  SYSKV_CONSTANT(exports, SCM_CREDENTIALS);
#endif
#ifdef SCM_TIMESTAMP
  SYSKV_CONSTANT(exports, SCM_TIMESTAMP);
#endif
}

}  // namespace

void RegisterMessage(Exports& exports) {
  exports.Function("recv", Recv);
  exports.Function("send", Send);
  exports.Function("recvfrom", Recvfrom);
  exports.Function("sendto", Sendto);
  exports.Function("recvmsg", Recvmsg);
  exports.Function("sendmsg", Sendmsg);
  SendingConstants(exports);
  ReceivingConstants(exports);
}

}  // namespace syskv
