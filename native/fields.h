// Plain objects: their fields read as arguments, and written as answers. Both can run JavaScript (a
// getter, a setter, a Proxy), so reading comes before any view is resolved, writing after the call.
#pragma once

#include <string>

#include "call.h"

namespace syskv {

class Fields {
 public:
  // `name` begins what misuse errors call a field: "address.port".
  Fields(Call& call, napi_value object, const char* name);

  bool Has(const char* key);
  // The field's value; nullptr where reading it threw.
  napi_value Get(const char* key);
  double Integer(const char* key, double least, double most);
  // `fallback` where the field is absent.
  double Integer(const char* key, double least, double most, double fallback);
  // UTF-8 of at most `most` bytes.
  std::string Text(const char* key, size_t most);

  // These return false where a setter threw; its exception is then pending.
  bool Set(const char* key, double value);
  bool Set(const char* key, const std::string& text);
  bool Set(const char* key, napi_value value);

  // Refuses the field: `"address.port" must be …`.
  void RangeError(const char* key, const std::string& expected);
  void TypeError(const char* key, const char* expected, const std::string& given = "");

 private:
  std::string PathOf(const char* key) const { return name_ + "." + key; }

  Call& call_;
  napi_value object_;
  std::string name_;
};

}  // namespace syskv
