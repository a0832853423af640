// The layouts of the structs that socket options, control messages and requests to io_uring carry,
// as offsetof and sizeof tell them: `posix.layouts.linger` is
// { size, fields: { onoff: { offset, size, signed }, … } }.
// linux/tcp.h knows more fields of tcp_info than libc's netinet/tcp.h; no file may include both.
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "call.h"

#if defined(__linux__) && __has_include(<linux/tcp.h>)
#include <linux/tcp.h>
#define SYSKV_HAS_TCP_INFO 1
#endif

namespace syskv {
namespace {

class Layout {
 public:
  Layout(Napi::Env env, size_t size) : env_(env), object_(Napi::Object::New(env)) {
    fields_ = Napi::Object::New(env);
    object_.Set("size", static_cast<double>(size));
    object_.Set("fields", fields_);
  }

  template <typename Type>
  void Field(const char* name, size_t offset) {
    Napi::Object field = Napi::Object::New(env_);
    field.Set("offset", static_cast<double>(offset));
    field.Set("size", static_cast<double>(sizeof(Type)));
    field.Set("signed", Napi::Boolean::New(env_, std::is_signed<Type>::value));
    fields_.Set(name, field);
  }

  // A field that older headers lack: `member` cannot be called where the struct has no such member.
  template <typename Struct, typename Member>
  void NewerField(const char* name, Member member) {
    if constexpr (std::is_invocable<Member, Struct*>::value) {
      Struct sample = {};
      auto* field = member(&sample);
      Field<std::remove_pointer_t<decltype(field)>>(
          name, reinterpret_cast<char*>(field) - reinterpret_cast<char*>(&sample));
    }
  }

  Napi::Object object() const { return object_; }

 private:
  Napi::Env env_;
  Napi::Object object_;
  Napi::Object fields_;
};

#define SYSKV_FIELD(layout, type, prefix, name) \
  (layout).Field<decltype(type::prefix##name)>(#name, offsetof(type, prefix##name))

#define SYSKV_NEWER_FIELD(layout, type, prefix, name) \
  (layout).NewerField<type>(                          \
      #name, [](auto* value) -> decltype(&value->prefix##name) { return &value->prefix##name; })

Napi::Object Linger(Napi::Env env) {
  using type = ::linger;
  Layout layout(env, sizeof(type));
  SYSKV_FIELD(layout, type, l_, onoff);
  SYSKV_FIELD(layout, type, l_, linger);
  return layout.object();
}

Napi::Object Timeval(Napi::Env env) {
  Layout layout(env, sizeof(timeval));
  SYSKV_FIELD(layout, timeval, tv_, sec);
  SYSKV_FIELD(layout, timeval, tv_, usec);
  return layout.object();
}

// A pointer is a number here, an address.
Napi::Object Iovec(Napi::Env env) {
  Layout layout(env, sizeof(iovec));
  layout.Field<uintptr_t>("base", offsetof(iovec, iov_base));
  layout.Field<size_t>("len", offsetof(iovec, iov_len));
  return layout.object();
}

Napi::Object Msghdr(Napi::Env env) {
  Layout layout(env, sizeof(msghdr));
  layout.Field<uintptr_t>("iov", offsetof(msghdr, msg_iov));
  SYSKV_FIELD(layout, msghdr, msg_, iovlen);
  return layout.object();
}

#ifdef __linux__
Napi::Object Ucred(Napi::Env env) {
  Layout layout(env, sizeof(ucred));
  SYSKV_FIELD(layout, ucred, , pid);
  SYSKV_FIELD(layout, ucred, , uid);
  SYSKV_FIELD(layout, ucred, , gid);
  return layout.object();
}
#endif

#ifdef SYSKV_HAS_TCP_INFO
// What this connection is doing. The bit fields (window scales, delivery_rate_app_limited) have no
// offset and are left out.
void TcpInfoNow(Layout& layout) {
  SYSKV_FIELD(layout, tcp_info, tcpi_, state);
  SYSKV_FIELD(layout, tcp_info, tcpi_, ca_state);
  SYSKV_FIELD(layout, tcp_info, tcpi_, retransmits);
  SYSKV_FIELD(layout, tcp_info, tcpi_, probes);
  SYSKV_FIELD(layout, tcp_info, tcpi_, backoff);
  SYSKV_FIELD(layout, tcp_info, tcpi_, options);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rto);
  SYSKV_FIELD(layout, tcp_info, tcpi_, ato);
  SYSKV_FIELD(layout, tcp_info, tcpi_, snd_mss);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rcv_mss);
  SYSKV_FIELD(layout, tcp_info, tcpi_, unacked);
  SYSKV_FIELD(layout, tcp_info, tcpi_, sacked);
  SYSKV_FIELD(layout, tcp_info, tcpi_, lost);
  SYSKV_FIELD(layout, tcp_info, tcpi_, retrans);
  SYSKV_FIELD(layout, tcp_info, tcpi_, fackets);
  SYSKV_FIELD(layout, tcp_info, tcpi_, last_data_sent);
  SYSKV_FIELD(layout, tcp_info, tcpi_, last_data_recv);
  SYSKV_FIELD(layout, tcp_info, tcpi_, last_ack_recv);
  SYSKV_FIELD(layout, tcp_info, tcpi_, pmtu);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rcv_ssthresh);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rtt);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rttvar);
  SYSKV_FIELD(layout, tcp_info, tcpi_, snd_ssthresh);
  SYSKV_FIELD(layout, tcp_info, tcpi_, snd_cwnd);
  SYSKV_FIELD(layout, tcp_info, tcpi_, advmss);
  SYSKV_FIELD(layout, tcp_info, tcpi_, reordering);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rcv_rtt);
  SYSKV_FIELD(layout, tcp_info, tcpi_, rcv_space);
  SYSKV_FIELD(layout, tcp_info, tcpi_, total_retrans);
}

