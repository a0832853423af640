// epoll: epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2.
#include "call.h"

#ifdef __linux__

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "arguments.h"

namespace syskv {
namespace {

// The kernel writes its own struct into the Int32Array: 3 words on x86-64 (packed), else 4.
constexpr int kEventWords = sizeof(epoll_event) / sizeof(int32_t);
constexpr int kEventData = offsetof(epoll_event, data) / sizeof(int32_t);
static_assert(sizeof(epoll_event) % sizeof(int32_t) == 0, "an event is made of whole words");

napi_value EpollCreate1(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int flags = static_cast<int>(call.Flags(0, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::epoll_create1(flags));
}

napi_value EpollCtl(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int epfd = call.Int(0, "epfd");
  const int op = call.Int(1, "op");
  const int fd = call.Int(2, "fd");
  epoll_event event = {};
  if (call.ok() && op == EPOLL_CTL_DEL && call.count() <= 3) {
    return call.Result(::epoll_ctl(epfd, op, fd, nullptr));
  }
  event.events = call.Flags(3, "events");
  const uint64_t low = call.Flags(4, "dataLow");
  const uint64_t high = call.Flags(5, "dataHigh");
  if (!call.ok()) return nullptr;
  event.data.u64 = high << 32 | low;
  return call.Result(::epoll_ctl(epfd, op, fd, &event));
}

// `events` and `maxevents` at index and index + 1: never more than the view holds.
epoll_event* EventsOf(Call& call, size_t index, int* maxevents) {
  const Words events = call.Vector(index, "events");
  *maxevents = call.Int(index + 1, "maxevents");
  if (!call.ok()) return nullptr;
  if (static_cast<int64_t>(*maxevents) * kEventWords > static_cast<int64_t>(events.length)) {
    call.RangeError("maxevents", "at most the number of events that the view holds");
  }
  return reinterpret_cast<epoll_event*>(events.data);
}

napi_value EpollWait(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int epfd = call.Int(0, "epfd");
  int maxevents = 0;
  epoll_event* events = EventsOf(call, 1, &maxevents);
  const int timeout_ms = call.Int(3, "timeoutMs");
  if (!call.ok()) return nullptr;
  return call.Result(::epoll_wait(epfd, events, maxevents, timeout_ms));
}

napi_value EpollPwait(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int epfd = call.Int(0, "epfd");
  const SignalSet mask(call, 4);
  int maxevents = 0;
  epoll_event* events = EventsOf(call, 1, &maxevents);
  const int timeout_ms = call.Int(3, "timeoutMs");
  if (!call.ok()) return nullptr;
  return call.Result(::epoll_pwait(epfd, events, maxevents, timeout_ms, mask.get()));
}

#ifdef SYS_epoll_pwait2
// Through syscall(2): musl and older glibc have no wrapper.
napi_value EpollPwait2(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int epfd = call.Int(0, "epfd");
  const Timeout timeout(call, 3);
  const SignalSet mask(call, 4);
  int maxevents = 0;
  epoll_event* events = EventsOf(call, 1, &maxevents);
  if (!call.ok()) return nullptr;
  // The kernel's set is NSIG / 8 bytes long, not sizeof(sigset_t).
  return call.Result(::syscall(SYS_epoll_pwait2, epfd, events, maxevents, timeout.get(),
                               mask.get(), static_cast<size_t>(_NSIG / 8)));
}
#endif

}  // namespace

void RegisterEpoll(Exports& exports) {
  exports.Function("epoll_create1", EpollCreate1);
  exports.Function("epoll_ctl", EpollCtl);
  exports.Function("epoll_wait", EpollWait);
  exports.Function("epoll_pwait", EpollPwait);
#ifdef SYS_epoll_pwait2
  exports.Function("epoll_pwait2", EpollPwait2);
#endif
  exports.Constant("EPOLL_EVENT_WORDS", kEventWords);
  exports.Constant("EPOLL_EVENT_DATA", kEventData);
  SYSKV_CONSTANT(exports, EPOLL_CLOEXEC);
  SYSKV_CONSTANT(exports, EPOLL_CTL_ADD);
  SYSKV_CONSTANT(exports, EPOLL_CTL_MOD);
  SYSKV_CONSTANT(exports, EPOLL_CTL_DEL);
  SYSKV_CONSTANT(exports, EPOLLIN);
  SYSKV_CONSTANT(exports, EPOLLPRI);
  SYSKV_CONSTANT(exports, EPOLLOUT);
  SYSKV_CONSTANT(exports, EPOLLERR);
  SYSKV_CONSTANT(exports, EPOLLHUP);
  SYSKV_CONSTANT(exports, EPOLLRDHUP);
  SYSKV_CONSTANT(exports, EPOLLET);
  SYSKV_CONSTANT(exports, EPOLLONESHOT);
  SYSKV_CONSTANT(exports, EPOLLEXCLUSIVE);
}

}  // namespace syskv

#else

namespace syskv {
void RegisterEpoll(Exports& exports) {}
}  // namespace syskv

#endif
