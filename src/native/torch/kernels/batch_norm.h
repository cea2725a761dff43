// Batch normalisation over rows of channels in bf16 (maps in NHWC order), built for several instruction sets. Channels are a multiple of 8.
#pragma once

#include <cstdint>

namespace sdt::batch_norm {

// Sums of channels are taken in blocks of so many.
constexpr int64_t kBlock = 64;

struct Kernels {
  // Of rows from..to, in a block's channels: sums[c] of input - shift and sums[channels + c] of its squares.
  void (*moments)(const uint16_t* input, const float* shift, int64_t channels, int64_t from, int64_t to, int64_t block, float* sums);
  // The same of the output's gradient, and of its products with input - mean.
  void (*products)(const uint16_t* gradient, const uint16_t* input, const float* mean, int64_t channels, int64_t from, int64_t to, int64_t block, float* sums);
  // Writes rows from..to of input * scale + offset.
  void (*output)(const uint16_t* input, const float* scale, const float* offset, int64_t channels, int64_t from, int64_t to, uint16_t* output);
  // Writes rows from..to of gradient * gradient_scale + input * scale + offset.
  void (*input_gradient)(
      const uint16_t* gradient, const uint16_t* input, const float* gradient_scale, const float* scale, const float* offset, int64_t channels, int64_t from, int64_t to,
      uint16_t* input_gradient);
};

extern const Kernels plain_kernels, avx2_kernels, avx512_kernels;

}  // namespace sdt::batch_norm
