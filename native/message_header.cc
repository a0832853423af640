#include "message_header.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "iovec.h"

namespace syskv {
namespace {

// Room for every control message of a usual socket, SCM_RIGHTS with its most (253) descriptors
// included.
constexpr double kDefaultControlBytes = 4096;
// More than Linux takes by default in all (net.core.optmem_max).
constexpr size_t kMaxControlBytes = 262144;
constexpr uint32_t kMaxControls = 64;

bool CarriesDescriptors(const cmsghdr* control) {
  return control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_RIGHTS;
}

}  // namespace

void MessageHeader::ReadOutgoing(Call& call, napi_value object) {
  Fields fields(call, object, "message");
  object_ = object;
  has_name_ = fields.Has("name");
  if (has_name_) name_.Read(call, fields.Get("name"), "message.name");
  if (fields.Has("control")) ReadControl(call, fields.Get("control"));
  ReadParts(call, fields);
}

void MessageHeader::ReadIncoming(Call& call, napi_value object) {
  Fields fields(call, object, "message");
  object_ = object;
  has_name_ = fields.Has("name");
  if (has_name_) {
    name_object_ = fields.Get("name");
    if (call.TypeOf(name_object_) != napi_object) {
      fields.TypeError("name", "an object or null", call.Not(name_object_));
    }
  }
  if (fields.Has("control")) {
    bool is_array = false;
    control_list_ = fields.Get("control");
    if (control_list_ != nullptr) napi_is_array(call.env(), control_list_, &is_array);
    if (!is_array) fields.TypeError("control", "an array or null", call.Not(control_list_));
    const double room = fields.Integer("controllen", 0, kMaxControlBytes, kDefaultControlBytes);
    control_.resize(static_cast<size_t>(room));
  }
  ReadParts(call, fields);
}

void MessageHeader::ReadParts(Call& call, Fields& fields) {
  napi_value views[kMaxParts];
  const uint32_t count = ReadElements(call, fields.Get("iov"), "message.iov", views, kMaxParts);
  views_.assign(views, views + count);
}

void MessageHeader::ReadControl(Call& call, napi_value list) {
  napi_value controls[kMaxControls];
  const uint32_t count = ReadElements(call, list, "message.control", controls, kMaxControls);
  for (uint32_t i = 0; i < count && call.ok(); i++) {
    Fields fields(call, controls[i], "message.control[]");
    Control control;
    control.level = static_cast<int>(fields.Integer("level", INT32_MIN, INT32_MAX));
    control.type = static_cast<int>(fields.Integer("type", INT32_MIN, INT32_MAX));
    control.data = fields.Get("data");
    controls_.push_back(control);
  }
}

void MessageHeader::Resolve(Call& call) {
  parts_.resize(views_.size());
  ResolveViews(call, views_.data(), static_cast<uint32_t>(views_.size()), "message.iov",
               parts_.data());
  ResolveControl(call);
  if (!call.ok()) return;
  header_.msg_iov = parts_.data();
  header_.msg_iovlen = static_cast<decltype(header_.msg_iovlen)>(parts_.size());
  if (has_name_) {
    header_.msg_name = name_.data();
    header_.msg_namelen = name_.length();
  }
  if (!control_.empty()) {
    header_.msg_control = control_.data();
    header_.msg_controllen = static_cast<decltype(header_.msg_controllen)>(control_.size());
  }
}

// Lays the outgoing control messages out one behind the other.
void MessageHeader::ResolveControl(Call& call) {
  size_t end = 0;
  for (const Control& control : controls_) {
    const Bytes data = call.ViewOf(control.data, "message.control[].data");
    if (!call.ok()) return;
    const size_t start = end;
    if (data.length > kMaxControlBytes || start + CMSG_SPACE(data.length) > kMaxControlBytes) {
      call.RangeError("message.control", "at most 256 KiB in all");
      return;
    }
    end += CMSG_SPACE(data.length);
    control_.resize(end);
    auto* header = reinterpret_cast<cmsghdr*>(control_.data() + start);
    header->cmsg_level = control.level;
    header->cmsg_type = control.type;
    header->cmsg_len = CMSG_LEN(data.length);
    if (data.length > 0) std::memcpy(CMSG_DATA(header), data.data, data.length);
  }
}

bool MessageHeader::FillIn(Call& call) {
  Fields fields(call, object_, "message");
  const bool filled = FillInName(call, fields) && FillInControl(call) &&
                      fields.Set("flags", static_cast<double>(header_.msg_flags));
  if (!filled) CloseDescriptors();
  return filled;
}

bool MessageHeader::FillInName(Call& call, Fields& fields) {
  if (name_object_ == nullptr) return true;
  name_.set_length(header_.msg_namelen);
  return name_.FillIn(call, name_object_, "message.name");
}

bool MessageHeader::FillInControl(Call& call) {
  if (control_list_ == nullptr) return true;
  uint32_t count = 0;
  for (cmsghdr* at = CMSG_FIRSTHDR(&header_); at != nullptr; at = CMSG_NXTHDR(&header_, at)) {
    const napi_value object = ControlObject(call, at);
    if (object == nullptr) return false;
    if (napi_set_element(call.env(), control_list_, count++, object) != napi_ok) return false;
  }
  napi_value length;
  napi_create_uint32(call.env(), count, &length);
  return napi_set_named_property(call.env(), control_list_, "length", length) == napi_ok;
}

napi_value MessageHeader::ControlObject(Call& call, const cmsghdr* control) {
  const size_t length = DataLength(control);
  void* copy = nullptr;
  napi_value object, buffer, data;
  if (napi_create_object(call.env(), &object) != napi_ok ||
      napi_create_arraybuffer(call.env(), length, &copy, &buffer) != napi_ok ||
      napi_create_typedarray(call.env(), napi_uint8_array, length, buffer, 0, &data) != napi_ok) {
    return nullptr;
  }
  if (length > 0) std::memcpy(copy, CMSG_DATA(control), length);
  Fields fields(call, object, "control");
  const bool filled = fields.Set("level", control->cmsg_level) &&
                      fields.Set("type", control->cmsg_type) && fields.Set("data", data);
  return filled ? object : nullptr;
}

// Where the room was too small (MSG_CTRUNC), some kernels leave the length that would have been.
size_t MessageHeader::DataLength(const cmsghdr* control) const {
  const auto* start = reinterpret_cast<const uint8_t*>(CMSG_DATA(control));
  const size_t said = control->cmsg_len > CMSG_LEN(0) ? control->cmsg_len - CMSG_LEN(0) : 0;
  const uint8_t* end = control_.data() + std::min<size_t>(header_.msg_controllen, control_.size());
  return start < end ? std::min(said, static_cast<size_t>(end - start)) : 0;
}

void MessageHeader::CloseDescriptors() {
  if (control_list_ == nullptr) return;
  for (cmsghdr* at = CMSG_FIRSTHDR(&header_); at != nullptr; at = CMSG_NXTHDR(&header_, at)) {
    if (!CarriesDescriptors(at)) continue;
    for (size_t i = 0; i + sizeof(int) <= DataLength(at); i += sizeof(int)) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(at) + i, sizeof(fd));
      ::close(fd);
    }
  }
}

}  // namespace syskv
