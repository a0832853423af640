#include "call.h"

namespace syskv {

void RegisterSignal(Exports& exports) {}

}  // namespace syskv
