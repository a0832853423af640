#include "call.h"

namespace syskv {

void RegisterSocket(Exports& exports) {}

}  // namespace syskv
