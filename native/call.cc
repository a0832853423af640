#include "call.h"

#include <cmath>
#include <string>

namespace syskv {

double Call::Integer(size_t index, const char* name, double least, double most) {
  if (!ok_) return 0;
  double value = 0;
  // napi_get_value_int32 would turn NaN into 0 and wrap what is too large: both would reach another
  // descriptor than the caller meant.
  if (index >= count_ || napi_get_value_double(env_, arguments_[index], &value) != napi_ok) {
    TypeError(name, "an integer");
    return 0;
  }
  if (!(value >= least && value <= most) || value != std::floor(value)) {
    RangeError(name, "an integer within its range");
    return 0;
  }
  return value;
}

Bytes Call::Typed(size_t index, const char* name, bool words) {
  if (!ok_) return {};
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  const char* expected = words ? "an Int32Array or Uint32Array" : "a Uint8Array";
  if (index >= count_ || napi_get_typedarray_info(env_, arguments_[index], &type, &length, &data,
                                                  nullptr, nullptr) != napi_ok) {
    TypeError(name, expected);
    return {};
  }
  const bool fits = words ? (type == napi_int32_array || type == napi_uint32_array)
                          : type == napi_uint8_array;
  if (!fits) {
    TypeError(name, expected);
    return {};
  }
  if (data == nullptr) {
    // Empty and detached views look the same here; both are rare enough for a second question.
    napi_value buffer;
    bool detached = false;
    napi_get_typedarray_info(env_, arguments_[index], nullptr, nullptr, nullptr, &buffer, nullptr);
    napi_is_detached_arraybuffer(env_, buffer, &detached);
    if (detached) TypeError(name, "a view whose buffer is not detached");
  }
  return {static_cast<uint8_t*>(data), length};
}

Bytes Call::View(size_t index, const char* name) { return Typed(index, name, false); }

Words Call::Vector(size_t index, const char* name) {
  const Bytes view = Typed(index, name, true);
  return {reinterpret_cast<int32_t*>(view.data), view.length};
}

Bytes Call::Range(size_t index, const char* name) {
  const Bytes view = Typed(index, name, false);
  const auto offset = static_cast<size_t>(Size(index + 1, "offset"));
  const auto length = static_cast<size_t>(Size(index + 2, "length"));
  if (!ok_) return {};
  if (offset > view.length || length > view.length - offset) {
    RangeError(name, "a view that holds offset + length bytes");
    return {};
  }
  return {view.data + offset, length};
}

bool Call::IsA(size_t index, napi_valuetype type) const {
  napi_valuetype actual = napi_undefined;
  if (index < count_) napi_typeof(env_, arguments_[index], &actual);
  return actual == type;
}

bool Call::Absent(size_t index) const {
  return IsA(index, napi_undefined) || IsA(index, napi_null);
}

napi_value Call::Number(int64_t value) {
  napi_value number;
  if (value >= INT32_MIN && value <= INT32_MAX) {
    napi_create_int32(env_, static_cast<int32_t>(value), &number);
  } else {
    napi_create_int64(env_, value, &number);
  }
  return number;
}

napi_value Call::TypeError(const char* name, const char* expected) {
  const std::string message = std::string("\"") + name + "\" must be " + expected;
  if (ok_) napi_throw_type_error(env_, "ERR_INVALID_ARG_TYPE", message.c_str());
  ok_ = false;
  return nullptr;
}

napi_value Call::RangeError(const char* name, const char* expected) {
  const std::string message = std::string("\"") + name + "\" must be " + expected;
  if (ok_) napi_throw_range_error(env_, "ERR_OUT_OF_RANGE", message.c_str());
  ok_ = false;
  return nullptr;
}

void Exports::Function(const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env_, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  functions_.Set(name, function);
}

}  // namespace syskv
