// Kinds of argument that only some families take: lists of integers, text, timeouts, signal sets.
//
// Reading an element of an array can run JavaScript (a getter, a Proxy), which can detach a buffer:
// a function reads its lists before its views.
#pragma once

#include <csignal>
#include <ctime>
#include <string>

#include "call.h"

namespace syskv {

// Calls visit(int) for each integer of the array at `index`; each lies between the two bounds.
template <typename Visit>
void EachInteger(Call& call, size_t index, const char* name, int least, int most, Visit visit) {
  bool is_array = false;
  if (call.ok() && index < call.count()) {
    napi_is_array(call.env(), call.argument(index), &is_array);
  }
  if (!is_array) {
    call.TypeError(name, "an array of integers");
    return;
  }
  uint32_t length = 0;
  napi_get_array_length(call.env(), call.argument(index), &length);
  for (uint32_t i = 0; i < length && call.ok(); i++) {
    napi_value element;
    double value = 0;
    if (napi_get_element(call.env(), call.argument(index), i, &element) != napi_ok ||
        napi_get_value_double(call.env(), element, &value) != napi_ok) {
      call.TypeError(name, "an array of integers");
    } else if (!(value >= least && value <= most) || value != static_cast<int>(value)) {
      call.RangeError(name, "an array of integers within their range");
    } else {
      visit(static_cast<int>(value));
    }
  }
}

// Empties the array at `index` and appends what `next` yields until it is negative.
template <typename Next>
void FillArray(Call& call, size_t index, Next next) {
  const napi_env env = call.env();
  const napi_value array = call.argument(index);
  uint32_t length = 0;
  napi_value size;
  for (int value = next(); value >= 0; value = next()) {
    napi_set_element(env, array, length++, call.Number(value));
  }
  napi_create_uint32(env, length, &size);
  napi_set_named_property(env, array, "length", size);
}

// Refuses what is neither an array nor, where it is optional, null or undefined.
bool IsArray(Call& call, size_t index, const char* name);

// A string of at most `most` bytes of UTF-8 without NUL.
std::string Text(Call& call, size_t index, const char* name, size_t most);

// Milliseconds, fractions allowed and rounded up to whole nanoseconds; negative waits without end.
class Timeout {
 public:
  Timeout(Call& call, size_t index, const char* name = "timeoutMs");
  // nullptr: no limit.
  const timespec* get() const { return endless_ ? nullptr : &time_; }

 private:
  timespec time_ = {};
  bool endless_ = true;
};

// An array of signal numbers, or null for no set at all.
class SignalSet {
 public:
  SignalSet(Call& call, size_t index, const char* name = "sigmask");
  const sigset_t* get() const { return present_ ? &set_ : nullptr; }

 private:
  sigset_t set_;
  bool present_ = false;
};

// The highest signal number, SIGRTMAX being known only at run time.
int LastSignal();

}  // namespace syskv
