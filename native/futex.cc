// futex: FUTEX_WAIT and FUTEX_WAKE on a word of an Int32Array. Linux alone.
#include "call.h"

#ifdef __linux__

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arguments.h"

namespace syskv {
namespace {

napi_value Futex(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Words words = call.Vector(0, "words");
  const auto index = static_cast<size_t>(call.Size(1, "index"));
  const int op = call.Int(2, "op");
  const uint32_t value = call.Flags(3, "value");
  if (!call.ok()) return nullptr;
  if (index >= words.length) return call.RangeError("index", "within the view");
  int32_t* word = words.data + index;
  switch (op & ~FUTEX_PRIVATE_FLAG) {
    case FUTEX_WAIT: {
      const Timeout timeout(call, 4);
      if (!call.ok()) return nullptr;
      return call.Result(::syscall(SYS_futex, word, op, value, timeout.get(), nullptr, 0));
    }
    case FUTEX_WAKE:
      return call.Result(::syscall(SYS_futex, word, op, value, nullptr, nullptr, 0));
    default:
      // The others take a second word or write to the first by rules of their own.
      return call.RangeError("op", "FUTEX_WAIT or FUTEX_WAKE");
  }
}

}  // namespace

void RegisterFutex(Exports& exports) {
  exports.Function("futex", Futex);
  SYSKV_CONSTANT(exports, FUTEX_WAIT);
  SYSKV_CONSTANT(exports, FUTEX_WAKE);
  SYSKV_CONSTANT(exports, FUTEX_PRIVATE_FLAG);
}

}  // namespace syskv

#else

namespace syskv {
void RegisterFutex(Exports& exports) {}
}  // namespace syskv

#endif
