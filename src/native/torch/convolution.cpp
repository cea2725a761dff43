// Stands at the places of the operators themselves, so that no model, autocast or checkpoint knows of it; what nobody takes goes on as before.
#include "convolution.h"

#include <ATen/ops/convolution_backward_compositeexplicitautograd_dispatch.h>
#include <ATen/ops/mkldnn_convolution_compositeexplicitautograd_dispatch.h>
#include <torch/library.h>

#include <optional>

namespace sdt {
namespace {

std::optional<Convolution> described(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
  if (input.dim() != 4 || weight.dim() != 4 || input.numel() == 0 || weight.scalar_type() != input.scalar_type() || (stride[0] != 1 && stride[0] != 2)
      || stride[0] != stride.back() || padding[0] != padding.back() || dilation[0] != 1 || dilation.back() != 1 || !input.is_contiguous(at::MemoryFormat::ChannelsLast)) {
    return std::nullopt;
  }
  return Convolution{input, weight, stride[0], padding[0], groups};
}

Gradients backward(
    const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::OptionalIntArrayRef bias_sizes, at::IntArrayRef stride, at::IntArrayRef padding,
    at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding, int64_t groups, std::array<bool, 3> wanted) {
  const auto c = transposed || gradient.layout() != at::kStrided || gradient.scalar_type() != input.scalar_type() ? std::nullopt : described(input, weight, stride, padding, dilation, groups);
  if (c && depthwise::takes(*c)) {
    return depthwise::backward(*c, gradient.contiguous(at::MemoryFormat::ChannelsLast), wanted);
  }
  const auto taken = c ? products::takes(*c, gradient.size(2), gradient.size(3)) : products::Taken();
  const bool by_input = taken.input_gradient && wanted[0], by_weight = taken.weight_gradient && wanted[1];
  const at::Tensor arranged = by_input || by_weight ? gradient.contiguous(at::MemoryFormat::ChannelsLast) : gradient;
  Gradients result;
  if ((wanted[0] && !by_input) || (wanted[1] && !by_weight) || wanted[2]) {
    result = at::compositeexplicitautograd::convolution_backward(
        arranged, input, weight, bias_sizes, stride, padding, dilation, transposed, output_padding, groups, {wanted[0] && !by_input, wanted[1] && !by_weight, wanted[2]});
  }
  if (by_input) {
    std::get<0>(result) = products::input_gradient(*c, arranged);
  }
  if (by_weight) {
    std::get<1>(result) = products::weight_gradient(*c, arranged);
  }
  return result;
}

at::Tensor forward(
    const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
  if (const auto c = described(input, weight, stride, padding, dilation, groups)) {
    const auto out = [&](int64_t axis) { return (input.size(axis) + 2 * padding[0] - weight.size(axis)) / stride[0] + 1; };
    if (products::takes(*c, out(2), out(3)).output) {
      return products::forward(*c, bias ? *bias : at::Tensor(), out(2), out(3));
    }
  }
  return at::compositeexplicitautograd::mkldnn_convolution(input, weight, bias, padding, stride, dilation, groups);
}

TORCH_LIBRARY_IMPL(aten, CPU, library) {
  library.impl("convolution_backward", TORCH_FN(backward));
  library.impl("mkldnn_convolution", TORCH_FN(forward));
}

}  // namespace
}  // namespace sdt
