#include "call.h"

namespace syskv {

double Call::Integer(size_t index, const char* name, double least, double most) {
  if (!ok_) return 0;
  double value = 0;
  // napi_get_value_int32 would turn NaN into 0 and wrap what is too large: both would reach another
  // descriptor than the caller meant.
  if (index >= count_ || napi_get_value_double(env_, arguments_[index], &value) != napi_ok) {
    TypeError(name, "an integer", Not(ArgumentOrNull(index)));
    return 0;
  }
  // Cast and back, since std::floor is a call of its own.
  const bool fits = value >= least && value <= most;
  if (!fits || value != static_cast<double>(static_cast<int64_t>(value))) {
    RangeError(name, "an integer within its range", Not(ArgumentOrNull(index)));
    return 0;
  }
  return value;
}

namespace {

bool IsWords(napi_typedarray_type type) {
  return type == napi_int32_array || type == napi_uint32_array;
}

}  // namespace

Call::Typed Call::ReadTyped(napi_value value, const char* name, Kind kind) {
  static const char* const kExpected[] = {"a Uint8Array", "an Int32Array or Uint32Array",
                                          "a Uint8Array, Int32Array or Uint32Array"};
  if (!ok_) return {};
  Typed view;
  void* data = nullptr;
  const bool typed = value != nullptr && napi_get_typedarray_info(env_, value, &view.type,
                                                                  &view.length, &data, nullptr,
                                                                  nullptr) == napi_ok;
  const bool fits = typed && ((kind != Kind::kWords && view.type == napi_uint8_array) ||
                              (kind != Kind::kBytes && IsWords(view.type)));
  if (!fits) {
    TypeError(name, kExpected[static_cast<int>(kind)], Not(value));
    return {};
  }
  if (data == nullptr) {
    // Empty and detached views look the same here; both are rare enough for a second question.
    napi_value buffer;
    bool detached = false;
    napi_get_typedarray_info(env_, value, nullptr, nullptr, nullptr, &buffer, nullptr);
    napi_is_detached_arraybuffer(env_, buffer, &detached);
    if (detached) TypeError(name, "a view whose buffer is not detached");
  }
  view.data = static_cast<uint8_t*>(data);
  return view;
}

Bytes Call::View(size_t index, const char* name) { return ViewOf(ArgumentOrNull(index), name); }

Bytes Call::ViewOf(napi_value value, const char* name) {
  const Typed view = ReadTyped(value, name, Kind::kBytes);
  return {view.data, view.length};
}

Words Call::Vector(size_t index, const char* name) {
  const Typed view = ReadTyped(ArgumentOrNull(index), name, Kind::kWords);
  return {reinterpret_cast<int32_t*>(view.data), view.length};
}

Words Call::Pair(size_t index, const char* name) {
  const Words fds = Vector(index, name);
  if (ok_ && fds.length < 2) RangeError(name, "an Int32Array with room for two descriptors");
  return fds;
}

Bytes Call::Memory(size_t index, const char* name) {
  const Typed view = ReadTyped(ArgumentOrNull(index), name, Kind::kMemory);
  return {view.data, IsWords(view.type) ? view.length * sizeof(int32_t) : view.length};
}

Bytes Call::Range(size_t index, const char* name) {
  const Bytes view = View(index, name);
  const auto offset = static_cast<size_t>(Size(index + 1, "offset"));
  const auto length = static_cast<size_t>(Size(index + 2, "length"));
  if (!ok_) return {};
  if (offset > view.length || length > view.length - offset) {
    RangeError(name, "a view that holds offset + length bytes");
    return {};
  }
  return {view.data + offset, length};
}

napi_valuetype Call::TypeOf(napi_value value) const {
  napi_valuetype type = napi_undefined;
  if (value != nullptr) napi_typeof(env_, value, &type);
  return type;
}

bool Call::IsA(size_t index, napi_valuetype type) const {
  return TypeOf(ArgumentOrNull(index)) == type;
}

bool Call::Absent(size_t index) const {
  const napi_valuetype type = TypeOf(ArgumentOrNull(index));
  return type == napi_undefined || type == napi_null;
}

bool Call::OptionalObject(size_t index, const char* name) {
  const napi_valuetype type = TypeOf(ArgumentOrNull(index));
  if (type == napi_undefined || type == napi_null) return false;
  if (type != napi_object) TypeError(name, "an object or null", Not(ArgumentOrNull(index)));
  return ok_;
}

void Call::RequiredObject(size_t index, const char* name) {
  if (!IsA(index, napi_object)) TypeError(name, "an object", Not(ArgumentOrNull(index)));
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

namespace {

// A number, true, false, undefined or null, as JavaScript writes it.
std::string Plain(napi_env env, napi_value value) {
  constexpr size_t kMostBytes = 32;
  char text[kMostBytes] = "undefined";
  size_t length = 0;
  napi_value string;
  if (value != nullptr && napi_coerce_to_string(env, value, &string) == napi_ok) {
    napi_get_value_string_utf8(env, string, text, sizeof text, &length);
  }
  return text;
}

}  // namespace

std::string Call::Not(napi_value value) const {
  bool is_array = false;
  bool is_view = false;
  switch (TypeOf(value)) {
    case napi_string:
      return ", not a string";
    case napi_symbol:
      return ", not a symbol";
    case napi_bigint:
      return ", not a bigint";
    case napi_function:
      return ", not a function";
    case napi_object:
      napi_is_array(env_, value, &is_array);
      napi_is_typedarray(env_, value, &is_view);
      if (is_array) return ", not an array";
      return is_view ? ", not a view of another kind" : ", not an object";
    case napi_external:
      return ", not an object";
    default:
      return ", not " + Plain(env_, value);
  }
}

napi_value Call::TypeError(const char* name, const char* expected, const std::string& given) {
  const std::string message = std::string("\"") + name + "\" must be " + expected + given;
  if (ok_) napi_throw_type_error(env_, "ERR_INVALID_ARG_TYPE", message.c_str());
  ok_ = false;
  return nullptr;
}

napi_value Call::RangeError(const char* name, const char* expected, const std::string& given) {
  const std::string message = std::string("\"") + name + "\" must be " + expected + given;
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
