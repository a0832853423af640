#include "call.h"

namespace syskv {

void RegisterProcess(Exports& exports) {}

}  // namespace syskv
