#include "iovec.h"

namespace syskv {

uint32_t ReadElements(Call& call, napi_value array, const char* name, napi_value* elements,
                      uint32_t capacity) {
  if (!call.ok()) return 0;
  bool is_array = false;
  if (array != nullptr) napi_is_array(call.env(), array, &is_array);
  if (!is_array) {
    call.TypeError(name, "an array", call.Not(array));
    return 0;
  }
  uint32_t length = 0;
  napi_get_array_length(call.env(), array, &length);
  if (length > capacity) {
    const std::string expected = "an array of at most " + std::to_string(capacity) + " elements";
    call.RangeError(name, expected.c_str());
    return 0;
  }
  for (uint32_t i = 0; i < length; i++) {
    if (napi_get_element(call.env(), array, i, &elements[i]) != napi_ok) {
      call.TypeError(name, "an array whose elements can be read");
      return 0;
    }
  }
  return length;
}

void ResolveViews(Call& call, const napi_value* views, uint32_t count, const char* name,
                  iovec* parts) {
  for (uint32_t i = 0; i < count && call.ok(); i++) {
    const Bytes view = call.ViewOf(views[i], name);
    parts[i] = {view.data, view.length};
  }
}

iovec ResolvePair(Call& call, const Bytes& view, const int32_t* pair, const char* name) {
  const size_t offset = static_cast<uint32_t>(__atomic_load_n(&pair[0], __ATOMIC_RELAXED));
  const size_t length = static_cast<uint32_t>(__atomic_load_n(&pair[1], __ATOMIC_RELAXED));
  if (offset > view.length || length > view.length - offset) {
    call.RangeError(name, "offsets and lengths within the view");
    return {};
  }
  return {view.data + offset, length};
}

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
  napi_value views[kMaxParts];
  const uint32_t count = ReadElements(call, call.argument(index), "iov", views, kMaxParts);
  ResolveViews(call, views, count, "iov", parts_);
  count_ = count;
}

void IoVector::FromPairs(Call& call, size_t index) {
  const Bytes view = call.View(index, "iov");
  const Words pairs = call.Vector(index + 1, "pairs");
  const auto count = static_cast<uint32_t>(call.Integer(index + 2, "iovcnt", 0, kMaxParts));
  if (!call.ok()) return;
  if (static_cast<size_t>(count) * 2 > pairs.length) {
    call.RangeError("iovcnt", "at most the number of pairs");
    return;
  }
  for (uint32_t i = 0; i < count && call.ok(); i++) {
    parts_[i] = ResolvePair(call, view, pairs.data + 2 * i, "pairs");
  }
  count_ = count;
}

}  // namespace syskv