// What it has done since it began.
void TcpInfoTotals(Layout& layout) {
  SYSKV_FIELD(layout, tcp_info, tcpi_, pacing_rate);
  SYSKV_FIELD(layout, tcp_info, tcpi_, max_pacing_rate);
  SYSKV_FIELD(layout, tcp_info, tcpi_, bytes_acked);
  SYSKV_FIELD(layout, tcp_info, tcpi_, bytes_received);
  SYSKV_FIELD(layout, tcp_info, tcpi_, segs_out);
  SYSKV_FIELD(layout, tcp_info, tcpi_, segs_in);
  SYSKV_FIELD(layout, tcp_info, tcpi_, notsent_bytes);
  SYSKV_FIELD(layout, tcp_info, tcpi_, min_rtt);
  SYSKV_FIELD(layout, tcp_info, tcpi_, data_segs_in);
  SYSKV_FIELD(layout, tcp_info, tcpi_, data_segs_out);
  SYSKV_FIELD(layout, tcp_info, tcpi_, delivery_rate);
}

// What kernels since 4.10 tell.
void TcpInfoNewer(Layout& layout) {
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, busy_time);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, rwnd_limited);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, sndbuf_limited);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, delivered);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, delivered_ce);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, bytes_sent);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, bytes_retrans);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, dsack_dups);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, reord_seen);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, rcv_ooopack);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, snd_wnd);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, rcv_wnd);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, rehash);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, total_rto);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, total_rto_recoveries);
  SYSKV_NEWER_FIELD(layout, tcp_info, tcpi_, total_rto_time);
}

Napi::Object TcpInfo(Napi::Env env) {
  Layout layout(env, sizeof(tcp_info));
  TcpInfoNow(layout);
  TcpInfoTotals(layout);
  TcpInfoNewer(layout);
  return layout.object();
}
#endif

}  // namespace

void RegisterLayouts(Exports& exports) {
  Napi::Object layouts = Napi::Object::New(exports.env());
  layouts.Set("linger", Linger(exports.env()));
  layouts.Set("timeval", Timeval(exports.env()));
  layouts.Set("iovec", Iovec(exports.env()));
  layouts.Set("msghdr", Msghdr(exports.env()));
#ifdef __linux__
  layouts.Set("ucred", Ucred(exports.env()));
#endif
#ifdef SYSKV_HAS_TCP_INFO
  layouts.Set("tcp_info", TcpInfo(exports.env()));
#endif
  exports.Object("layouts", layouts);
}

}  // namespace syskv
