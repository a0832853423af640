// The argument reader and the result writer that every family shares.
//
// A native function is: read the arguments, return nullptr if one of them was misused (a TypeError
// or RangeError that names it is then pending), make one libc call, return its result or -errno.
// Raw napi_* calls are used here because each costs 7-10 ns and the hot functions have few to
// spare; node-addon-api serves where objects are built (addon.cc, layouts.cc).
//
// A view's memory may be moved by JavaScript (a transferred ArrayBuffer). Where an argument is an
// object or an array, reading it may run JavaScript (a getter, a Proxy): such arguments are read
// before any view is resolved, and no JavaScript runs between that and the libc call.
#pragma once

#include <napi.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdint>
#include <string>

namespace syskv {

// The most arguments that any function of the addon takes.
constexpr size_t kMaxArguments = 8;

// A part of a typed array: valid until control returns to JavaScript.
struct Bytes {
  uint8_t* data = nullptr;
  size_t length = 0;
};

// A whole Int32Array or Uint32Array.
struct Words {
  int32_t* data = nullptr;
  size_t length = 0;
};

// libc's answer as JavaScript gets it: -errno where it is -1. Stands around the libc call itself,
// since Node-API may change errno.
inline int64_t Outcome(int64_t rc) { return rc == -1 ? -static_cast<int64_t>(errno) : rc; }

class Call {
 public:
  Call(napi_env env, napi_callback_info info) : env_(env) {
    napi_get_cb_info(env, info, &count_, arguments_, nullptr, nullptr);
  }

  napi_env env() const { return env_; }
  // False once an argument was misused: a JavaScript exception is pending, so return nullptr.
  bool ok() const { return ok_; }
  size_t count() const { return count_; }
  napi_value argument(size_t index) const { return arguments_[index]; }
  napi_value ArgumentOrNull(size_t index) const {
    return index < count_ ? arguments_[index] : nullptr;
  }

  // An integer of 32 bits: a descriptor, a level, an option's name.
  int32_t Int(size_t index, const char* name) {
    return static_cast<int32_t>(Integer(index, name, INT32_MIN, INT32_MAX));
  }
  // Flags: 32 bits, either way of writing the highest one.
  uint32_t Flags(size_t index, const char* name) {
    return static_cast<uint32_t>(static_cast<int64_t>(Integer(index, name, INT32_MIN, UINT32_MAX)));
  }
  // A count, a size or an offset within 2^53.
  int64_t Size(size_t index, const char* name) {
    return static_cast<int64_t>(Integer(index, name, 0, kMaxSafeInteger));
  }
  // An integer between two bounds, both allowed.
  double Integer(size_t index, const char* name, double least, double most);

  // (view, offset, length) at index, index + 1, index + 2: never past the view, never detached.
  Bytes Range(size_t index, const char* name);
  // A whole Uint8Array.
  Bytes View(size_t index, const char* name);
  Bytes ViewOf(napi_value value, const char* name);
  // A whole Int32Array or Uint32Array.
  Words Vector(size_t index, const char* name);
  // Where a pair of descriptors goes: an Int32Array with room for two.
  Words Pair(size_t index, const char* name);
  // The bytes of a Uint8Array, an Int32Array or a Uint32Array.
  Bytes Memory(size_t index, const char* name);
  // True for an object, false for null or undefined.
  bool OptionalObject(size_t index, const char* name);
  // Refuses what is no object.
  void RequiredObject(size_t index, const char* name);
  bool Absent(size_t index) const;
  bool IsA(size_t index, napi_valuetype type) const;
  napi_valuetype TypeOf(napi_value value) const;

  // The kernel's answer: `rc` as it is, or -errno where it is -1. errno is read before Node-API can
  // change it, hence the call stands in the argument: `return call.Result(::close(fd))`.
  napi_value Result(int64_t rc) { return Number(Outcome(rc)); }
  napi_value Number(int64_t value);

  // `"fd" must be an integer, not undefined`; `given` comes from Not.
  napi_value TypeError(const char* name, const char* expected, const std::string& given = "");
  napi_value RangeError(const char* name, const char* expected, const std::string& given = "");
  // What was given instead, in words: `, not undefined`. Runs no JavaScript.
  std::string Not(napi_value value) const;

 private:
  static constexpr double kMaxSafeInteger = 9007199254740991.0;

  enum class Kind { kBytes, kWords, kMemory };
  struct Typed {
    uint8_t* data = nullptr;
    size_t length = 0;
    napi_typedarray_type type = napi_uint8_array;
  };

  Typed ReadTyped(napi_value value, const char* name, Kind kind);

  napi_env env_;
  size_t count_ = kMaxArguments;
  napi_value arguments_[kMaxArguments];
  bool ok_ = true;
};

// Where a family puts its functions and its constants.
class Exports {
 public:
  Exports(Napi::Env env, Napi::Object functions, Napi::Object constants)
      : env_(env), functions_(functions), constants_(constants) {}

  void Function(const char* name, napi_callback callback);
  void Constant(const char* name, double value) { constants_.Set(name, value); }
  void Object(const char* name, napi_value value) { functions_.Set(name, value); }
  Napi::Env env() const { return env_; }

 private:
  Napi::Env env_;
  Napi::Object functions_;
  Napi::Object constants_;
};

// One constant under its C name.
#define SYSKV_CONSTANT(exports, name) (exports).Constant(#name, static_cast<double>(name))

// The families, one file each.
void RegisterErrno(Exports& exports);
void RegisterLayouts(Exports& exports);
void RegisterFd(Exports& exports);
void RegisterTimerfd(Exports& exports);
void RegisterSocket(Exports& exports);
void SocketConstants(Exports& exports);
void RegisterMessage(Exports& exports);
void RegisterMessages(Exports& exports);
void RegisterSelect(Exports& exports);
void RegisterPoll(Exports& exports);
void RegisterEpoll(Exports& exports);
void RegisterKqueue(Exports& exports);
void RegisterIoUring(Exports& exports);
void RegisterSignal(Exports& exports);
void RegisterMemory(Exports& exports);
void RegisterMemfd(Exports& exports);
void RegisterFutex(Exports& exports);
void RegisterProcess(Exports& exports);

}  // namespace syskv
