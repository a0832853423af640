// Descriptors: read write readv writev close fcntl dup dup2 dup3 pipe2 eventfd open unlink.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <climits>

#include "arguments.h"
#include "call.h"
#include "iovec.h"

#if __has_include(<sys/eventfd.h>)
#include <sys/eventfd.h>
#define SYSKV_HAS_EVENTFD 1
#endif

// Missing on macOS.
#if defined(__linux__) || defined(__FreeBSD__) || defined(__OpenBSD__)
#define SYSKV_HAS_PIPE2 1
#endif

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

// The others take a pointer: a number there would be an address that the kernel reads or writes.
bool TakesAnInteger(int cmd) {
  switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_GETFD:
    case F_SETFD:
    case F_GETFL:
    case F_SETFL:
    case F_GETOWN:
    case F_SETOWN:
#ifdef __linux__
    case F_GETSIG:
    case F_SETSIG:
    case F_GETLEASE:
    case F_SETLEASE:
    case F_NOTIFY:
    case F_GETPIPE_SZ:
    case F_SETPIPE_SZ:
#endif
#ifdef F_ADD_SEALS
    case F_ADD_SEALS:
    case F_GET_SEALS:
#endif
#ifdef F_SETNOSIGPIPE
    case F_SETNOSIGPIPE:
    case F_GETNOSIGPIPE:
#endif
      return true;
    default:
      return false;
  }
}

napi_value Fcntl(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const int cmd = call.Int(1, "cmd");
  const uint32_t arg = call.Absent(2) ? 0 : call.Flags(2, "arg");
  if (call.ok() && !TakesAnInteger(cmd)) {
    call.RangeError("cmd", "a command whose argument is an integer");
  }
  if (!call.ok()) return nullptr;
  return call.Result(::fcntl(fd, cmd, arg));
}

napi_value Dup(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int oldfd = call.Int(0, "oldfd");
  if (!call.ok()) return nullptr;
  return call.Result(::dup(oldfd));
}

napi_value Dup2(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int oldfd = call.Int(0, "oldfd");
  const int newfd = call.Int(1, "newfd");
  if (!call.ok()) return nullptr;
  return call.Result(::dup2(oldfd, newfd));
}

#ifdef SYSKV_HAS_PIPE2
napi_value Dup3(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int oldfd = call.Int(0, "oldfd");
  const int newfd = call.Int(1, "newfd");
  const auto flags = static_cast<int>(call.Flags(2, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::dup3(oldfd, newfd, flags));
}

napi_value Pipe2(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Words fds = call.Pair(0, "pipefd");
  const auto flags = static_cast<int>(call.Flags(1, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::pipe2(fds.data, flags));
}
#endif

#ifdef SYSKV_HAS_EVENTFD
napi_value Eventfd(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const auto initval = static_cast<unsigned>(call.Integer(0, "initval", 0, UINT32_MAX));
  const auto flags = static_cast<int>(call.Flags(1, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::eventfd(initval, flags));
}
#endif

napi_value Open(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const std::string path = Text(call, 0, "pathname", PATH_MAX);
  const auto flags = static_cast<int>(call.Flags(1, "flags"));
  const uint32_t mode = call.Absent(2) ? 0 : call.Flags(2, "mode");
  if (!call.ok()) return nullptr;
  return call.Result(::open(path.c_str(), flags, static_cast<mode_t>(mode)));
}

napi_value Unlink(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const std::string path = Text(call, 0, "pathname", PATH_MAX);
  if (!call.ok()) return nullptr;
  return call.Result(::unlink(path.c_str()));
}

void OpenConstants(Exports& exports) {
  SYSKV_CONSTANT(exports, O_APPEND);
  SYSKV_CONSTANT(exports, O_CLOEXEC);
  SYSKV_CONSTANT(exports, O_CREAT);
  SYSKV_CONSTANT(exports, O_DIRECTORY);
  SYSKV_CONSTANT(exports, O_EXCL);
  SYSKV_CONSTANT(exports, O_NOFOLLOW);
  SYSKV_CONSTANT(exports, O_NONBLOCK);
  SYSKV_CONSTANT(exports, O_RDONLY);
  SYSKV_CONSTANT(exports, O_RDWR);
  SYSKV_CONSTANT(exports, O_TRUNC);
  SYSKV_CONSTANT(exports, O_WRONLY);
#ifdef O_DIRECT
  SYSKV_CONSTANT(exports, O_DIRECT);
#endif
#ifdef O_PATH
  SYSKV_CONSTANT(exports, O_PATH);
#endif
#ifdef O_TMPFILE
  SYSKV_CONSTANT(exports, O_TMPFILE);
#endif
}

void FcntlConstants(Exports& exports) {
  SYSKV_CONSTANT(exports, FD_CLOEXEC);
  SYSKV_CONSTANT(exports, F_DUPFD);
  SYSKV_CONSTANT(exports, F_DUPFD_CLOEXEC);
  SYSKV_CONSTANT(exports, F_GETFD);
  SYSKV_CONSTANT(exports, F_GETFL);
  SYSKV_CONSTANT(exports, F_GETOWN);
  SYSKV_CONSTANT(exports, F_SETFD);
  SYSKV_CONSTANT(exports, F_SETFL);
  SYSKV_CONSTANT(exports, F_SETOWN);
#ifdef __linux__
  SYSKV_CONSTANT(exports, F_GETPIPE_SZ);
  SYSKV_CONSTANT(exports, F_GETSIG);
  SYSKV_CONSTANT(exports, F_SETPIPE_SZ);
  SYSKV_CONSTANT(exports, F_SETSIG);
#endif
#ifdef F_ADD_SEALS
  SYSKV_CONSTANT(exports, F_ADD_SEALS);
  SYSKV_CONSTANT(exports, F_GET_SEALS);
  SYSKV_CONSTANT(exports, F_SEAL_GROW);
  SYSKV_CONSTANT(exports, F_SEAL_SEAL);
  SYSKV_CONSTANT(exports, F_SEAL_SHRINK);
  SYSKV_CONSTANT(exports, F_SEAL_WRITE);
#endif
#ifdef F_SETNOSIGPIPE
  SYSKV_CONSTANT(exports, F_GETNOSIGPIPE);
  SYSKV_CONSTANT(exports, F_SETNOSIGPIPE);
#endif
#ifdef SYSKV_HAS_EVENTFD
  SYSKV_CONSTANT(exports, EFD_CLOEXEC);
  SYSKV_CONSTANT(exports, EFD_NONBLOCK);
  SYSKV_CONSTANT(exports, EFD_SEMAPHORE);
#endif
}

}  // namespace

void RegisterFd(Exports& exports) {
  exports.Function("read", Read);
  exports.Function("write", Write);
  exports.Function("readv", Readv);
  exports.Function("writev", Writev);
  exports.Function("close", Close);
  exports.Function("fcntl", Fcntl);
  exports.Function("dup", Dup);
  exports.Function("dup2", Dup2);
#ifdef SYSKV_HAS_PIPE2
  exports.Function("dup3", Dup3);
  exports.Function("pipe2", Pipe2);
#endif
#ifdef SYSKV_HAS_EVENTFD
  exports.Function("eventfd", Eventfd);
#endif
  exports.Function("open", Open);
  exports.Function("unlink", Unlink);
  OpenConstants(exports);
  FcntlConstants(exports);
}

}  // namespace syskv
