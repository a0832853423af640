// Processes and threads: gettid pthread_setname_np pthread_getname_np sched_setaffinity
// sched_getaffinity sched_yield getrusage getrlimit setrlimit prctl waitpid clock_gettime.
#include <pthread.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "arguments.h"
#include "call.h"

namespace syskv {
namespace {

// TASK_COMM_LEN of Linux less its NUL.
constexpr size_t kNameBytes = 15;

#ifdef __linux__
napi_value Gettid(napi_env env, napi_callback_info info) {
  Call call(env, info);
  return call.Result(::syscall(SYS_gettid));
}
#endif

napi_value PthreadSetname(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const std::string name = Text(call, 0, "name", kNameBytes);
  if (!call.ok()) return nullptr;
#ifdef __APPLE__
  return call.Number(-::pthread_setname_np(name.c_str()));
#else
  return call.Number(-::pthread_setname_np(::pthread_self(), name.c_str()));
#endif
}

napi_value PthreadGetname(napi_env env, napi_callback_info info) {
  Call call(env, info);
  // macOS allows 63 bytes.
  char name[64] = {};
  const int error = ::pthread_getname_np(::pthread_self(), name, sizeof name);
  if (error != 0) return call.Number(-error);
  napi_value text;
  napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text);
  return text;
}

}  // namespace

void RegisterProcess(Exports& exports) {
#ifdef __linux__
  exports.Function("gettid", Gettid);
#endif
  exports.Function("pthread_setname_np", PthreadSetname);
  exports.Function("pthread_getname_np", PthreadGetname);
}

}  // namespace syskv
