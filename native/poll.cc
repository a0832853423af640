#include "call.h"

namespace syskv {

void RegisterPoll(Exports& exports) {}

}  // namespace syskv
