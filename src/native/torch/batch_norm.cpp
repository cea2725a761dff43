// Batch normalisation in training over maps of bf16 in channels_last on a CPU, in place of libtorch's, which goes over each map once more, and slower. Stands at the places of
// the operators themselves; what it does not take goes on as before.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/ops/native_batch_norm_backward_cpu_dispatch.h>
#include <ATen/ops/native_batch_norm_cpu_dispatch.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "kernels/batch_norm.h"
#include "kernels/chosen.h"

namespace sdt::batch_norm {
namespace {

using Optional = c10::optional<at::Tensor>;
using Three = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

const Kernels& kernels() {
  static const Kernels& table = chosen(avx512_kernels, avx2_kernels, plain_kernels);
  return table;
}

// Rows whose sums are added up as floats, whatever the threads: the same sums for any number of them.
constexpr int64_t kRows = 256;

bool is_floats(const Optional& values) { return values && values->defined() && values->scalar_type() == at::kFloat && values->is_contiguous(); }

bool is_none(const Optional& values) { return !values || !values->defined(); }

bool takes(const at::Tensor& input, const Optional& weight, bool training) {
  return training && input.dim() == 4 && input.scalar_type() == at::kBFloat16 && input.size(1) % 8 == 0 && input.numel() > input.size(1)
      && input.is_contiguous(at::MemoryFormat::ChannelsLast) && is_floats(weight);
}

const uint16_t* halves(const at::Tensor& map) { return static_cast<const uint16_t*>(map.data_ptr()); }

struct Shape {
  int64_t channels, rows;

  explicit Shape(const at::Tensor& map) : channels(map.size(1)), rows(map.numel() / map.size(1)) {}

  // Two sums a channel over all rows. part: fills them for some rows and a block of channels.
  template <class Part>
  std::vector<double> sums(Part&& part) const {
    const int64_t chunks = (rows + kRows - 1) / kRows, blocks = (channels + kBlock - 1) / kBlock;
    std::vector<float> partial(static_cast<size_t>(chunks * 2 * channels));
    at::parallel_for(0, chunks * blocks, 1, [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; task++) {
        const int64_t chunk = task / blocks;
        part(chunk * kRows, std::min(rows, (chunk + 1) * kRows), task % blocks, partial.data() + chunk * 2 * channels);
      }
    });
    std::vector<double> whole(static_cast<size_t>(2 * channels));
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
      for (int64_t c = 0; c < 2 * channels; c++) {
        whole[c] += partial[chunk * 2 * channels + c];
      }
    }
    return whole;
  }

  // Calls with rows for each thread.
  template <class Part>
  void share(Part&& part) const {
    at::parallel_for(0, rows, std::max<int64_t>(1, 32768 / channels), part);
  }
};

Three forward(
    const at::Tensor& input, const Optional& weight, const Optional& bias, const Optional& running_mean, const Optional& running_var, bool training, double momentum, double eps) {
  if (!takes(input, weight, training) || !is_floats(bias) || !(is_none(running_mean) || (is_floats(running_mean) && is_floats(running_var)))) {
    return at::cpu::native_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps);
  }
  const Shape s(input);
  const uint16_t* from = halves(input);
  // Moments about a value of the map itself do not cancel where it is far from 0.
  const at::Tensor shift = input.select(0, 0).select(1, 0).select(1, 0).to(at::kFloat).contiguous();
  const std::vector<double> sums =
      s.sums([&](int64_t first, int64_t end, int64_t block, float* to) { kernels().moments(from, shift.data_ptr<float>(), s.channels, first, end, block, to); });
  at::Tensor mean = at::empty({s.channels}, weight->options()), inverse = at::empty_like(mean), scale = at::empty_like(mean), offset = at::empty_like(mean);
  for (int64_t c = 0; c < s.channels; c++) {
    const double away = sums[c] / double(s.rows), variance = std::max(0.0, sums[s.channels + c] / double(s.rows) - away * away);
    mean.data_ptr<float>()[c] = float(shift.data_ptr<float>()[c] + away);
    inverse.data_ptr<float>()[c] = float(1 / std::sqrt(variance + eps));
    scale.data_ptr<float>()[c] = weight->data_ptr<float>()[c] * inverse.data_ptr<float>()[c];
    offset.data_ptr<float>()[c] = bias->data_ptr<float>()[c] - mean.data_ptr<float>()[c] * scale.data_ptr<float>()[c];
    if (!is_none(running_mean)) {
      float &old_mean = running_mean->data_ptr<float>()[c], &old_variance = running_var->data_ptr<float>()[c];
      old_mean = float((1 - momentum) * old_mean + momentum * mean.data_ptr<float>()[c]);
      old_variance = float((1 - momentum) * old_variance + momentum * variance * double(s.rows) / double(s.rows - 1));
    }
  }
  at::Tensor output = at::empty_like(input, at::MemoryFormat::ChannelsLast);
  auto* to = static_cast<uint16_t*>(output.data_ptr());
  s.share([&](int64_t first, int64_t end) { kernels().output(from, scale.data_ptr<float>(), offset.data_ptr<float>(), s.channels, first, end, to); });
  return {output, mean, inverse};
}

