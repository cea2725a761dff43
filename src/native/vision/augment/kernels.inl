// The loops of kernels.h; included once for each instruction set, with KERNELS the name of the table.
#include <cmath>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "kernels.h"

namespace signdata {
namespace {

inline float clamped(float v, float low, float high) {
    v = v < low ? low : v;
    return v > high ? high : v;
}

inline uint8_t to_byte(float v) {
    return uint8_t(int(clamped(v, 0, 255) + 0.5f));
}

#include "wide.inl"
#include "sample.inl"
#include "straight.inl"
#include "colour.inl"
#include "filter.inl"
#include "lay.inl"

}  // namespace

const Kernels KERNELS = {sample_row, sample_mask_row, mix_rows, pick_row, mirror_row, spread, matrix, table, gain_row, taps_row, noise, blend, mix, finger_row, luma, add_luma};

}  // namespace signdata
