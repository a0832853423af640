// Signals: sigaction kill pthread_sigmask, and the block of words that the handler writes to.
//
// The block is the one static state of the addon: a signal belongs to the process, and may land on
// any thread of it. Every environment sees the same block as an Int32Array of its own:
//
//   SIGNAL_COUNT + signum      how often that signal has come; added to by the handler alone
//   SIGNAL_EVENTFD  .. + 3     descriptors that the handler writes eight bytes to; -1 is free
//   SIGNAL_SHUTDOWN .. + 7     sockets that the handler shuts down for reading; -1 is free. With
//                              SIGNAL_KEEP_BACKLOG: a listener, which is left alone while a client
//                              waits in its backlog
//
// A blocked accept4 or recvmsg returns when its socket is shut down, even where the signal landed
// between the check of the count and the call, or on another thread: EINTR alone would lose it. A
// listener that is shut down resets the clients in its backlog; where there are any, the one thread
// that accepts from it gets the first of them, and looks at the count before it sleeps again.
#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "arguments.h"
#include "call.h"

namespace syskv {
namespace {

// One for each signal of Linux (1 to 64), and 0.
constexpr int kCounts = 65;
// One for each thread that waits in its own readiness loop and wants to know at once; a loop that
// finds no free slot can watch an eventfd that it shares with another.
constexpr int kEventfdSlots = 4;
// Listeners and the connections that a blocking mode stands in.
constexpr int kShutdownSlots = 8;
constexpr int kEventfd = kCounts;
constexpr int kShutdown = kEventfd + kEventfdSlots;
constexpr int kBlockWords = kShutdown + kShutdownSlots;

// Above every descriptor that there can be (fs.nr_open is at most 2^30).
constexpr int kKeepBacklog = 1 << 30;

constexpr int kDefault = 0;
constexpr int kIgnore = 1;
constexpr int kNotify = 2;

using Word = std::atomic<int32_t>;
static_assert(sizeof(Word) == sizeof(int32_t) && Word::is_always_lock_free,
              "the handler and the Int32Array share these words");

// Constructed as the library is loaded, before any environment can see it: hence exactly once.
struct Block {
  Block() {
    for (int i = 0; i < kBlockWords; i++) words[i].store(i < kCounts ? 0 : -1);
  }
  Word words[kBlockWords];
};
Block block;

bool HasClients(int listener) {
  struct pollfd asked = {listener, POLLIN, 0};
  return ::poll(&asked, 1, 0) == 1 && (asked.revents & POLLIN) != 0;
}

// Only async-signal-safe calls, and errno as it was: this interrupts arbitrary code.
void Notify(int signum) {
  const int saved = errno;
  if (signum < kCounts) block.words[signum].fetch_add(1);
  for (int i = kEventfd; i < kEventfd + kEventfdSlots; i++) {
    const uint64_t one = 1;
    const int fd = block.words[i].load();
    // A full eventfd is readable already, which is all that is wanted.
    if (fd >= 0 && ::write(fd, &one, sizeof one) == -1) continue;
  }
  for (int i = kShutdown; i < kShutdown + kShutdownSlots; i++) {
    const int word = block.words[i].load();
    const int fd = word & ~kKeepBacklog;
    if (word < 0 || (fd != word && HasClients(fd))) continue;
    ::shutdown(fd, SHUT_RD);
  }
  errno = saved;
}

// The kernel raises these at the faulting instruction: a handler that returns runs it again,
// without end, and V8 has handlers of its own for them.
bool IsFault(int signum) {
  return signum == SIGSEGV || signum == SIGBUS || signum == SIGILL || signum == SIGFPE ||
         signum == SIGTRAP;
}

// SA_SIGINFO would change the handler's arguments; SA_RESTORER and SA_ONSTACK need memory.
constexpr uint32_t kFlags =
    SA_RESTART | SA_RESETHAND | SA_NODEFER | SA_NOCLDSTOP | SA_NOCLDWAIT;

napi_value Sigaction(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int signum = call.Int(0, "signum");
  const auto action = static_cast<int>(call.Integer(1, "action", kDefault, kNotify));
  const uint32_t flags = call.Flags(2, "flags");
  if (!call.ok()) return nullptr;
  if (IsFault(signum)) return call.RangeError("signum", "a signal that is not raised by a fault");
  if ((flags & ~kFlags) != 0) {
    return call.RangeError(
        "flags", "of SA_RESTART, SA_RESETHAND, SA_NODEFER, SA_NOCLDSTOP, SA_NOCLDWAIT");
  }
  struct sigaction change = {};
  change.sa_handler = action == kDefault ? SIG_DFL : action == kIgnore ? SIG_IGN : Notify;
  change.sa_flags = static_cast<int>(flags);
  sigemptyset(&change.sa_mask);
  return call.Result(::sigaction(signum, &change, nullptr));
}

napi_value Kill(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int pid = call.Int(0, "pid");
  const int sig = call.Int(1, "sig");
  if (!call.ok()) return nullptr;
  return call.Result(::kill(pid, sig));
}

napi_value PthreadSigmask(napi_env env, napi_callback_info info) {
  Call call(env, info);
  const int how = call.Int(0, "how");
  const SignalSet set(call, 1, "set");
  const bool wanted = !call.Absent(2) && IsArray(call, 2, "oldset");
  if (!call.ok()) return nullptr;
  sigset_t old;
  sigemptyset(&old);
  // The pthread functions return their errno.
  const int error = ::pthread_sigmask(how, set.get(), &old);
  if (error == 0 && wanted) {
    int signum = 0;
    FillArray(call, 2, [&old, &signum] {
      while (++signum <= LastSignal()) {
        if (sigismember(&old, signum) == 1) return signum;
      }
      return -1;
    });
  }
  return call.Number(-error);
}

// Node closes the library with the last environment that loaded it, which may be a worker's: the
// handler must still be there when the next signal lands.
void StayLoaded() {
#ifdef RTLD_NODELETE
  Dl_info library;
  if (::dladdr(&block, &library) != 0) ::dlopen(library.dli_fname, RTLD_LAZY | RTLD_NODELETE);
#endif
}

void RegisterBlock(Exports& exports) {
  const Napi::Env env = exports.env();
  napi_value buffer;
  napi_value words;
  // No finalizer: the block outlives every environment.
  if (napi_create_external_arraybuffer(env, block.words, sizeof block.words, nullptr, nullptr,
                                       &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_int32_array, kBlockWords, buffer, 0, &words) != napi_ok) {
    return;
  }
  exports.Object("signalBlock", words);
}

void RegisterNumbers(Exports& exports) {
  SYSKV_CONSTANT(exports, SIGHUP);
  SYSKV_CONSTANT(exports, SIGINT);
  SYSKV_CONSTANT(exports, SIGQUIT);
  SYSKV_CONSTANT(exports, SIGABRT);
  SYSKV_CONSTANT(exports, SIGKILL);
  SYSKV_CONSTANT(exports, SIGUSR1);
  SYSKV_CONSTANT(exports, SIGUSR2);
  SYSKV_CONSTANT(exports, SIGSEGV);
  SYSKV_CONSTANT(exports, SIGPIPE);
  SYSKV_CONSTANT(exports, SIGALRM);
  SYSKV_CONSTANT(exports, SIGTERM);
  SYSKV_CONSTANT(exports, SIGCHLD);
  SYSKV_CONSTANT(exports, SIGCONT);
  SYSKV_CONSTANT(exports, SIGSTOP);
  SYSKV_CONSTANT(exports, SIGXFSZ);
  SYSKV_CONSTANT(exports, SIG_BLOCK);
  SYSKV_CONSTANT(exports, SIG_UNBLOCK);
  SYSKV_CONSTANT(exports, SIG_SETMASK);
  SYSKV_CONSTANT(exports, SA_RESTART);
  SYSKV_CONSTANT(exports, SA_RESETHAND);
  SYSKV_CONSTANT(exports, SA_NODEFER);
  SYSKV_CONSTANT(exports, SA_NOCLDSTOP);
  SYSKV_CONSTANT(exports, SA_NOCLDWAIT);
}

}  // namespace

void RegisterSignal(Exports& exports) {
  exports.Function("sigaction", Sigaction);
  exports.Function("kill", Kill);
  exports.Function("pthread_sigmask", PthreadSigmask);
  StayLoaded();
  RegisterBlock(exports);
  RegisterNumbers(exports);
  exports.Constant("SIG_DFL", kDefault);
  exports.Constant("SIG_IGN", kIgnore);
  exports.Constant("SIG_NOTIFY", kNotify);
  exports.Constant("SIGNAL_COUNT", 0);
  exports.Constant("SIGNAL_EVENTFD", kEventfd);
  exports.Constant("SIGNAL_EVENTFD_SLOTS", kEventfdSlots);
  exports.Constant("SIGNAL_SHUTDOWN", kShutdown);
  exports.Constant("SIGNAL_SHUTDOWN_SLOTS", kShutdownSlots);
  exports.Constant("SIGNAL_KEEP_BACKLOG", kKeepBacklog);
}

}  // namespace syskv
