// Timers as descriptors: timerfd_create timerfd_settime timerfd_gettime. Read with read(2).
#include "call.h"
#include "fields.h"

#if __has_include(<sys/timerfd.h>)
#include <sys/timerfd.h>

#include <ctime>

namespace syskv {
namespace {

constexpr double kMaxSeconds = 9007199254740991.0;
constexpr double kMaxNanoseconds = 999999999.0;

timespec ReadTime(Call& call, napi_value object, const char* name) {
  Fields fields(call, object, name);
  timespec time = {};
  time.tv_sec = static_cast<time_t>(fields.Integer("seconds", 0, kMaxSeconds));
  time.tv_nsec = static_cast<long>(fields.Integer("nanoseconds", 0, kMaxNanoseconds));
  return time;
}

itimerspec ReadTimer(Call& call, size_t index) {
  itimerspec timer = {};
  if (!call.ok()) return timer;
  Fields fields(call, call.argument(index), "new_value");
  timer.it_interval = ReadTime(call, fields.Get("interval"), "new_value.interval");
  timer.it_value = ReadTime(call, fields.Get("value"), "new_value.value");
  return timer;
}

bool FillInTime(Call& call, Fields& timer, const char* key, const timespec& time) {
  napi_value object;
  napi_create_object(call.env(), &object);
  Fields fields(call, object, key);
  return fields.Set("seconds", static_cast<double>(time.tv_sec)) &&
         fields.Set("nanoseconds", static_cast<double>(time.tv_nsec)) && timer.Set(key, object);
}

bool FillInTimer(Call& call, size_t index, const char* name, const itimerspec& timer) {
  Fields fields(call, call.argument(index), name);
  return FillInTime(call, fields, "interval", timer.it_interval) &&
         FillInTime(call, fields, "value", timer.it_value);
}

napi_value TimerfdCreate(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int clock = call.Int(0, "clockid");
  const auto flags = static_cast<int>(call.Flags(1, "flags"));
  if (!call.ok()) return nullptr;
  return call.Result(::timerfd_create(clock, flags));
}

napi_value TimerfdSettime(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  const auto flags = static_cast<int>(call.Flags(1, "flags"));
  const itimerspec next = ReadTimer(call, 2);
  const bool wanted = call.OptionalObject(3, "old_value");
  if (!call.ok()) return nullptr;
  itimerspec last = {};
  const int64_t rc = Outcome(::timerfd_settime(fd, flags, &next, wanted ? &last : nullptr));
  if (rc >= 0 && wanted && !FillInTimer(call, 3, "old_value", last)) return nullptr;
  return call.Number(rc);
}

napi_value TimerfdGettime(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int fd = call.Int(0, "fd");
  call.RequiredObject(1, "curr_value");
  if (!call.ok()) return nullptr;
  itimerspec timer = {};
  const int64_t rc = Outcome(::timerfd_gettime(fd, &timer));
  if (rc >= 0 && !FillInTimer(call, 1, "curr_value", timer)) return nullptr;
  return call.Number(rc);
}

}  // namespace

void RegisterTimerfd(Exports& exports) {
  exports.Function("timerfd_create", TimerfdCreate);
  exports.Function("timerfd_settime", TimerfdSettime);
  exports.Function("timerfd_gettime", TimerfdGettime);
#ifdef CLOCK_BOOTTIME
  SYSKV_CONSTANT(exports, CLOCK_BOOTTIME);
#endif
  SYSKV_CONSTANT(exports, CLOCK_MONOTONIC);
  SYSKV_CONSTANT(exports, CLOCK_REALTIME);
  SYSKV_CONSTANT(exports, TFD_CLOEXEC);
  SYSKV_CONSTANT(exports, TFD_NONBLOCK);
  SYSKV_CONSTANT(exports, TFD_TIMER_ABSTIME);
  SYSKV_CONSTANT(exports, TFD_TIMER_CANCEL_ON_SET);
}

}  // namespace syskv

#else

namespace syskv {

void RegisterTimerfd(Exports& exports) {}

}  // namespace syskv

#endif
