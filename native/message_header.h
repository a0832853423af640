// struct msghdr and JavaScript's plain object, both ways.
//   { name?: address, iov: Uint8Array[], control?: [{ level, type, data }], controllen?, flags? }
// Reading happens in two steps, since reading an object runs JavaScript and resolving a view must
// not be followed by any: Read for all messages of a call, then Resolve for all.
#pragma once

#include <sys/socket.h>

#include <vector>

#include "address.h"
#include "call.h"

namespace syskv {

// One message. Holds what its msghdr points to: it must stay where it is once resolved.
class MessageHeader {
 public:
  void ReadOutgoing(Call& call, napi_value object);
  void ReadIncoming(Call& call, napi_value object);
  void Resolve(Call& call);

  // Writes name, control and flags of a received message into its object. False where a setter
  // threw: then the descriptors that came with it, whose numbers nobody would learn, are closed.
  bool FillIn(Call& call);
  // Closes the descriptors that came with it (SCM_RIGHTS).
  void CloseDescriptors();

  msghdr* header() { return &header_; }
  napi_value object() const { return object_; }

 private:
  struct Control {
    int level = 0;
    int type = 0;
    napi_value data = nullptr;
  };

  void ReadParts(Call& call, Fields& fields);
  void ReadControl(Call& call, napi_value list);
  void ResolveControl(Call& call);
  bool FillInName(Call& call, Fields& fields);
  bool FillInControl(Call& call);
  napi_value ControlObject(Call& call, const cmsghdr* control);
  size_t DataLength(const cmsghdr* control) const;

  napi_value object_ = nullptr;
  napi_value name_object_ = nullptr;
  napi_value control_list_ = nullptr;
  std::vector<napi_value> views_;
  std::vector<Control> controls_;
  std::vector<iovec> parts_;
  std::vector<uint8_t> control_;
  bool has_name_ = false;
  Address name_;
  msghdr header_ = {};
};

}  // namespace syskv
