// Several messages a call: recvmmsg sendmmsg. Two forms, told apart by the second argument:
//   (fd, view, vector, vlen, flags[, timeoutMs])   triples (offset, length, moved), no allocation
//   (fd, messages, flags[, timeoutMs])             plain objects, as recvmsg takes them
#include <sys/socket.h>

#include <vector>

#include "arguments.h"
#include "call.h"
#include "iovec.h"
#include "message_header.h"

namespace syskv {

// Missing on macOS.
#if defined(__linux__) || defined(__FreeBSD__)
namespace {

constexpr uint32_t kTriple = 3;

using Transfer = int (*)(int, mmsghdr*, unsigned, int, timespec*);

int Receive(int fd, mmsghdr* messages, unsigned vlen, int flags, timespec* timeout) {
  return static_cast<int>(::recvmmsg(fd, messages, vlen, flags, timeout));
}

int Dispatch(int fd, mmsghdr* messages, unsigned vlen, int flags, timespec*) {
  return static_cast<int>(::sendmmsg(fd, messages, vlen, flags));
}

// mmsghdrs over one view, each with one part of it. Uninitialised past `count`: a call with one
// message pays for one.
class Triples {
 public:
  Triples(Call& call, size_t index) {
    const Bytes view = call.View(index, "buffer");
    vector_ = call.Vector(index + 1, "msgvec");
    count_ = static_cast<uint32_t>(call.Integer(index + 2, "vlen", 0, kMaxParts));
    if (!call.ok()) return;
    if (static_cast<size_t>(count_) * kTriple > vector_.length) {
      call.RangeError("vlen", "at most the number of triples");
      return;
    }
    for (uint32_t i = 0; i < count_ && call.ok(); i++) {
      parts_[i] = ResolvePair(call, view, vector_.data + i * kTriple, "msgvec");
      messages_[i].msg_hdr = {};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
      messages_[i].msg_len = 0;
    }
  }

  void WriteBack(int moved) {
    for (int i = 0; i < moved; i++) {
      vector_.data[i * kTriple + 2] = static_cast<int32_t>(messages_[i].msg_len);
    }
  }

  mmsghdr* data() { return messages_; }
  uint32_t count() const { return count_; }

 private:
  Words vector_;
  uint32_t count_ = 0;
  iovec parts_[kMaxParts];
  mmsghdr messages_[kMaxParts];
};

// The optional time limit, which only recvmmsg has.
class Limit {
 public:
  Limit(Call& call, size_t index) {
    if (call.Absent(index)) return;
    const Timeout timeout(call, index);
    if (timeout.get() == nullptr) return;
    time_ = *timeout.get();
    present_ = true;
  }
  // Linux writes the rest of the time back into it.
  timespec* get() { return present_ ? &time_ : nullptr; }

 private:
  timespec time_ = {};
  bool present_ = false;
};

napi_value TransferTriples(Call& call, Transfer transfer) {
  const int fd = call.Int(0, "sockfd");
  Triples triples(call, 1);
  const auto flags = static_cast<int>(call.Flags(4, "flags"));
  Limit limit(call, 5);
  if (!call.ok()) return nullptr;
  const int64_t rc = Outcome(transfer(fd, triples.data(), triples.count(), flags, limit.get()));
  triples.WriteBack(static_cast<int>(rc));
  return call.Number(rc);
}

// The object form: the messages, and the mmsghdrs made of them.
class Messages {
 public:
  using Read = void (MessageHeader::*)(Call&, napi_value);

  Messages(Call& call, size_t index, Read read) {
    napi_value objects[kMaxParts];
    const uint32_t count = ReadElements(call, call.argument(index), "msgvec", objects, kMaxParts);
    headers_ = std::vector<MessageHeader>(count);
    for (uint32_t i = 0; i < count && call.ok(); i++) (headers_[i].*read)(call, objects[i]);
    for (uint32_t i = 0; i < count && call.ok(); i++) headers_[i].Resolve(call);
    messages_.resize(count);
    for (uint32_t i = 0; i < count; i++) messages_[i].msg_hdr = *headers_[i].header();
  }

  // Writes the answers into the objects. Where one cannot be written, it and those behind it keep
  // no descriptor.
  bool FillIn(Call& call, int moved, bool received) {
    bool filled = true;
    for (int i = 0; i < moved; i++) {
      *headers_[i].header() = messages_[i].msg_hdr;
      if (!filled) {
        headers_[i].CloseDescriptors();
        continue;
      }
      Fields fields(call, headers_[i].object(), "msgvec[]");
      filled = (!received || headers_[i].FillIn(call)) &&
               fields.Set("length", messages_[i].msg_len);
    }
    return filled;
  }

  mmsghdr* data() { return messages_.data(); }
  unsigned count() const { return static_cast<unsigned>(messages_.size()); }

 private:
  std::vector<MessageHeader> headers_;
  std::vector<mmsghdr> messages_;
};

napi_value TransferMessages(Call& call, Transfer transfer, bool receive) {
  const int fd = call.Int(0, "sockfd");
  const auto flags = static_cast<int>(call.Flags(2, "flags"));
  Limit limit(call, 3);
  Messages messages(call, 1,
                    receive ? &MessageHeader::ReadIncoming : &MessageHeader::ReadOutgoing);
  if (!call.ok()) return nullptr;
  const int64_t rc = Outcome(transfer(fd, messages.data(), messages.count(), flags, limit.get()));
  if (!messages.FillIn(call, static_cast<int>(rc), receive)) return nullptr;
  return call.Number(rc);
}

napi_value Either(napi_env env, napi_callback_info info, Transfer transfer, bool receive) {
  Call call(env, info);
  bool is_array = false;
  napi_is_array(env, call.argument(1), &is_array);
  return is_array ? TransferMessages(call, transfer, receive) : TransferTriples(call, transfer);
}

napi_value Recvmmsg(napi_env env, napi_callback_info info) {
  return Either(env, info, Receive, true);
}

napi_value Sendmmsg(napi_env env, napi_callback_info info) {
  return Either(env, info, Dispatch, false);
}

}  // namespace

void RegisterMessages(Exports& exports) {
  exports.Function("recvmmsg", Recvmmsg);
  exports.Function("sendmmsg", Sendmmsg);
}
#else
void RegisterMessages(Exports& exports) {}
#endif

}  // namespace syskv
