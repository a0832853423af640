// select and pselect: the caller's Int32Arrays are the fd_sets, whole.
#include <sys/select.h>

#include "arguments.h"
#include "call.h"

namespace syskv {
namespace {

constexpr size_t kSetWords = sizeof(fd_set) / sizeof(int32_t);
static_assert(sizeof(fd_set) * 8 == FD_SETSIZE, "one bit for each descriptor");

fd_set* SetOf(Call& call, size_t index, const char* name) {
  if (!call.ok() || call.Absent(index)) return nullptr;
  const Words set = call.Vector(index, name);
  if (call.ok() && set.length < kSetWords) {
    call.RangeError(name, "null or a view of FD_SETSIZE bits");
  }
  return reinterpret_cast<fd_set*>(set.data);
}

// The four arguments that both calls begin with.
struct Sets {
  explicit Sets(Call& call)
      : nfds(static_cast<int>(call.Integer(0, "nfds", 0, FD_SETSIZE))),
        read(SetOf(call, 1, "readfds")),
        write(SetOf(call, 2, "writefds")),
        except(SetOf(call, 3, "exceptfds")) {}
  int nfds;
  fd_set* read;
  fd_set* write;
  fd_set* except;
};

napi_value Select(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Timeout timeout(call, 4);
  const Sets sets(call);
  if (!call.ok()) return nullptr;
  if (timeout.get() == nullptr) {
    return call.Result(::select(sets.nfds, sets.read, sets.write, sets.except, nullptr));
  }
  // A copy: Linux writes the time that is left into it. Microseconds round up too.
  timeval time = {timeout.get()->tv_sec,
                  static_cast<suseconds_t>((timeout.get()->tv_nsec + 999) / 1000)};
  if (time.tv_usec == 1000000) time = {time.tv_sec + 1, 0};
  return call.Result(::select(sets.nfds, sets.read, sets.write, sets.except, &time));
}

napi_value Pselect(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Timeout timeout(call, 4);
  const SignalSet mask(call, 5);
  const Sets sets(call);
  if (!call.ok()) return nullptr;
  return call.Result(
      ::pselect(sets.nfds, sets.read, sets.write, sets.except, timeout.get(), mask.get()));
}

}  // namespace

void RegisterSelect(Exports& exports) {
  exports.Function("select", Select);
  exports.Function("pselect", Pselect);
  exports.Constant("FD_SET_WORDS", kSetWords);
  SYSKV_CONSTANT(exports, FD_SETSIZE);
}

}  // namespace syskv
