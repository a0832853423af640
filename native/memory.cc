#include "call.h"

namespace syskv {

void RegisterMemory(Exports& exports) {}

}  // namespace syskv
