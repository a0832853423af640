// The error numbers, errno(3), and what the C library says of them, strerror(3).
#include <cerrno>
#include <cstring>

#include "call.h"

namespace syskv {
namespace {

void Posix(Exports& exports) {
  SYSKV_CONSTANT(exports, E2BIG);
  SYSKV_CONSTANT(exports, EACCES);
  SYSKV_CONSTANT(exports, EADDRINUSE);
  SYSKV_CONSTANT(exports, EADDRNOTAVAIL);
  SYSKV_CONSTANT(exports, EAFNOSUPPORT);
  SYSKV_CONSTANT(exports, EAGAIN);
  SYSKV_CONSTANT(exports, EALREADY);
  SYSKV_CONSTANT(exports, EBADF);
  SYSKV_CONSTANT(exports, EBUSY);
  SYSKV_CONSTANT(exports, ECANCELED);
  SYSKV_CONSTANT(exports, ECHILD);
  SYSKV_CONSTANT(exports, ECONNABORTED);
  SYSKV_CONSTANT(exports, ECONNREFUSED);
  SYSKV_CONSTANT(exports, ECONNRESET);
  SYSKV_CONSTANT(exports, EDEADLK);
  SYSKV_CONSTANT(exports, EDESTADDRREQ);
  SYSKV_CONSTANT(exports, EDOM);
  SYSKV_CONSTANT(exports, EEXIST);
  SYSKV_CONSTANT(exports, EFAULT);
  SYSKV_CONSTANT(exports, EFBIG);
  SYSKV_CONSTANT(exports, EHOSTUNREACH);
  SYSKV_CONSTANT(exports, EINPROGRESS);
  SYSKV_CONSTANT(exports, EINTR);
  SYSKV_CONSTANT(exports, EINVAL);
  SYSKV_CONSTANT(exports, EIO);
  SYSKV_CONSTANT(exports, EISCONN);
  SYSKV_CONSTANT(exports, EISDIR);
  SYSKV_CONSTANT(exports, ELOOP);
  SYSKV_CONSTANT(exports, EMFILE);
  SYSKV_CONSTANT(exports, EMSGSIZE);
}

void PosixMore(Exports& exports) {
  SYSKV_CONSTANT(exports, ENAMETOOLONG);
  SYSKV_CONSTANT(exports, ENETDOWN);
  SYSKV_CONSTANT(exports, ENETRESET);
  SYSKV_CONSTANT(exports, ENETUNREACH);
  SYSKV_CONSTANT(exports, ENFILE);
  SYSKV_CONSTANT(exports, ENOBUFS);
  SYSKV_CONSTANT(exports, ENODEV);
  SYSKV_CONSTANT(exports, ENOENT);
  SYSKV_CONSTANT(exports, ENOMEM);
  SYSKV_CONSTANT(exports, ENOPROTOOPT);
  SYSKV_CONSTANT(exports, ENOSPC);
  SYSKV_CONSTANT(exports, ENOSYS);
  SYSKV_CONSTANT(exports, ENOTCONN);
  SYSKV_CONSTANT(exports, ENOTDIR);
  SYSKV_CONSTANT(exports, ENOTSOCK);
  SYSKV_CONSTANT(exports, ENOTSUP);
  SYSKV_CONSTANT(exports, ENXIO);
  SYSKV_CONSTANT(exports, EOPNOTSUPP);
  SYSKV_CONSTANT(exports, EOVERFLOW);
  SYSKV_CONSTANT(exports, EPERM);
  SYSKV_CONSTANT(exports, EPIPE);
  SYSKV_CONSTANT(exports, EPROTO);
  SYSKV_CONSTANT(exports, EPROTONOSUPPORT);
  SYSKV_CONSTANT(exports, EPROTOTYPE);
  SYSKV_CONSTANT(exports, ERANGE);
  SYSKV_CONSTANT(exports, EROFS);
  SYSKV_CONSTANT(exports, ESPIPE);
  SYSKV_CONSTANT(exports, ESRCH);
  SYSKV_CONSTANT(exports, ETIMEDOUT);
  SYSKV_CONSTANT(exports, ETXTBSY);
  SYSKV_CONSTANT(exports, EWOULDBLOCK);
}

// The two strerror_r, told apart by what they return: POSIX' fills the buffer, GNU's may return a
// text of its own instead. Unlike strerror both are safe in any thread.
[[maybe_unused]] const char* TextOf(int, const char* buffer) { return buffer; }
[[maybe_unused]] const char* TextOf(const char* text, const char*) { return text; }

napi_value Strerror(napi_env env, napi_callback_info info) {
  constexpr size_t kMostBytes = 256;
  char buffer[kMostBytes] = "";
  Call call(env, info);
  const int errnum = call.Int(0, "errnum");
  if (!call.ok()) return nullptr;
  const char* text = TextOf(::strerror_r(errnum, buffer, sizeof buffer), buffer);
  napi_value string;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &string);
  return string;
}

// Not in POSIX.
void Others(Exports& exports) {
#ifdef EHOSTDOWN
  SYSKV_CONSTANT(exports, EHOSTDOWN);
#endif
#ifdef ENONET
  SYSKV_CONSTANT(exports, ENONET);
#endif
#ifdef ESHUTDOWN
  SYSKV_CONSTANT(exports, ESHUTDOWN);
#endif
#ifdef ESOCKTNOSUPPORT
  SYSKV_CONSTANT(exports, ESOCKTNOSUPPORT);
#endif
#ifdef ETIME
  SYSKV_CONSTANT(exports, ETIME);
#endif
#ifdef ETOOMANYREFS
  SYSKV_CONSTANT(exports, ETOOMANYREFS);
#endif
}

}  // namespace

void RegisterErrno(Exports& exports) {
  exports.Function("strerror", Strerror);
  Posix(exports);
  PosixMore(exports);
  Others(exports);
}

}  // namespace syskv
