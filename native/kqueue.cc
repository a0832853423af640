// kqueue and kevent: macOS and the BSDs. Compiled there alone; on Linux this file is empty, and no
// test has run it.
#include "call.h"

#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || \
    defined(__NetBSD__) || defined(__DragonFly__)

#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>

#include <cstddef>

#include "arguments.h"

namespace syskv {
namespace {

using Event = struct kevent;

// The caller's Int32Arrays hold the system's own struct kevent; where each field lies differs.
constexpr int kEventWords = sizeof(Event) / sizeof(int32_t);
static_assert(sizeof(Event) % sizeof(int32_t) == 0, "an event is made of whole words");

napi_value Kqueue(napi_env env, napi_callback_info info) {
  Call call(env, info);
  return call.Result(::kqueue());
}

// A list and its count at index and index + 1: never more than the view holds; null only if empty.
Event* ListOf(Call& call, size_t index, const char* name, const char* count_name, int* count) {
  const Words list = call.Absent(index) ? Words{} : call.Vector(index, name);
  *count = static_cast<int>(call.Integer(index + 1, count_name, 0, INT32_MAX));
  if (!call.ok()) return nullptr;
  if (static_cast<int64_t>(*count) * kEventWords > static_cast<int64_t>(list.length)) {
    call.RangeError(count_name, "at most the number of events that the view holds");
  }
  return reinterpret_cast<Event*>(list.data);
}

napi_value Kevent(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int kq = call.Int(0, "kq");
  const Timeout timeout(call, 5);
  int nchanges = 0;
  int nevents = 0;
  const Event* changes = ListOf(call, 1, "changelist", "nchanges", &nchanges);
  Event* events = ListOf(call, 3, "eventlist", "nevents", &nevents);
  if (!call.ok()) return nullptr;
  return call.Result(::kevent(kq, changes, nchanges, events, nevents, timeout.get()));
}

void RegisterLayout(Exports& exports) {
  exports.Constant("KEVENT_WORDS", kEventWords);
  exports.Constant("KEVENT_IDENT", offsetof(Event, ident));
  exports.Constant("KEVENT_FILTER", offsetof(Event, filter));
  exports.Constant("KEVENT_FILTER_BYTES", sizeof(Event::filter));
  exports.Constant("KEVENT_FLAGS", offsetof(Event, flags));
  exports.Constant("KEVENT_FLAGS_BYTES", sizeof(Event::flags));
  exports.Constant("KEVENT_FFLAGS", offsetof(Event, fflags));
  exports.Constant("KEVENT_DATA", offsetof(Event, data));
  exports.Constant("KEVENT_UDATA", offsetof(Event, udata));
}

}  // namespace

void RegisterKqueue(Exports& exports) {
  exports.Function("kqueue", Kqueue);
  exports.Function("kevent", Kevent);
  RegisterLayout(exports);
  SYSKV_CONSTANT(exports, EVFILT_READ);
  SYSKV_CONSTANT(exports, EVFILT_WRITE);
  SYSKV_CONSTANT(exports, EVFILT_SIGNAL);
  SYSKV_CONSTANT(exports, EVFILT_TIMER);
#ifdef EVFILT_USER
  SYSKV_CONSTANT(exports, EVFILT_USER);
  SYSKV_CONSTANT(exports, NOTE_TRIGGER);
#endif
  SYSKV_CONSTANT(exports, EV_ADD);
  SYSKV_CONSTANT(exports, EV_DELETE);
  SYSKV_CONSTANT(exports, EV_ENABLE);
  SYSKV_CONSTANT(exports, EV_DISABLE);
  SYSKV_CONSTANT(exports, EV_ONESHOT);
  SYSKV_CONSTANT(exports, EV_CLEAR);
  SYSKV_CONSTANT(exports, EV_EOF);
  SYSKV_CONSTANT(exports, EV_ERROR);
}

}  // namespace syskv

#else

namespace syskv {
void RegisterKqueue(Exports& exports) {}
}  // namespace syskv

#endif
