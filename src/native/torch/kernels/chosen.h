// One of several builds of the same kernels.
#pragma once

#include <cstdlib>
#include <cstring>

namespace sdt {

// The table for what this processor has; plain on those that are not x86-64. SIGNDATA_SIMD=avx512, avx2 or plain asks for one of the builds, as in the kernels of pictures.
template <class Kernels>
const Kernels& chosen([[maybe_unused]] const Kernels& avx512, [[maybe_unused]] const Kernels& avx2, const Kernels& plain) {
#if defined(__x86_64__)
  const char* name = std::getenv("SIGNDATA_SIMD");
  const auto allowed = [&](const char* level) { return !name || std::strcmp(name, level) == 0; };
  if (allowed("avx512") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return avx512;
  }
  if (!(name && std::strcmp(name, "plain") == 0) && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return avx2;
  }
#endif
  return plain;
}

}  // namespace sdt
