#include "call.h"

namespace syskv {

void RegisterKqueue(Exports& exports) {}

}  // namespace syskv
