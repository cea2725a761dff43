#include "status.h"

#include <cstdlib>
#include <cstring>

namespace signdata {
namespace {
thread_local char last_error[512];
}

Status fail(Status status, const char* message) noexcept {
    std::strncpy(last_error, message, sizeof last_error - 1);
    return status;
}

}  // namespace signdata

SD_EXPORT const char* sd_vision_error() { return signdata::last_error; }

SD_EXPORT void sd_vision_free(void* buffer) { std::free(buffer); }
