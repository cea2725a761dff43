// How an export fails: it returns 1, and the reason is this thread's until its next failure.
#pragma once

#include <string>

#define SDT_EXPORT extern "C" __attribute__((visibility("default")))

namespace sdt {

void set_error(std::string message) noexcept;

}  // namespace sdt
