// Which of the builds of the kernels runs.
#include <cstdlib>
#include <cstring>

#include "kernels.h"

namespace signdata {

const Kernels& kernels() {
    static const Kernels& chosen = []() -> const Kernels& {
#if defined(__x86_64__)
        const char* name = std::getenv("SIGNDATA_SIMD");
        const auto allowed = [&](const char* level) { return !name || std::strcmp(name, level) == 0; };
        if (allowed("avx512") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
            return avx512_kernels;
        }
        if (!(name && std::strcmp(name, "plain") == 0) && __builtin_cpu_supports("avx2")) {
            return avx2_kernels;
        }
#endif
        return plain_kernels;
    }();
    return chosen;
}

}  // namespace signdata
