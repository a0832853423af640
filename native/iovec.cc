#include "iovec.h"

namespace syskv {

IoVector::IoVector(Call& call, size_t index) {
  bool is_array = false;
  if (index < call.count()) napi_is_array(call.env(), call.argument(index), &is_array);
  if (is_array) {
    FromViews(call, index);
  } else {
    FromPairs(call, index);
  }
}

void IoVector::FromViews(Call& call, size_t index) {
  uint32_t length = 0;
  napi_get_array_length(call.env(), call.argument(index), &length);
  if (length > kMaxParts) {
    call.RangeError("iov", "an array of at most 1024 views (UIO_MAXIOV)");
    return;
  }
  for (uint32_t i = 0; i < length; i++) {
    napi_value view;
    napi_typedarray_type type;
    size_t size = 0;
    void* data = nullptr;
    if (napi_get_element(call.env(), call.argument(index), i, &view) != napi_ok ||
        napi_get_typedarray_info(call.env(), view, &type, &size, &data, nullptr, nullptr) !=
            napi_ok ||
        type != napi_uint8_array) {
      call.TypeError("iov", "an array of Uint8Arrays");
      return;
    }
    parts_[i] = {data, size};
  }
  count_ = static_cast<int>(length);
}

void IoVector::FromPairs(Call& call, size_t index) {
  const Bytes view = call.View(index, "iov");
  const Words pairs = call.Vector(index + 1, "pairs");
  const auto count = static_cast<int>(call.Integer(index + 2, "iovcnt", 0, kMaxParts));
  if (!call.ok()) return;
  if (static_cast<size_t>(count) * 2 > pairs.length) {
    call.RangeError("iovcnt", "at most the number of pairs");
    return;
  }
  for (int i = 0; i < count; i++) {
    const size_t offset = static_cast<uint32_t>(pairs.data[2 * i]);
    const size_t length = static_cast<uint32_t>(pairs.data[2 * i + 1]);
    if (offset > view.length || length > view.length - offset) {
      call.RangeError("pairs", "offsets and lengths within the view");
      return;
    }
    parts_[i] = {view.data + offset, length};
  }
  count_ = count;
}

}  // namespace syskv
