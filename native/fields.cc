#include "fields.h"

#include <cmath>

namespace syskv {

Fields::Fields(Call& call, napi_value object, const char* name)
    : call_(call), object_(object), name_(name) {
  if (call.ok() && call.TypeOf(object) != napi_object) {
    call.TypeError(name, "an object", call.Not(object));
  }
}

napi_value Fields::Get(const char* key) {
  napi_value value = nullptr;
  if (!call_.ok()) return nullptr;
  if (napi_get_named_property(call_.env(), object_, key, &value) != napi_ok) {
    TypeError(key, "a field that can be read");
    return nullptr;
  }
  return value;
}

bool Fields::Has(const char* key) {
  const napi_valuetype type = call_.TypeOf(Get(key));
  return type != napi_undefined && type != napi_null;
}

double Fields::Integer(const char* key, double least, double most) {
  const napi_value value = Get(key);
  double number = 0;
  if (!call_.ok()) return least;
  if (napi_get_value_double(call_.env(), value, &number) != napi_ok) {
    TypeError(key, "an integer", call_.Not(value));
    return least;
  }
  if (!(number >= least && number <= most) || number != std::floor(number)) {
    RangeError(key, "an integer within its range" + call_.Not(value));
    return least;
  }
  return number;
}

double Fields::Integer(const char* key, double least, double most, double fallback) {
  return Has(key) ? Integer(key, least, most) : fallback;
}

std::string Fields::Text(const char* key, size_t most) {
  const napi_value value = Get(key);
  size_t length = 0;
  if (!call_.ok()) return {};
  if (napi_get_value_string_utf8(call_.env(), value, nullptr, 0, &length) != napi_ok) {
    TypeError(key, "a string", call_.Not(value));
    return {};
  }
  if (length > most) {
    RangeError(key, "at most " + std::to_string(most) + " bytes of UTF-8");
    return {};
  }
  std::string text(length, '\0');
  napi_get_value_string_utf8(call_.env(), value, &text[0], length + 1, &length);
  return text;
}

bool Fields::Set(const char* key, double value) {
  napi_value number;
  napi_create_double(call_.env(), value, &number);
  return Set(key, number);
}

bool Fields::Set(const char* key, const std::string& text) {
  napi_value string;
  napi_create_string_utf8(call_.env(), text.data(), text.size(), &string);
  return Set(key, string);
}

bool Fields::Set(const char* key, napi_value value) {
  return napi_set_named_property(call_.env(), object_, key, value) == napi_ok;
}

void Fields::RangeError(const char* key, const std::string& expected) {
  call_.RangeError(PathOf(key).c_str(), expected.c_str());
}

void Fields::TypeError(const char* key, const char* expected, const std::string& given) {
  call_.TypeError(PathOf(key).c_str(), expected, given);
}

}  // namespace syskv
