// Socket addresses: the kernel's sockaddr and JavaScript's plain object, both ways.
//   { family: AF_INET, address: '127.0.0.1', port: 6379 }
//   { family: AF_INET6, address: '::1', port: 6379, scopeId: 0, flowInfo: 0 }
//   { family: AF_UNIX, path: '/run/syskv.sock' }     '\0name' is abstract, '' unnamed
//   { family: AF_UNSPEC }                            dissolves a datagram socket's connect(2)
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fields.h"

namespace syskv {

class Address {
 public:
  // Room for the kernel's answer.
  Address() = default;
  // What the caller's object says. Runs JavaScript.
  Address(Call& call, napi_value object, const char* name) { Read(call, object, name); }

  void Read(Call& call, napi_value object, const char* name);
  // Writes the kernel's answer into the caller's object. False where a setter threw.
  bool FillIn(Call& call, napi_value object, const char* name) const;

  sockaddr* data() { return &storage_.any; }
  socklen_t* length_pointer() { return &length_; }
  socklen_t length() const { return length_; }
  void set_length(socklen_t length) { length_ = length; }

 private:
  void ReadInternet(Fields& fields);
  void ReadInternet6(Fields& fields);
  void ReadUnix(Fields& fields);
  bool FillInInternet(Fields& fields) const;
  bool FillInInternet6(Fields& fields) const;
  bool FillInUnix(Fields& fields) const;

  union {
    sockaddr any;
    sockaddr_in internet;
    sockaddr_in6 internet6;
    sockaddr_un unix_;
    sockaddr_storage room;
  } storage_ = {};
  socklen_t length_ = sizeof(storage_);
};

}  // namespace syskv
