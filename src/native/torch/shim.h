// The C interface of libsigndata_torch: every export returns 0, or 1 with the reason in sdt_last_error() of the same thread.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <cstdint>
#include <exception>

#include "error.h"

#define SDT_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace sdt {

// An argument or a result on its way across; the managed struct Value has the same layout.
enum class Tag : int64_t { none, tensor, integer, real, boolean, integers, reals, tensors, text, device, object };

struct Value {
  Tag tag;
  int64_t length;  // of what pointer points to
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};
static_assert(sizeof(Value) == 24, "the managed side relies on it");

// A handle is a heap-allocated at::Tensor, counted so that leaks can be seen.
at::Tensor* hand_out(at::Tensor tensor);

inline const at::Tensor& of(const at::Tensor* handle) {
  TORCH_CHECK(handle != nullptr, "the tensor was disposed");
  return *handle;
}

template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    set_error(error.what_without_backtrace());
  } catch (const std::exception& error) {
    set_error(error.what());
  } catch (...) {
    set_error("an unknown C++ exception");
  }
  return 1;
}

inline at::Device device_of(int64_t type, int64_t index) {
  return at::Device(static_cast<at::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

}  // namespace sdt
