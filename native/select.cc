#include "call.h"

namespace syskv {

void RegisterSelect(Exports& exports) {}

}  // namespace syskv
