// Convolutions over small maps in bf16 on processors with AMX, as products of matrices (Chellapilla et al. 2006, "High Performance Convolutional Neural Networks for Document
// Processing"): oneDNN's own take up to eight times as long where a map is a few pixels wide and has hundreds of channels, as in the last stages of a ResNet.
#include "convolution.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace sdt::small_maps {
namespace {

// Up to a map of 7 x 7 and from so many channels on, by timing.
constexpr int64_t kMaxPixels = 49, kMinChannels = 128, kMinOutChannels = 256;

// AMX-BF16: leaf 7, bit 22 of EDX (Intel SDM, volume 2A, CPUID).
bool has_amx() {
#if defined(__x86_64__)
  static const bool has = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & (1U << 22));
  }();
  return has;
#else
  return false;
#endif
}

struct Shape {
  int64_t images, height, width, channels, out_height, out_width, rows, columns, kernel_height, kernel_width, stride, padding;

  Shape(const Convolution& c, int64_t out_height, int64_t out_width)
      : images(c.input.size(0)), height(c.input.size(2)), width(c.input.size(3)), channels(c.input.size(1)), out_height(out_height), out_width(out_width),
        rows(images * out_height * out_width), columns(c.weight.size(2) * c.weight.size(3) * channels), kernel_height(c.weight.size(2)), kernel_width(c.weight.size(3)),
        stride(c.stride), padding(c.padding) {}

  // Calls with each tap of a row of patches and the pixel under it, -1 where that is beyond the sides.
  template <typename Body>
  void taps(int64_t row, Body&& body) const {
    const int64_t x = row % out_width, y = row / out_width % out_height, image = row / (out_width * out_height);
    for (int64_t tap = 0; tap < kernel_height * kernel_width; tap++) {
      const int64_t from_y = y * stride - padding + tap / kernel_width, from_x = x * stride - padding + tap % kernel_width;
      const bool inside = from_y >= 0 && from_y < height && from_x >= 0 && from_x < width;
      body(tap, inside ? (image * height + from_y) * width + from_x : -1);
    }
  }
};

// In a row, what the kernel covers for one pixel of the output, in the order of a weight in channels_last: rows x columns.
at::Tensor patches(const Shape& s, const at::Tensor& input) {
  at::Tensor result = at::empty({s.rows, s.columns}, input.options().memory_format(at::MemoryFormat::Contiguous));
  const auto* from = input.data_ptr<at::BFloat16>();
  auto* to = result.data_ptr<at::BFloat16>();
  at::parallel_for(0, s.rows, 32, [&](int64_t first, int64_t end) {
    for (int64_t row = first; row < end; row++) {
      s.taps(row, [&](int64_t tap, int64_t pixel) {
        auto* patch = to + row * s.columns + tap * s.channels;
        if (pixel < 0) {
          std::memset(patch, 0, s.channels * sizeof *patch);
        } else {
          std::memcpy(patch, from + pixel * s.channels, s.channels * sizeof *patch);
        }
      });
    }
  });
  return result;
}

// The reverse: each pixel of the input gets the sum of what patches have for it.
at::Tensor sum_of_patches(const Shape& s, const at::Tensor& patches, const at::Tensor& input) {
  at::Tensor result = at::empty_like(input, at::MemoryFormat::ChannelsLast);
  const auto* from = patches.data_ptr<at::BFloat16>();
  auto* to = result.data_ptr<at::BFloat16>();
  const int64_t pixels = s.height * s.width, rows = s.out_height * s.out_width;
  at::parallel_for(0, s.images, 1, [&](int64_t first, int64_t end) {
    std::vector<float> sums(pixels * s.channels);
    for (int64_t image = first; image < end; image++) {
      std::fill(sums.begin(), sums.end(), 0.0F);
      for (int64_t row = image * rows; row < (image + 1) * rows; row++) {
        s.taps(row, [&](int64_t tap, int64_t pixel) {
          if (pixel >= 0) {
            const auto* patch = from + row * s.columns + tap * s.channels;
            float* sum = sums.data() + (pixel - image * pixels) * s.channels;
            for (int64_t c = 0; c < s.channels; c++) {
              sum[c] += static_cast<float>(patch[c]);
            }
          }
        });
      }
      std::copy(sums.begin(), sums.end(), to + image * pixels * s.channels);
    }
  });
  return result;
}

at::Tensor as_matrix(const at::Tensor& maps) {
  return maps.permute({0, 2, 3, 1}).reshape({-1, maps.size(1)});
}

at::Tensor weight_matrix(const at::Tensor& weight) {
  return weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1});
}

at::Tensor as_maps(const at::Tensor& matrix, int64_t images, int64_t height, int64_t width) {
  return matrix.view({images, height, width, matrix.size(1)}).permute({0, 3, 1, 2});
}

}  // namespace

bool takes(const Convolution& c, int64_t out_height, int64_t out_width) {
  return has_amx() && c.groups == 1 && c.input.scalar_type() == at::kBFloat16 && c.weight.size(2) * c.weight.size(3) > 1 && out_height * out_width <= kMaxPixels && c.input.size(1) >= kMinChannels
      && c.weight.size(0) >= kMinOutChannels;
}

at::Tensor forward(const Convolution& c, const at::Tensor& bias, int64_t out_height, int64_t out_width) {
  const Shape s(c, out_height, out_width);
  const at::Tensor columns = patches(s, c.input), weight = weight_matrix(c.weight).t();
  return as_maps(bias.defined() ? at::addmm(bias, columns, weight) : at::mm(columns, weight), s.images, out_height, out_width);
}

Gradients backward(const Convolution& c, const at::Tensor& gradient, std::array<bool, 3> wanted) {
  const Shape s(c, gradient.size(2), gradient.size(3));
  const at::Tensor rows = as_matrix(gradient);
  Gradients result;
  if (wanted[0]) {
    std::get<0>(result) = sum_of_patches(s, at::mm(rows, weight_matrix(c.weight)), c.input);
  }
  if (wanted[1]) {
    std::get<1>(result) = as_maps(at::mm(rows.t(), patches(s, c.input)).view({-1, s.channels}), c.weight.size(0), s.kernel_height, s.kernel_width);
  }
  if (wanted[2]) {
    std::get<2>(result) = gradient.sum({0, 2, 3});
  }
  return result;
}

}  // namespace sdt::small_maps