Three backward(
    const at::Tensor& gradient, const at::Tensor& input, const Optional& weight, const Optional& running_mean, const Optional& running_var, const Optional& saved_mean,
    const Optional& saved_inverse, bool training, double eps, std::array<bool, 3> wanted) {
  if (!takes(input, weight, training) || gradient.scalar_type() != input.scalar_type() || !is_floats(saved_mean) || !is_floats(saved_inverse)) {
    return at::cpu::native_batch_norm_backward(gradient, input, weight, running_mean, running_var, saved_mean, saved_inverse, training, eps, wanted);
  }
  const Shape s(input);
  const at::Tensor arranged = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  const uint16_t *from = halves(input), *above = halves(arranged);
  const float *mean = saved_mean->data_ptr<float>(), *inverse = saved_inverse->data_ptr<float>();
  const std::vector<double> sums = s.sums([&](int64_t first, int64_t end, int64_t block, float* to) { kernels().products(above, from, mean, s.channels, first, end, block, to); });
  at::Tensor weight_gradient = at::empty_like(*weight), bias_gradient = at::empty_like(*weight);
  std::vector<float> gradient_scale(s.channels), scale(s.channels), offset(s.channels);
  for (int64_t c = 0; c < s.channels; c++) {
    const double sum = sums[c], product = sums[s.channels + c], factor = double(weight->data_ptr<float>()[c]) * inverse[c];
    weight_gradient.data_ptr<float>()[c] = float(product * inverse[c]);
    bias_gradient.data_ptr<float>()[c] = float(sum);
    // gradient - mean of gradient - normalised input * mean of gradient * normalised input, times factor (Ioffe and Szegedy 2015, section 3).
    const double slope = -factor * product * inverse[c] * inverse[c] / double(s.rows);
    gradient_scale[c] = float(factor);
    scale[c] = float(slope);
    offset[c] = float(-factor * sum / double(s.rows) - slope * mean[c]);
  }
  at::Tensor input_gradient;
  if (wanted[0]) {
    input_gradient = at::empty_like(input, at::MemoryFormat::ChannelsLast);
    auto* to = static_cast<uint16_t*>(input_gradient.data_ptr());
    s.share([&](int64_t first, int64_t end) {
      kernels().input_gradient(above, from, gradient_scale.data(), scale.data(), offset.data(), s.channels, first, end, to);
    });
  }
  return {input_gradient, wanted[1] ? weight_gradient : at::Tensor(), wanted[2] ? bias_gradient : at::Tensor()};
}

// What is replaced is worth a warning to libtorch, and nothing to who runs a tool.
#if TORCH_VERSION_MAJOR < 2
namespace warnings = c10::Warning;

struct Silence : c10::WarningHandler {
  void process(const c10::SourceLocation&, const std::string&, bool) override {}
};
#else
namespace warnings = c10::WarningUtils;

struct Silence : c10::WarningHandler {
  void process(const c10::Warning&) override {}
};
#endif

const torch::Library& registered() {
  static torch::Library library(torch::Library::IMPL, "aten", c10::DispatchKey::CPU, __FILE__, __LINE__);
  Silence silence;
  const warnings::WarningHandlerGuard guard(&silence);
  library.impl("native_batch_norm", TORCH_FN(forward));
  library.impl("native_batch_norm_backward", TORCH_FN(backward));
  return library;
}

[[maybe_unused]] const torch::Library& at_load = registered();

}  // namespace
}  // namespace sdt::batch_norm
