// Every export returns a status; what went wrong waits in a thread-local message for sd_vision_error().
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#define SD_EXPORT extern "C" __attribute__((visibility("default")))

namespace signdata {

enum Status : int32_t { kOk = 0, kBadInput = 1, kFailed = 2 };

// The bytes are at fault, not the caller or the machine.
struct BadInput : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Status fail(Status status, const char* message) noexcept;

// The one place where C++ exceptions end.
template <typename Body>
int32_t guard(Body&& body) noexcept {
    try {
        body();
        return kOk;
    } catch (const BadInput& e) {
        return fail(kBadInput, e.what());
    } catch (const std::exception& e) {
        return fail(kFailed, e.what());
    } catch (...) {
        return fail(kFailed, "unknown C++ exception");
    }
}

}  // namespace signdata
