// What belongs to the thread or the process: allocation, gradient mode, autocast, threads, random numbers, devices.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <algorithm>
#include <climits>
#include <malloc.h>
#include <mutex>

namespace sdt {
namespace {

// A training step frees and asks for the same large blocks again and again. By default glibc gives each of them back to the kernel,
// which then clears every page anew; keeping them makes a step 5 to 15 % faster.
__attribute__((constructor)) void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

}  // namespace
}  // namespace sdt

using namespace sdt;

// 11301 for 1.13.1.
SDT_EXPORT int32_t sdt_version() { return TORCH_VERSION_MAJOR * 10000 + TORCH_VERSION_MINOR * 100 + TORCH_VERSION_PATCH; }

SDT_EXPORT int32_t sdt_grad_enabled() { return c10::GradMode::is_enabled(); }

SDT_EXPORT void sdt_set_grad_enabled(int32_t on) { c10::GradMode::set_enabled(on != 0); }

// Reads this thread's autocast state of a device type (0 CPU, 1 CUDA).
SDT_EXPORT int sdt_autocast(int32_t device_type, int32_t* enabled, int32_t* dtype) {
  return guarded([&] {
#if SDT_TORCH_AT_LEAST(2, 4)
    auto type = static_cast<at::DeviceType>(device_type);
    *enabled = at::autocast::is_autocast_enabled(type);
    *dtype = static_cast<int32_t>(at::autocast::get_autocast_dtype(type));
#else
    bool cpu = device_type == 0;
    *enabled = cpu ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
    *dtype = static_cast<int32_t>(cpu ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype());
#endif
  });
}

SDT_EXPORT int sdt_set_autocast(int32_t device_type, int32_t enabled, int32_t dtype) {
  return guarded([&] {
    auto scalar = static_cast<at::ScalarType>(dtype);
#if SDT_TORCH_AT_LEAST(2, 4)
    auto type = static_cast<at::DeviceType>(device_type);
    at::autocast::set_autocast_dtype(type, scalar);
    at::autocast::set_autocast_enabled(type, enabled != 0);
#else
    if (device_type == 0) {
      at::autocast::set_autocast_cpu_dtype(scalar);
      at::autocast::set_cpu_enabled(enabled != 0);
    } else {
      at::autocast::set_autocast_gpu_dtype(scalar);
      at::autocast::set_enabled(enabled != 0);
    }
#endif
  });
}

// Enters (1) or leaves (0) an autocast region; the casts of weights made inside are forgotten when the outermost is left.
SDT_EXPORT int sdt_autocast_region(int32_t enter) {
  return guarded([&] {
    if (enter) {
      at::autocast::increment_nesting();
    } else if (at::autocast::decrement_nesting() == 0) {
      at::autocast::clear_cache();
    }
  });
}

SDT_EXPORT int32_t sdt_num_threads() { return at::get_num_threads(); }

SDT_EXPORT int sdt_set_num_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

SDT_EXPORT int sdt_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

// The state of a device's default random number generator, as a tensor of bytes.
SDT_EXPORT int sdt_rng_state(int32_t device_type, int32_t device_index, at::Tensor** state) {
  return guarded([&] {
    at::Generator generator = at::globalContext().defaultGenerator(device_of(device_type, device_index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    *state = hand_out(generator.get_state());
  });
}

SDT_EXPORT int sdt_set_rng_state(int32_t device_type, int32_t device_index, const at::Tensor* state) {
  return guarded([&] {
    at::Generator generator = at::globalContext().defaultGenerator(device_of(device_type, device_index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(of(state));
  });
}

SDT_EXPORT int sdt_cuda_devices(int32_t* count) {
  return guarded([&] { *count = at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0; });
}

// Lets cuDNN time its convolution algorithms on the first batch of each shape.
SDT_EXPORT int sdt_set_cudnn_benchmark(int32_t on) {
  return guarded([&] { at::globalContext().setBenchmarkCuDNN(on != 0); });
}

// Whether this libtorch has oneDNN's 8-bit kernels and this processor can run them; from then on they are those that are used.
SDT_EXPORT int sdt_use_onednn_int8(int32_t* able) {
  return guarded([&] {
    const auto& engines = at::globalContext().supportedQEngines();
    *able = std::find(engines.begin(), engines.end(), at::QEngine::ONEDNN) != engines.end();
    if (*able) {
      at::globalContext().setQEngine(at::QEngine::ONEDNN);
    }
  });
}
