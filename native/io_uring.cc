#include "call.h"

namespace syskv {

void RegisterIoUring(Exports& exports) {}

}  // namespace syskv
