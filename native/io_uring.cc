// io_uring: io_uring_setup io_uring_enter io_uring_register.
//
// The rings are mapped by mmap and driven from JavaScript. What is checked here are the structs
// that are passed as arguments; the addresses inside a submission, or inside a struct that
// registers buffers, are the caller's own affair, as in C (src/posix/io-uring.ts says so).
#include "call.h"

#if defined(__linux__) && __has_include(<linux/io_uring.h>)

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

#include "arguments.h"
#include "io_uring_constants.h"

namespace syskv {
namespace {

constexpr size_t kParamsWords = sizeof(io_uring_params) / sizeof(uint32_t);
constexpr int kParamsFlags = offsetof(io_uring_params, flags) / sizeof(uint32_t);

napi_value IoUringSetup(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const uint32_t entries = call.Flags(0, "entries");
  const Words params = call.Vector(1, "params");
  if (!call.ok()) return nullptr;
  if (params.length < kParamsWords) {
    return call.RangeError("params", "a view of IO_URING_PARAMS_WORDS words");
  }
  // Rings in memory of the caller's would be an address that the kernel writes to for good.
  if ((static_cast<uint32_t>(params.data[kParamsFlags]) & IORING_SETUP_NO_MMAP) != 0) {
    return call.RangeError("params", "without IORING_SETUP_NO_MMAP: map the rings by mmap");
  }
  return call.Result(::syscall(SYS_io_uring_setup, entries, params.data));
}

napi_value IoUringEnter(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const uint32_t to_submit = call.Flags(1, "to_submit");
  const uint32_t min_complete = call.Flags(2, "min_complete");
  const uint32_t flags = call.Flags(3, "flags");
  if (!call.ok()) return nullptr;
  if ((flags & IORING_ENTER_EXT_ARG_REG) != 0) {
    return call.RangeError("flags", "without IORING_ENTER_EXT_ARG_REG");
  }
  if ((flags & IORING_ENTER_EXT_ARG) == 0) {
    if (!call.Absent(4)) return call.RangeError("flags", "with IORING_ENTER_EXT_ARG for a timeout");
    return call.Result(
        ::syscall(SYS_io_uring_enter, fd, to_submit, min_complete, flags, nullptr, 0));
  }
  const Timeout timeout(call, 4);
  const SignalSet mask(call, 5);
  if (!call.ok()) return nullptr;
  __kernel_timespec time = {};
  io_uring_getevents_arg argument = {};
  if (timeout.get() != nullptr) {
    time = {timeout.get()->tv_sec, timeout.get()->tv_nsec};
    argument.ts = reinterpret_cast<uintptr_t>(&time);
  }
  argument.sigmask = reinterpret_cast<uintptr_t>(mask.get());
  // The kernel's set is NSIG / 8 bytes long, not sizeof(sigset_t).
  argument.sigmask_sz = _NSIG / 8;
  return call.Result(::syscall(SYS_io_uring_enter, fd, to_submit, min_complete, flags, &argument,
                               sizeof argument));
}

// How many bytes the kernel reads or writes at `arg`: fixed, and for each of nr_args.
struct Shape {
  uint32_t opcode;
  size_t fixed;
  size_t each;
};

// The operations whose argument can be measured so. The others hold addresses of further arrays.
constexpr Shape kShapes[] = {
    {IORING_REGISTER_BUFFERS, 0, sizeof(iovec)},
    {IORING_UNREGISTER_BUFFERS, 0, 0},
    {IORING_REGISTER_FILES, 0, sizeof(int32_t)},
    {IORING_UNREGISTER_FILES, 0, 0},
    {IORING_REGISTER_EVENTFD, 0, sizeof(int32_t)},
    {IORING_UNREGISTER_EVENTFD, 0, 0},
    {IORING_REGISTER_EVENTFD_ASYNC, 0, sizeof(int32_t)},
    {IORING_REGISTER_PROBE, sizeof(io_uring_probe), sizeof(io_uring_probe_op)},
    {IORING_REGISTER_PERSONALITY, 0, 0},
    {IORING_UNREGISTER_PERSONALITY, 0, 0},
    {IORING_REGISTER_RESTRICTIONS, 0, sizeof(io_uring_restriction)},
    {IORING_REGISTER_ENABLE_RINGS, 0, 0},
    {IORING_REGISTER_IOWQ_AFF, 0, 1},
    {IORING_UNREGISTER_IOWQ_AFF, 0, 0},
    {IORING_REGISTER_IOWQ_MAX_WORKERS, 0, sizeof(uint32_t)},
    {IORING_REGISTER_RING_FDS, 0, sizeof(io_uring_rsrc_update)},
    {IORING_UNREGISTER_RING_FDS, 0, sizeof(io_uring_rsrc_update)},
    {IORING_REGISTER_PBUF_RING, sizeof(io_uring_buf_reg), 0},
    {IORING_UNREGISTER_PBUF_RING, sizeof(io_uring_buf_reg), 0},
    {IORING_REGISTER_SYNC_CANCEL, sizeof(io_uring_sync_cancel_reg), 0},
    {IORING_REGISTER_FILE_ALLOC_RANGE, sizeof(io_uring_file_index_range), 0},
    // struct io_uring_buf_status, io_uring_napi, io_uring_clock_register
    {IORING_REGISTER_PBUF_STATUS, 40, 0},
    {IORING_REGISTER_NAPI, 16, 0},
    {IORING_UNREGISTER_NAPI, 16, 0},
    {IORING_REGISTER_CLOCK, 16, 0},
};

const Shape* ShapeOf(uint32_t opcode) {
  for (const Shape& shape : kShapes) {
    if (shape.opcode == opcode) return &shape;
  }
  return nullptr;
}

napi_value IoUringRegister(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const uint32_t opcode = call.Flags(1, "opcode");
  const Words arg = call.Absent(2) ? Words{} : call.Vector(2, "arg");
  const uint32_t nr_args = call.Flags(3, "nr_args");
  if (!call.ok()) return nullptr;
  const Shape* shape = ShapeOf(opcode);
  if (shape == nullptr) return call.RangeError("opcode", "one whose argument can be checked");
  const uint64_t needed = shape->fixed + uint64_t{shape->each} * nr_args;
  if (arg.data != nullptr && arg.length * sizeof(int32_t) < needed) {
    return call.RangeError("arg", "a view that holds nr_args of the operation's structs");
  }
  return call.Result(::syscall(SYS_io_uring_register, fd, opcode, arg.data, nr_args));
}

}  // namespace

void RegisterIoUring(Exports& exports) {
  exports.Function("io_uring_setup", IoUringSetup);
  exports.Function("io_uring_enter", IoUringEnter);
  exports.Function("io_uring_register", IoUringRegister);
  RegisterIoUringConstants(exports);
}

}  // namespace syskv

#else

namespace syskv {
void RegisterIoUring(Exports& exports) {}
}  // namespace syskv

#endif
