// Processes and threads: gettid pthread_setname_np pthread_getname_np sched_setaffinity
// sched_getaffinity sched_yield getrusage getrlimit setrlimit prctl waitpid clock_gettime _exit.
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__DragonFly__)
#include <pthread_np.h>
#endif

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <cmath>
#include <ctime>

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
#elif defined(__OpenBSD__)
  ::pthread_set_name_np(::pthread_self(), name.c_str());
  return call.Number(0);
#else
  return call.Number(-::pthread_setname_np(::pthread_self(), name.c_str()));
#endif
}

napi_value PthreadGetname(napi_env env, napi_callback_info info) {
  Call call(env, info);
  // macOS allows 63 bytes.
  char name[64] = {};
#ifdef __OpenBSD__
  ::pthread_get_name_np(::pthread_self(), name, sizeof name);
#else
  const int error = ::pthread_getname_np(::pthread_self(), name, sizeof name);
  if (error != 0) return call.Number(-error);
#endif
  napi_value text;
  napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text);
  return text;
}

// Whether the argument can be filled in place.
bool IsObject(Call& call, size_t index, const char* name) {
  if (call.ok()) call.RequiredObject(index, name);
  return call.ok();
}

void SetField(Call& call, size_t index, const char* name, double value) {
  napi_value number;
  napi_create_double(call.env(), value, &number);
  napi_set_named_property(call.env(), call.argument(index), name, number);
}

double Microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

napi_value Getrusage(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int who = call.Int(0, "who");
  if (!IsObject(call, 1, "usage")) return nullptr;
  struct rusage usage;
  const int rc = ::getrusage(static_cast<decltype(RUSAGE_SELF)>(who), &usage);
  if (rc == -1) return call.Result(rc);
#ifdef __APPLE__
  constexpr double kMaxrssUnit = 1;
#else
  constexpr double kMaxrssUnit = 1024;
#endif
  SetField(call, 1, "utime", Microseconds(usage.ru_utime));
  SetField(call, 1, "stime", Microseconds(usage.ru_stime));
  SetField(call, 1, "maxrss", static_cast<double>(usage.ru_maxrss) * kMaxrssUnit);
  SetField(call, 1, "minflt", static_cast<double>(usage.ru_minflt));
  SetField(call, 1, "majflt", static_cast<double>(usage.ru_majflt));
  SetField(call, 1, "nvcsw", static_cast<double>(usage.ru_nvcsw));
  SetField(call, 1, "nivcsw", static_cast<double>(usage.ru_nivcsw));
  return call.Number(rc);
}

double FromLimit(rlim_t limit) {
  return limit == RLIM_INFINITY ? INFINITY : static_cast<double>(limit);
}

napi_value Getrlimit(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int resource = call.Int(0, "resource");
  if (!IsObject(call, 1, "limit")) return nullptr;
  struct rlimit limit;
  const int rc = ::getrlimit(static_cast<decltype(RLIMIT_NOFILE)>(resource), &limit);
  if (rc == -1) return call.Result(rc);
  SetField(call, 1, "soft", FromLimit(limit.rlim_cur));
  SetField(call, 1, "hard", FromLimit(limit.rlim_max));
  return call.Number(rc);
}

// The field of the object at `index`: a size, or Infinity.
rlim_t ToLimit(Call& call, size_t index, const char* field) {
  constexpr double kMost = 9007199254740991.0;
  napi_value property = nullptr;
  double value = -1;
  if (!call.ok()) return 0;
  if (napi_get_named_property(call.env(), call.argument(index), field, &property) != napi_ok ||
      napi_get_value_double(call.env(), property, &value) != napi_ok) {
    call.TypeError(field, "a number", call.Not(property));
    return 0;
  }
  if (value == INFINITY) return RLIM_INFINITY;
  if (!(value >= 0 && value <= kMost) || value != std::floor(value)) {
    call.RangeError(field, "a whole number that is not negative, or Infinity");
    return 0;
  }
  return static_cast<rlim_t>(value);
}

napi_value Setrlimit(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int resource = call.Int(0, "resource");
  if (!IsObject(call, 1, "limit")) return nullptr;
  struct rlimit limit;
  limit.rlim_cur = ToLimit(call, 1, "soft");
  limit.rlim_max = ToLimit(call, 1, "hard");
  if (!call.ok()) return nullptr;
  return call.Result(::setrlimit(static_cast<decltype(RLIMIT_NOFILE)>(resource), &limit));
}

napi_value Waitpid(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int pid = call.Int(0, "pid");
  const Words status = call.Vector(1, "status");
  const int options = static_cast<int>(call.Flags(2, "options"));
  if (!call.ok()) return nullptr;
  if (status.length < 1) return call.RangeError("status", "a view of one word");
  return call.Result(::waitpid(pid, status.data, options));
}

napi_value ClockGettime(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int clock = call.Int(0, "clockid");
  if (!call.ok()) return nullptr;
  timespec time;
  const int rc = ::clock_gettime(static_cast<clockid_t>(clock), &time);
  if (rc == -1) return call.Result(rc);
  napi_value microseconds;
  napi_create_double(env, static_cast<double>(time.tv_sec) * 1e6 +
                              static_cast<double>(time.tv_nsec) / 1e3, &microseconds);
  return microseconds;
}

