// Registers the families. The addon holds no static state of its own (the one exception is the
// block that signal handlers write to, signal.cc), so every worker thread can load it.
#include "call.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object functions) {
  Napi::Object constants = Napi::Object::New(env);
  syskv::Exports exports(env, functions, constants);
  syskv::RegisterErrno(exports);
  syskv::RegisterLayouts(exports);
  syskv::RegisterFd(exports);
  syskv::RegisterTimerfd(exports);
  syskv::RegisterSocket(exports);
  syskv::RegisterMessage(exports);
  syskv::RegisterMessages(exports);
  syskv::RegisterSelect(exports);
  syskv::RegisterPoll(exports);
  syskv::RegisterEpoll(exports);
  syskv::RegisterKqueue(exports);
  syskv::RegisterIoUring(exports);
  syskv::RegisterSignal(exports);
  syskv::RegisterMemory(exports);
  syskv::RegisterMemfd(exports);
  syskv::RegisterFutex(exports);
  syskv::RegisterProcess(exports);
  constants.Freeze();
  functions.Set("constants", constants);
  return functions;
}

}  // namespace

NODE_API_MODULE(syskv, Init)
