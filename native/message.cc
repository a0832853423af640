#include "call.h"

namespace syskv {

void RegisterMessage(Exports& exports) {}

}  // namespace syskv