napi_value Exit(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int status = call.Int(0, "status");
  if (!call.ok()) return nullptr;
  ::_exit(status);
}

napi_value SchedYield(napi_env env, napi_callback_info info) {
  Call call(env, info);
  return call.Result(::sched_yield());
}

#ifdef __linux__

napi_value SchedSetaffinity(napi_env env, napi_callback_info info) {
  Call call(env, info);
  cpu_set_t set;
  CPU_ZERO(&set);
  const int pid = call.Int(0, "pid");
  EachInteger(call, 1, "cpus", 0, CPU_SETSIZE - 1, [&set](int cpu) { CPU_SET(cpu, &set); });
  if (!call.ok()) return nullptr;
  return call.Result(::sched_setaffinity(pid, sizeof set, &set));
}

napi_value SchedGetaffinity(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int pid = call.Int(0, "pid");
  if (!IsArray(call, 1, "cpus")) return nullptr;
  cpu_set_t set;
  CPU_ZERO(&set);
  const int rc = ::sched_getaffinity(pid, sizeof set, &set);
  if (rc == -1) return call.Result(rc);
  int cpu = -1;
  FillArray(call, 1, [&set, &cpu] {
    while (++cpu < CPU_SETSIZE) {
      if (CPU_ISSET(cpu, &set)) return cpu;
    }
    return -1;
  });
  return call.Number(rc);
}

// The options whose second argument is a number; others take addresses, or change what the
// process may do to itself (PR_SET_SECCOMP, PR_SET_MM).
bool IsNumberOption(int option) {
  return option == PR_SET_PDEATHSIG || option == PR_SET_DUMPABLE || option == PR_GET_DUMPABLE ||
         option == PR_SET_TIMERSLACK || option == PR_GET_TIMERSLACK || option == PR_SET_PTRACER ||
         option == PR_SET_CHILD_SUBREAPER || option == PR_SET_NO_NEW_PRIVS;
}

napi_value Prctl(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int option = call.Int(0, "option");
  const int argument = call.Int(1, "arg2");
  if (!call.ok()) return nullptr;
  if (!IsNumberOption(option)) return call.RangeError("option", "one that takes a number");
  // Sign-extended: PR_SET_PTRACER_ANY is -1.
  const auto word = static_cast<unsigned long>(static_cast<long>(argument));
  return call.Result(::prctl(option, word, 0UL, 0UL, 0UL));
}

void RegisterLinux(Exports& exports) {
  exports.Function("gettid", Gettid);
  exports.Function("sched_setaffinity", SchedSetaffinity);
  exports.Function("sched_getaffinity", SchedGetaffinity);
  exports.Function("prctl", Prctl);
  SYSKV_CONSTANT(exports, RUSAGE_THREAD);
  SYSKV_CONSTANT(exports, PR_SET_PDEATHSIG);
  SYSKV_CONSTANT(exports, PR_SET_DUMPABLE);
  SYSKV_CONSTANT(exports, PR_GET_DUMPABLE);
  SYSKV_CONSTANT(exports, PR_SET_TIMERSLACK);
  SYSKV_CONSTANT(exports, PR_GET_TIMERSLACK);
  SYSKV_CONSTANT(exports, PR_SET_PTRACER);
  SYSKV_CONSTANT(exports, PR_SET_CHILD_SUBREAPER);
  SYSKV_CONSTANT(exports, PR_SET_NO_NEW_PRIVS);
}

#else

void RegisterLinux(Exports& exports) {}

#endif

}  // namespace

void RegisterProcess(Exports& exports) {
  exports.Function("pthread_setname_np", PthreadSetname);
  exports.Function("pthread_getname_np", PthreadGetname);
  exports.Function("getrusage", Getrusage);
  exports.Function("getrlimit", Getrlimit);
  exports.Function("setrlimit", Setrlimit);
  exports.Function("waitpid", Waitpid);
  exports.Function("clock_gettime", ClockGettime);
  exports.Function("sched_yield", SchedYield);
  exports.Function("_exit", Exit);
  SYSKV_CONSTANT(exports, RUSAGE_SELF);
  SYSKV_CONSTANT(exports, RUSAGE_CHILDREN);
  SYSKV_CONSTANT(exports, RLIMIT_NOFILE);
  SYSKV_CONSTANT(exports, RLIMIT_CORE);
  SYSKV_CONSTANT(exports, RLIMIT_NPROC);
  SYSKV_CONSTANT(exports, RLIMIT_MEMLOCK);
#ifdef RLIMIT_AS
  SYSKV_CONSTANT(exports, RLIMIT_AS);
#endif
  SYSKV_CONSTANT(exports, WNOHANG);
  SYSKV_CONSTANT(exports, WUNTRACED);
  SYSKV_CONSTANT(exports, WCONTINUED);
  SYSKV_CONSTANT(exports, CLOCK_REALTIME);
  SYSKV_CONSTANT(exports, CLOCK_MONOTONIC);
  SYSKV_CONSTANT(exports, CLOCK_PROCESS_CPUTIME_ID);
  SYSKV_CONSTANT(exports, CLOCK_THREAD_CPUTIME_ID);
  RegisterLinux(exports);
}

}  // namespace syskv
