// KERNELS: the table's name.
#include <algorithm>
#include <type_traits>

#include "depthwise.h"
#include "vectors.h"

namespace sdt::depthwise {
namespace {

// One row of the kernel against one row of the output's gradient: kKernel sums a channel.
template <class L, class T, int stride>
void add_row(const Shape& s, const T* input, const T* gradient, float* sums) {
  typename L::Floats sum[kKernel];
  for (int k = 0; k < kKernel; k++) {
    sum[k] = load<L>(sums + k * s.channels);
  }
  const int64_t inner = std::min(s.out_width, (s.width + s.padding - kKernel) / stride + 1);
  int64_t x = 0;
  const auto border = [&](int64_t end) {
    for (; x < end; x++) {
      const typename L::Floats g = load<L>(gradient + x * s.channels);
      const int64_t left = x * stride - s.padding;
      for (int k = 0; k < kKernel; k++) {
        if (left + k >= 0 && left + k < s.width) {
          sum[k] += g * load<L>(input + (left + k) * s.channels);
        }
      }
    }
  };
  border(std::min(s.out_width, (s.padding + stride - 1) / stride));
  for (; x < inner; x++) {
    const typename L::Floats g = load<L>(gradient + x * s.channels);
    const T* at = input + (x * stride - s.padding) * s.channels;
    for (int k = 0; k < kKernel; k++) {
      sum[k] += g * load<L>(at + k * s.channels);
    }
  }
  border(s.out_width);
  for (int k = 0; k < kKernel; k++) {
    store<L>(sums + k * s.channels, sum[k]);
  }
}

template <class T, int stride>
void weight_of(const Shape& s, const void* input, const void* gradient, float* sums, int64_t from, int64_t to, int64_t block) {
  const int64_t first = block * kBlock, last = std::min(s.channels, first + kBlock);
  for (int64_t image = from; image < to; image++) {
    for (int64_t y = 0; y < s.out_height; y++) {
      const T* g = static_cast<const T*>(gradient) + (image * s.out_height + y) * s.out_width * s.channels;
      for (int64_t k = 0; k < kKernel; k++) {
        const int64_t above = y * stride + k - s.padding;
        if (above < 0 || above >= s.height) {
          continue;
        }
        const T* in = static_cast<const T*>(input) + (image * s.height + above) * s.width * s.channels;
        float* row = sums + k * kKernel * s.channels;
        int64_t c = first;
        for (; c + Wide::lanes <= last; c += Wide::lanes) {
          add_row<Wide, T, stride>(s, in + c, g + c, row + c);
        }
        for (; c < last; c += Narrow::lanes) {
          add_row<Narrow, T, stride>(s, in + c, g + c, row + c);
        }
      }
    }
  }
}

// One row of the input's gradient. rows: those of the output's gradient that it has a part in, with the row of the kernel for each.
template <class L, class T, int stride>
void fill_row(const Shape& s, const T* const* rows, const int* kernel_rows, int count, const float* weight, T* to) {
  for (int64_t x = 0; x < s.width; x++) {
    typename L::Floats sum = {};
    for (int r = 0; r < count; r++) {
      const float* w = weight + kernel_rows[r] * kKernel * s.channels;
      for (int k = stride == 1 ? 0 : int((x + s.padding) % stride); k < kKernel; k += stride) {
        const int64_t left = (x + s.padding - k) / stride;
        if (x + s.padding >= k && left < s.out_width) {
          sum += load<L>(rows[r] + left * s.channels) * load<L>(w + k * s.channels);
        }
      }
    }
    store<L>(to + x * s.channels, sum);
  }
}

template <class T, int stride>
void input_of(const Shape& s, const void* gradient, const float* weight, void* to, int64_t from, int64_t end) {
  for (int64_t row = from; row < end; row++) {
    const int64_t image = row / s.height, y = row % s.height;
    const T* rows[kKernel];
    int kernel_rows[kKernel], count = 0;
    for (int k = 0; k < kKernel; k++) {
      const int64_t above = y + s.padding - k;
      if (above >= 0 && above % stride == 0 && above / stride < s.out_height) {
        rows[count] = static_cast<const T*>(gradient) + (image * s.out_height + above / stride) * s.out_width * s.channels;
        kernel_rows[count++] = k;
      }
    }
    T* out = static_cast<T*>(to) + row * s.width * s.channels;
    const T* moved[kKernel];
    const auto part = [&](auto lanes, int64_t c) {
      for (int r = 0; r < count; r++) {
        moved[r] = rows[r] + c;
      }
      fill_row<decltype(lanes), T, stride>(s, moved, kernel_rows, count, weight + c, out + c);
    };
    int64_t c = 0;
    for (; c + Wide::lanes <= s.channels; c += Wide::lanes) {
      part(Wide{}, c);
    }
    for (; c < s.channels; c += Narrow::lanes) {
      part(Narrow{}, c);
    }
  }
}

template <class Call>
void by_kind(const Shape& s, Call call) {
  constexpr std::integral_constant<int, 1> one;
  constexpr std::integral_constant<int, 2> two;
  if (s.bf16) {
    s.stride == 1 ? call(uint16_t{}, one) : call(uint16_t{}, two);
  } else {
    s.stride == 1 ? call(float{}, one) : call(float{}, two);
  }
}

void weight_gradient(const Shape& s, const void* input, const void* gradient, float* sums, int64_t from, int64_t to, int64_t block) {
  by_kind(s, [&](auto type, auto stride) { weight_of<decltype(type), stride.value>(s, input, gradient, sums, from, to, block); });
}

void input_gradient(const Shape& s, const void* gradient, const float* weight, void* to, int64_t from, int64_t end) {
  by_kind(s, [&](auto type, auto stride) { input_of<decltype(type), stride.value>(s, gradient, weight, to, from, end); });
}

}  // namespace

const Kernels KERNELS = {weight_gradient, input_gradient};

}  // namespace sdt::depthwise
