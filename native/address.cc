#include "address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace syskv {
namespace {

constexpr size_t kPathOffset = offsetof(sockaddr_un, sun_path);
constexpr size_t kPathCapacity = sizeof(sockaddr_un::sun_path);
constexpr double kMaxPort = 65535;
// More than any address in digits: the text of a misuse error stays short.
constexpr size_t kMaxText = 128;
constexpr double kMaxWord = 4294967295.0;

void ReadText(Fields& fields, int family, void* destination) {
  const std::string text = fields.Text("address", kMaxText);
  // inet_pton stops at a NUL: '127.0.0.1\0.example' must not pass for its beginning.
  const bool whole = text.find('\0') == std::string::npos;
  if (whole && ::inet_pton(family, text.c_str(), destination) == 1) return;
  const char* kind = family == AF_INET ? "an IPv4 address" : "an IPv6 address";
  fields.RangeError("address", std::string(kind) + " in digits, not '" + text.c_str() + "'");
}

}  // namespace

void Address::Read(Call& call, napi_value object, const char* name) {
  Fields fields(call, object, name);
  const double family = fields.Integer("family", 0, kMaxPort);
  if (!call.ok()) return;
  storage_.any.sa_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) {
    ReadInternet(fields);
  } else if (family == AF_INET6) {
    ReadInternet6(fields);
  } else if (family == AF_UNIX) {
    ReadUnix(fields);
  } else if (family == AF_UNSPEC) {
    length_ = sizeof(sockaddr);
  } else {
    fields.RangeError("family", "AF_INET, AF_INET6, AF_UNIX or AF_UNSPEC");
  }
}

void Address::ReadInternet(Fields& fields) {
  ReadText(fields, AF_INET, &storage_.internet.sin_addr);
  storage_.internet.sin_port = htons(static_cast<uint16_t>(fields.Integer("port", 0, kMaxPort)));
  length_ = sizeof(sockaddr_in);
}

void Address::ReadInternet6(Fields& fields) {
  sockaddr_in6& to = storage_.internet6;
  ReadText(fields, AF_INET6, &to.sin6_addr);
  to.sin6_port = htons(static_cast<uint16_t>(fields.Integer("port", 0, kMaxPort)));
  to.sin6_scope_id = static_cast<uint32_t>(fields.Integer("scopeId", 0, kMaxWord, 0));
  to.sin6_flowinfo = htonl(static_cast<uint32_t>(fields.Integer("flowInfo", 0, kMaxWord, 0)));
  length_ = sizeof(sockaddr_in6);
}

void Address::ReadUnix(Fields& fields) {
  const std::string path = fields.Text("path", kPathCapacity);
  const bool pathname = !path.empty() && path[0] != '\0';
  // A pathname keeps room for its NUL, which Linux would do without and others would not.
  const size_t most = pathname ? kPathCapacity - 1 : kPathCapacity;
  if (path.size() > most) {
    fields.RangeError("path", "at most " + std::to_string(most) + " bytes of UTF-8");
    return;
  }
  if (pathname && path.find('\0') != std::string::npos) {
    fields.RangeError("path", "without NUL, unless it begins with it (an abstract name)");
    return;
  }
  std::memcpy(storage_.unix_.sun_path, path.data(), path.size());
  length_ = static_cast<socklen_t>(kPathOffset + path.size() + (pathname ? 1 : 0));
}

bool Address::FillIn(Call& call, napi_value object, const char* name) const {
  Fields fields(call, object, name);
  // No address at all: the name that recvfrom gives on a connected stream.
  const bool known = length_ >= offsetof(sockaddr, sa_family) + sizeof(sa_family_t);
  const int family = known ? storage_.any.sa_family : AF_UNSPEC;
  if (!fields.Set("family", family)) return false;
  switch (family) {
    case AF_INET:
      return FillInInternet(fields);
    case AF_INET6:
      return FillInInternet6(fields);
    case AF_UNIX:
      return FillInUnix(fields);
    default:
      return true;
  }
}

bool Address::FillInInternet(Fields& fields) const {
  char text[INET_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET, &storage_.internet.sin_addr, text, sizeof(text));
  return fields.Set("address", std::string(text)) &&
         fields.Set("port", ntohs(storage_.internet.sin_port));
}

bool Address::FillInInternet6(Fields& fields) const {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET6, &storage_.internet6.sin6_addr, text, sizeof(text));
  return fields.Set("address", std::string(text)) &&
         fields.Set("port", ntohs(storage_.internet6.sin6_port)) &&
         fields.Set("scopeId", storage_.internet6.sin6_scope_id) &&
         fields.Set("flowInfo", ntohl(storage_.internet6.sin6_flowinfo));
}

bool Address::FillInUnix(Fields& fields) const {
  // The kernel's length may count a NUL that does not fit, or none at all; only an abstract name,
  // which begins with NUL, owns every byte that the length counts.
  const size_t end = std::min<size_t>(length_, sizeof(sockaddr_un));
  const size_t room = end > kPathOffset ? end - kPathOffset : 0;
  const char* path = storage_.unix_.sun_path;
#ifdef __linux__
  const bool abstract = room > 0 && path[0] == '\0';
#else
  const bool abstract = false;
#endif
  const size_t length = abstract ? room : ::strnlen(path, room);
  return fields.Set("path", std::string(path, length));
}

}  // namespace syskv
