// iovec arrays in the two forms that JavaScript passes them in:
//   (views)                 an array of Uint8Arrays, each one buffer; simple, and costs more
//   (view, pairs, count)    one Uint8Array and a Uint32Array of offset, length pairs; no allocation
#pragma once

#include <sys/uio.h>

#include "call.h"

namespace syskv {

// UIO_MAXIOV of Linux: more is EINVAL (iovec) or ignored (recvmmsg) there.
constexpr uint32_t kMaxParts = 1024;

// Reads the elements of an array of at most `capacity`; returns how many. Runs JavaScript.
uint32_t ReadElements(Call& call, napi_value array, const char* name, napi_value* elements,
                      uint32_t capacity);

// Where the views' bytes are. Runs no JavaScript.
void ResolveViews(Call& call, const napi_value* views, uint32_t count, const char* name,
                  iovec* parts);

// The part of `view` that two words name, an offset and a length: never past its end. The words may
// lie in memory that another thread writes to, so each is read once.
iovec ResolvePair(Call& call, const Bytes& view, const int32_t* pair, const char* name);

class IoVector {
 public:
  // Reads the argument at `index`, and the two behind it in the second form.
  IoVector(Call& call, size_t index);

  iovec* data() { return parts_; }
  int count() const { return static_cast<int>(count_); }

 private:
  void FromViews(Call& call, size_t index);
  void FromPairs(Call& call, size_t index);

  iovec parts_[kMaxParts];
  uint32_t count_ = 0;
};

}  // namespace syskv
