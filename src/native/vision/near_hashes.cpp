// Hashes that differ in few of 64 bits, bucket against bucket.
#include <cstdlib>
#include <cstring>

#include "status.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SD_CLONES __attribute__((target_clones("popcnt", "default")))
#else
#define SD_CLONES
#endif

using signdata::guard;

namespace {

struct Range {
    int32_t begin, end;
};

// Pairs of positions, as many as there is room for; `count` goes on.
struct Pairs {
    int32_t* positions;
    int64_t room, count;

    void add(int32_t i, int32_t j) {
        if (count < room) {
            positions[2 * count] = i;
            positions[2 * count + 1] = j;
        }
        ++count;
    }
};

SD_CLONES void compare_plain(const uint64_t* hashes, int32_t i, Range others, int32_t distance, Pairs& pairs) {
    for (int32_t j = others.begin; j < others.end; ++j) {
        if (__builtin_popcountll(hashes[i] ^ hashes[j]) <= distance) {
            pairs.add(i, j);
        }
    }
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512vpopcntdq"))) void compare_avx512(const uint64_t* hashes, int32_t i, Range others, int32_t distance,
                                                                      Pairs& pairs) {
    const __m512i own = _mm512_set1_epi64(static_cast<int64_t>(hashes[i])), most = _mm512_set1_epi64(distance);
    for (int32_t j = others.begin; j < others.end; j += 8) {
        const auto lanes = static_cast<__mmask8>(others.end - j < 8 ? (1 << (others.end - j)) - 1 : 0xff);
        const __m512i bits = _mm512_popcnt_epi64(_mm512_xor_si512(own, _mm512_maskz_loadu_epi64(lanes, hashes + j)));
        for (unsigned near = _mm512_mask_cmple_epu64_mask(lanes, bits, most); near != 0; near &= near - 1) {
            pairs.add(i, j + __builtin_ctz(near));
        }
    }
}
#endif

using Compare = void (*)(const uint64_t*, int32_t, Range, int32_t, Pairs&);

const Compare compare = [] {
#if defined(__x86_64__)
    // As in the kernels of pictures.
    const char* name = std::getenv("SIGNDATA_SIMD");
    __builtin_cpu_init();
    if ((!name || std::strcmp(name, "avx512") == 0) && __builtin_cpu_supports("avx512vpopcntdq")) {
        return compare_avx512;
    }
#endif
    return compare_plain;
}();

}  // namespace

// Of hashes sorted by key, each key's from starts[key] on: the pairs within the buckets of some keys, and between each of them and the greater
// keys that differ from it by a probe. `count` is how many there are; of more than `room` the rest is not written.
SD_EXPORT int32_t sd_near_hashes(const uint64_t* hashes, const int32_t* starts, int32_t first_key, int32_t keys, const int32_t* probes,
                                 int32_t probe_count, int32_t distance, int32_t* positions, int64_t room, int64_t* count) {
    return guard([&] {
        Pairs pairs{positions, room, 0};
        for (int32_t key = first_key; key < first_key + keys; ++key) {
            for (int32_t i = starts[key]; i < starts[key + 1]; ++i) {
                compare(hashes, i, {i + 1, starts[key + 1]}, distance, pairs);
            }
            for (int32_t probe = 0; probe < probe_count && starts[key] < starts[key + 1]; ++probe) {
                const int32_t other = key ^ probes[probe];
                if (other > key && starts[other] < starts[other + 1]) {
                    for (int32_t i = starts[key]; i < starts[key + 1]; ++i) {
                        compare(hashes, i, {starts[other], starts[other + 1]}, distance, pairs);
                    }
                }
            }
        }
        *count = pairs.count;
    });
}
