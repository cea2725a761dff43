// Convolutions in bf16 on processors with AMX as products of matrices (Chellapilla et al. 2006, "High Performance Convolutional Neural Networks for Document Processing"):
// oneDNN's own take up to fifteen times as long where a map is a few pixels wide and has hundreds of channels, as in the last stages of a ResNet, and as long for the gradients
// of kernels of one pixel.
#include "convolution.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace sdt::products {
namespace {

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

  // Whether each pixel of the input is one of the output's, and all that the kernel covers there.
  bool pixel_by_pixel() const { return kernel_height * kernel_width == 1 && stride == 1 && padding == 0; }

  // Calls with each row of the kernel at a place of the output: taps before those within the sides, how many these are, and the pixel under the first of them.
  template <typename Body>
  void runs(int64_t row, Body&& body) const {
    const int64_t x = row % out_width * stride - padding, y = row / out_width % out_height * stride - padding, image = row / (out_width * out_height);
    const int64_t before = std::clamp<int64_t>(-x, 0, kernel_width), count = std::clamp<int64_t>(width - x, before, kernel_width) - before;
    for (int64_t k = 0; k < kernel_height; k++) {
      const bool inside = y + k >= 0 && y + k < height && count > 0;
      body(inside ? before : 0, inside ? count : 0, (image * height + (inside ? y + k : 0)) * width + (inside ? x + before : 0));
    }
  }
};

at::Tensor as_matrix(const at::Tensor& maps) {
  return maps.permute({0, 2, 3, 1}).reshape({-1, maps.size(1)});
}

// In a row, what the kernel covers for one pixel of the output, in the order of a weight in channels_last: rows x columns.
at::Tensor patches(const Shape& s, const at::Tensor& input) {
  if (s.pixel_by_pixel()) {
    return as_matrix(input);
  }
  at::Tensor result = at::empty({s.rows, s.columns}, input.options().memory_format(at::MemoryFormat::Contiguous));
  const auto* from = input.data_ptr<at::BFloat16>();
  at::parallel_for(0, s.rows, 32, [&](int64_t first, int64_t end) {
    auto* to = result.data_ptr<at::BFloat16>() + first * s.columns;
    const auto zeros = [&](int64_t count) {
      std::memset(to, 0, count * s.channels * sizeof *to);
      to += count * s.channels;
    };
    for (int64_t row = first; row < end; row++) {
      s.runs(row, [&](int64_t before, int64_t count, int64_t pixel) {
        zeros(before);
        std::memcpy(to, from + pixel * s.channels, count * s.channels * sizeof *to);
        to += count * s.channels;
        zeros(s.kernel_width - before - count);
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
      const auto* patch = from + image * rows * s.columns;
      for (int64_t row = image * rows; row < (image + 1) * rows; row++) {
        s.runs(row, [&](int64_t before, int64_t count, int64_t pixel) {
          float* sum = sums.data() + (pixel - image * pixels) * s.channels;
          for (int64_t c = 0; c < count * s.channels; c++) {
            sum[c] += static_cast<float>(patch[before * s.channels + c]);
          }
          patch += s.kernel_width * s.channels;
        });
      }
      std::copy(sums.begin(), sums.end(), to + image * pixels * s.channels);
    }
  });
  return result;
}

at::Tensor weight_matrix(const at::Tensor& weight) {
  return weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1});
}

at::Tensor as_maps(const at::Tensor& matrix, int64_t images, int64_t height, int64_t width) {
  return matrix.view({images, height, width, matrix.size(1)}).permute({0, 3, 1, 2});
}

}  // namespace

// Where products take less time than oneDNN, measured with 32 and 64 frames on maps of 2 to 112 pixels.
Taken takes(const Convolution& c, int64_t out_height, int64_t out_width) {
  const int64_t pixels = out_height * out_width, in = c.input.size(1), out = c.weight.size(0);
  if (!has_amx() || c.groups != 1 || c.input.scalar_type() != at::kBFloat16 || in < 64) {
    return {};
  }
  const bool strided = c.stride > 1, many = in >= 128 && out >= 256;
  if (c.weight.size(2) * c.weight.size(3) == 1) {
    return {many && pixels <= 16, strided ? many : out >= 64, in + out >= 160};
  }
  return {many && pixels <= (strided ? 49 : 16), ((strided && out >= 128) || many) && pixels <= (strided ? 64 : 16), many && pixels <= (strided ? 256 : 64)};
}

at::Tensor forward(const Convolution& c, const at::Tensor& bias, int64_t out_height, int64_t out_width) {
  const Shape s(c, out_height, out_width);
  const at::Tensor columns = patches(s, c.input), weight = weight_matrix(c.weight).t();
  return as_maps(bias.defined() ? at::addmm(bias, columns, weight) : at::mm(columns, weight), s.images, out_height, out_width);
}

at::Tensor input_gradient(const Convolution& c, const at::Tensor& gradient) {
  const Shape s(c, gradient.size(2), gradient.size(3));
  const at::Tensor patches = at::mm(as_matrix(gradient), weight_matrix(c.weight));
  return s.pixel_by_pixel() ? as_maps(patches, s.images, s.height, s.width) : sum_of_patches(s, patches, c.input);
}

at::Tensor weight_gradient(const Convolution& c, const at::Tensor& gradient) {
  const Shape s(c, gradient.size(2), gradient.size(3));
  const at::Tensor result = at::mm(as_matrix(gradient).t(), patches(s, c.input));
  return as_maps(result.view({-1, s.channels}), c.weight.size(0), s.kernel_height, s.kernel_width);
}

}  // namespace sdt::products
