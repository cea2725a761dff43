// Backward of depthwise convolutions of 5 x 5 on a CPU, in place of oneDNN's, which takes 5 to 40 times as long as its 3 x 3: half of a training step of an EfficientNet or
// a MobileNet.
#include "convolution.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "kernels/chosen.h"
#include "kernels/depthwise.h"

namespace sdt::depthwise {
namespace {

const Kernels& kernels() {
  static const Kernels& table = chosen(avx512_kernels, avx2_kernels, plain_kernels);
  return table;
}

// Images are added up in so many groups, whatever the threads: the same sums for any number of them.
constexpr int64_t kGroups = 8;

at::Tensor weight_gradient(const Shape& s, const at::Tensor& input, const at::Tensor& gradient, const at::Tensor& weight) {
  const int64_t taps = kKernel * kKernel, sums = taps * s.channels, chunks = std::min(kGroups, s.images), blocks = (s.channels + kBlock - 1) / kBlock;
  std::vector<float> partial(static_cast<size_t>(chunks * sums));
  at::parallel_for(0, chunks * blocks, 1, [&](int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
      const int64_t chunk = task / blocks;
      kernels().weight(s, input.data_ptr(), gradient.data_ptr(), partial.data() + chunk * sums, s.images * chunk / chunks, s.images * (chunk + 1) / chunks, task % blocks);
    }
  });
  at::Tensor result = at::empty({s.channels, 1, kKernel, kKernel}, weight.options().dtype(at::kFloat).memory_format(at::MemoryFormat::Contiguous));
  float* to = result.data_ptr<float>();
  for (int64_t c = 0; c < s.channels; c++) {
    for (int64_t k = 0; k < taps; k++) {
      float sum = 0;
      for (int64_t chunk = 0; chunk < chunks; chunk++) {
        sum += partial[chunk * sums + k * s.channels + c];
      }
      to[c * taps + k] = sum;
    }
  }
  return at::empty_like(weight).copy_(result);
}

at::Tensor input_gradient(const Shape& s, const at::Tensor& input, const at::Tensor& gradient, const at::Tensor& weight) {
  const at::Tensor taps = weight.to(at::kFloat).reshape({s.channels, kKernel * kKernel}).t().contiguous();
  at::Tensor result = at::empty_like(input, at::MemoryFormat::ChannelsLast);
  at::parallel_for(0, s.images * s.height, 4, [&](int64_t from, int64_t to) {
    kernels().input(s, gradient.data_ptr(), taps.data_ptr<float>(), result.data_ptr(), from, to);
  });
  return result;
}

}  // namespace

bool takes(const Convolution& c) {
  return c.groups > 1 && c.groups == c.input.size(1) && c.groups == c.weight.size(0) && c.groups % 8 == 0 && c.weight.size(2) == kKernel && c.weight.size(3) == kKernel
      && c.padding < kKernel && (c.input.scalar_type() == at::kFloat || c.input.scalar_type() == at::kBFloat16);
}

Gradients backward(const Convolution& c, const at::Tensor& gradient, std::array<bool, 3> wanted) {
  const Shape s{c.input.size(0), c.input.size(2), c.input.size(3), c.input.size(1), gradient.size(2), gradient.size(3), c.stride, c.padding, c.input.scalar_type() == at::kBFloat16};
  return {wanted[0] ? input_gradient(s, c.input, gradient, c.weight) : at::Tensor(), wanted[1] ? weight_gradient(s, c.input, gradient, c.weight) : at::Tensor(),
          wanted[2] ? gradient.sum({0, 2, 3}) : at::Tensor()};
}

}  // namespace sdt::depthwise
