#include "error.h"

#include <utility>

static thread_local std::string last_error;

void sdt::set_error(std::string message) noexcept { last_error = std::move(message); }

SDT_EXPORT const char* sdt_last_error() { return last_error.c_str(); }
