// Files of memory: memfd_create ftruncate fallocate, and the seals that fcntl sets.
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/mman.h>
#include <sys/syscall.h>
#endif

#include "arguments.h"
#include "call.h"

namespace syskv {
namespace {

napi_value Ftruncate(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const int64_t length = call.Size(1, "length");
  if (!call.ok()) return nullptr;
  return call.Result(::ftruncate(fd, static_cast<off_t>(length)));
}

#ifdef __linux__

// NAME_MAX of Linux less the "memfd:" that the kernel puts before it.
constexpr size_t kMemfdNameBytes = 249;

napi_value MemfdCreate(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const std::string name = Text(call, 0, "name", kMemfdNameBytes);
  const uint32_t flags = call.Flags(1, "flags");
  if (!call.ok()) return nullptr;
  // Through syscall(2): older C libraries have no wrapper.
  return call.Result(::syscall(SYS_memfd_create, name.c_str(), flags));
}

napi_value Fallocate(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const int mode = static_cast<int>(call.Flags(1, "mode"));
  const int64_t offset = call.Size(2, "offset");
  const int64_t length = call.Size(3, "length");
  if (!call.ok()) return nullptr;
  return call.Result(
      ::fallocate(fd, mode, static_cast<off_t>(offset), static_cast<off_t>(length)));
}

void RegisterLinux(Exports& exports) {
  exports.Function("memfd_create", MemfdCreate);
  exports.Function("fallocate", Fallocate);
  SYSKV_CONSTANT(exports, MFD_CLOEXEC);
  SYSKV_CONSTANT(exports, MFD_ALLOW_SEALING);
  SYSKV_CONSTANT(exports, F_ADD_SEALS);
  SYSKV_CONSTANT(exports, F_GET_SEALS);
  SYSKV_CONSTANT(exports, F_SEAL_SEAL);
  SYSKV_CONSTANT(exports, F_SEAL_SHRINK);
  SYSKV_CONSTANT(exports, F_SEAL_GROW);
  SYSKV_CONSTANT(exports, F_SEAL_WRITE);
  SYSKV_CONSTANT(exports, FALLOC_FL_KEEP_SIZE);
  SYSKV_CONSTANT(exports, FALLOC_FL_PUNCH_HOLE);
}

#else

void RegisterLinux(Exports& exports) {}

#endif

}  // namespace

void RegisterMemfd(Exports& exports) {
  exports.Function("ftruncate", Ftruncate);
  RegisterLinux(exports);
}

}  // namespace syskv
