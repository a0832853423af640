// poll and ppoll: the caller's Int32Array is the array of struct pollfd, two words each.
#include <poll.h>

#include "arguments.h"
#include "call.h"

namespace syskv {
namespace {

constexpr int kPollWords = sizeof(pollfd) / sizeof(int32_t);
static_assert(sizeof(pollfd) == 2 * sizeof(int32_t), "fd, then events and revents in one word");

// `fds` and `nfds` at 0 and 1: never more than the view holds.
pollfd* FdsOf(Call& call, nfds_t* nfds) {
  const Words fds = call.Vector(0, "fds");
  const int64_t count = call.Size(1, "nfds");
  if (!call.ok()) return nullptr;
  if (count > static_cast<int64_t>(fds.length / kPollWords)) {
    call.RangeError("nfds", "at most the number of pollfds that the view holds");
  }
  *nfds = static_cast<nfds_t>(count);
  return reinterpret_cast<pollfd*>(fds.data);
}

napi_value Poll(napi_env env, napi_callback_info info) {
  Call call(env, info);
  nfds_t nfds = 0;
  pollfd* fds = FdsOf(call, &nfds);
  const int timeout_ms = call.Int(2, "timeoutMs");
  if (!call.ok()) return nullptr;
  return call.Result(::poll(fds, nfds, timeout_ms));
}

#ifndef __APPLE__
napi_value Ppoll(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const Timeout timeout(call, 2);
  const SignalSet mask(call, 3);
  nfds_t nfds = 0;
  pollfd* fds = FdsOf(call, &nfds);
  if (!call.ok()) return nullptr;
  return call.Result(::ppoll(fds, nfds, timeout.get(), mask.get()));
}
#endif

}  // namespace

void RegisterPoll(Exports& exports) {
  exports.Function("poll", Poll);
#ifndef __APPLE__
  exports.Function("ppoll", Ppoll);
#endif
  exports.Constant("POLLFD_WORDS", kPollWords);
  SYSKV_CONSTANT(exports, POLLIN);
  SYSKV_CONSTANT(exports, POLLPRI);
  SYSKV_CONSTANT(exports, POLLOUT);
  SYSKV_CONSTANT(exports, POLLERR);
  SYSKV_CONSTANT(exports, POLLHUP);
  SYSKV_CONSTANT(exports, POLLNVAL);
#ifdef POLLRDHUP
  SYSKV_CONSTANT(exports, POLLRDHUP);
#endif
}

}  // namespace syskv
