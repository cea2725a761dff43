// Convolutions that are computed here and not by oneDNN, which is slow at them; each file says which, and how.
#pragma once

#include "shim.h"

#include <array>
#include <tuple>

namespace sdt {

// A convolution over maps in channels_last, of the same stride and padding both ways and without dilation.
struct Convolution {
  const at::Tensor &input, &weight;
  int64_t stride, padding, groups;
};

// Of the input, the weight and the bias.
using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

// Whether it is computed here, and then its gradients; the output's gradient is in channels_last, too.
namespace depthwise {
bool takes(const Convolution&);
Gradients backward(const Convolution&, const at::Tensor& gradient, std::array<bool, 3> wanted);
}  // namespace depthwise

namespace products {

// What of it is computed here.
struct Taken {
  bool output = false, input_gradient = false, weight_gradient = false;
};

Taken takes(const Convolution&, int64_t out_height, int64_t out_width);
at::Tensor forward(const Convolution&, const at::Tensor& bias, int64_t out_height, int64_t out_width);
at::Tensor input_gradient(const Convolution&, const at::Tensor& gradient);
at::Tensor weight_gradient(const Convolution&, const at::Tensor& gradient);

}  // namespace products

}  // namespace sdt
