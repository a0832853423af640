#include "arguments.h"

#include <cmath>

namespace syskv {

bool IsArray(Call& call, size_t index, const char* name) {
  bool is_array = false;
  if (call.ok() && index < call.count()) {
    napi_is_array(call.env(), call.argument(index), &is_array);
  }
  if (!is_array) call.TypeError(name, "an array", call.Not(call.ArgumentOrNull(index)));
  return is_array;
}

std::string Text(Call& call, size_t index, const char* name, size_t most) {
  if (!call.ok()) return {};
  size_t length = 0;
  if (!call.IsA(index, napi_string) ||
      napi_get_value_string_utf8(call.env(), call.argument(index), nullptr, 0, &length) !=
          napi_ok) {
    call.TypeError(name, "a string", call.Not(call.ArgumentOrNull(index)));
    return {};
  }
  if (length > most) {
    const std::string expected = "at most " + std::to_string(most) + " bytes of UTF-8";
    call.RangeError(name, expected.c_str());
    return {};
  }
  std::string text(length, '\0');
  napi_get_value_string_utf8(call.env(), call.argument(index), &text[0], length + 1, &length);
  if (text.find('\0') != std::string::npos) call.RangeError(name, "a string without NUL");
  return text;
}

Timeout::Timeout(Call& call, size_t index, const char* name) {
  // Any safe integer of milliseconds fits a timespec.
  constexpr double kMostMs = 9007199254740991.0;
  double milliseconds = 0;
  if (!call.ok()) return;
  if (!call.IsA(index, napi_number)) {
    call.TypeError(name, "a number of milliseconds", call.Not(call.ArgumentOrNull(index)));
    return;
  }
  napi_get_value_double(call.env(), call.argument(index), &milliseconds);
  if (!(milliseconds <= kMostMs)) {
    call.RangeError(name, "a number of milliseconds, or negative for no limit",
                    call.Not(call.ArgumentOrNull(index)));
    return;
  }
  endless_ = milliseconds < 0;
  if (endless_) return;
  const double seconds = std::floor(milliseconds / 1000);
  const double nanoseconds = std::ceil((milliseconds - seconds * 1000) * 1e6);
  time_.tv_sec = static_cast<time_t>(seconds);
  time_.tv_nsec = static_cast<long>(nanoseconds);
  if (time_.tv_nsec >= 1000000000) {
    time_.tv_sec += 1;
    time_.tv_nsec -= 1000000000;
  }
}

SignalSet::SignalSet(Call& call, size_t index, const char* name) {
  sigemptyset(&set_);
  if (!call.ok() || call.Absent(index)) return;
  EachInteger(call, index, name, 1, LastSignal(), [this](int signum) { sigaddset(&set_, signum); });
  present_ = true;
}

int LastSignal() {
#ifdef SIGRTMAX
  return SIGRTMAX;
#else
  return NSIG - 1;
#endif
}

}  // namespace syskv
