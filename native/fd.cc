// Descriptors: read write readv writev close fcntl pipe2 eventfd eventfd_read eventfd_write timerfd.
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "call.h"
#include "iovec.h"

namespace syskv {
namespace {

napi_value Read(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const Bytes buffer = call.Range(1, "buffer");
  if (!call.ok()) return nullptr;
  return call.Result(::read(fd, buffer.data, buffer.length));
}

napi_value Write(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const Bytes buffer = call.Range(1, "buffer");
  if (!call.ok()) return nullptr;
  return call.Result(::write(fd, buffer.data, buffer.length));
}

napi_value Readv(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  IoVector vector(call, 1);
  if (!call.ok()) return nullptr;
  return call.Result(::readv(fd, vector.data(), vector.count()));
}

napi_value Writev(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  IoVector vector(call, 1);
  if (!call.ok()) return nullptr;
  return call.Result(::writev(fd, vector.data(), vector.count()));
}

napi_value Close(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  if (!call.ok()) return nullptr;
  return call.Result(::close(fd));
}

}  // namespace

void RegisterFd(Exports& exports) {
  exports.Function("read", Read);
  exports.Function("write", Write);
  exports.Function("readv", Readv);
  exports.Function("writev", Writev);
  exports.Function("close", Close);
  SYSKV_CONSTANT(exports, O_NONBLOCK);
  SYSKV_CONSTANT(exports, O_CLOEXEC);
}

}  // namespace syskv
