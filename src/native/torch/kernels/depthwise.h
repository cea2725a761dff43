// Gradients of depthwise convolutions of 5 x 5 over maps in NHWC order, built for several instruction sets.
#pragma once

#include <cstdint>

namespace sdt::depthwise {

// Of the forward convolution: images x height x width x channels to images x out_height x out_width x channels. bf16 says what the maps hold: else floats.
struct Shape {
  int64_t images, height, width, channels, out_height, out_width, stride, padding;
  bool bf16;
};

constexpr int kKernel = 5;

// Channels are taken in blocks of so many; a multiple of 8 fits.
constexpr int64_t kBlock = 64;

struct Kernels {
  // Adds to sums (5 x 5 x channels) what images from..to contribute in a block's channels.
  void (*weight)(const Shape&, const void* input, const void* output_gradient, float* sums, int64_t from, int64_t to, int64_t block);
  // Writes rows from..to of the images' rows. weight: 5 x 5 x channels.
  void (*input)(const Shape&, const void* output_gradient, const float* weight, void* input_gradient, int64_t from, int64_t to);
};

extern const Kernels plain_kernels, avx2_kernels, avx512_kernels;

}  // namespace sdt::depthwise
