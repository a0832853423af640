#include "call.h"

namespace syskv {

void RegisterEpoll(Exports& exports) {}

}  // namespace syskv
