// iovec arrays in the two forms that JavaScript passes them in:
//   (views)                 an array of Uint8Arrays, each one buffer; simple, one Node-API call each
//   (view, pairs, count)    one Uint8Array and a Uint32Array of offset, length pairs; no allocation
#pragma once

#include <sys/uio.h>

#include "call.h"

namespace syskv {

class IoVector {
 public:
  // Reads the argument at `index`, and the two behind it in the second form.
  IoVector(Call& call, size_t index);

  iovec* data() { return parts_; }
  int count() const { return count_; }

 private:
  void FromViews(Call& call, size_t index);
  void FromPairs(Call& call, size_t index);

  // UIO_MAXIOV of Linux: more is EINVAL for the kernel too.
  static constexpr int kMaxParts = 1024;
  iovec parts_[kMaxParts];
  int count_ = 0;
};

}  // namespace syskv
