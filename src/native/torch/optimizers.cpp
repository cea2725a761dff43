// A whole optimizer step in one call. Parameters in a CPU's memory are updated in one pass over it by all threads:
// a step reads and writes every number once, where operators one by one would pass over the same memory a dozen times.
#include "shim.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SDT_FOR_EVERY_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SDT_FOR_EVERY_CPU
#endif

namespace sdt {
namespace {

// rest1 and rest2 are 1 - beta computed in double: 1 - 0.999f is off by a part in 80,000.
struct Adam {
  float decay, penalty, beta1, rest1, beta2, rest2, step_size, root_correction, epsilon;
};

struct Sgd {
  float rate, weight_decay, momentum;
  bool nesterov;
};

SDT_FOR_EVERY_CPU void adam(
    float* __restrict weight, const float* __restrict grad, float* __restrict mean, float* __restrict square, int64_t count, Adam o) {
  for (int64_t i = 0; i < count; i++) {
    float g = grad[i] + o.penalty * weight[i];
    float m = mean[i] * o.beta1 + g * o.rest1;
    float v = square[i] * o.beta2 + g * g * o.rest2;
    mean[i] = m;
    square[i] = v;
    weight[i] = weight[i] * o.decay - o.step_size * (m / (std::sqrt(v) / o.root_correction + o.epsilon));
  }
}

SDT_FOR_EVERY_CPU void sgd_plain(float* __restrict weight, const float* __restrict grad, int64_t count, Sgd o) {
  for (int64_t i = 0; i < count; i++) {
    weight[i] -= o.rate * (grad[i] + o.weight_decay * weight[i]);
  }
}

SDT_FOR_EVERY_CPU void sgd_momentum(float* __restrict weight, const float* __restrict grad, float* __restrict buffer, int64_t count, Sgd o) {
  float look_ahead = o.nesterov ? o.momentum : 0.0f;
  for (int64_t i = 0; i < count; i++) {
    float direction = grad[i] + o.weight_decay * weight[i];
    float b = buffer[i] * o.momentum + direction;
    buffer[i] = b;
    weight[i] -= o.rate * (o.nesterov ? direction + look_ahead * b : b);
  }
}

// Rounded after the product, as libtorch's operators do it one by one.
SDT_FOR_EVERY_CPU void average(float* __restrict mean, const float* __restrict weight, int64_t count, float old, float rest) {
  constexpr int64_t cached = 2048;
  for (int64_t start = 0; start < count; start += cached) {
    int64_t end = std::min(start + cached, count);
    for (int64_t i = start; i < end; i++) {
      mean[i] *= old;
    }
    for (int64_t i = start; i < end; i++) {
      mean[i] += rest * weight[i];
    }
  }
}

// The same numbers at the same places, so that one index walks through all of them.
bool same_layout(const at::Tensor& a, const at::Tensor& b) { return a.sizes() == b.sizes() && a.strides() == b.strides(); }

bool plain_memory(const at::Tensor& t) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat && t.layout() == at::kStrided && t.is_non_overlapping_and_dense();
}

at::Tensor in_layout_of(const at::Tensor& like, const at::Tensor& t) { return at::empty_like(like).copy_(t); }

// The state keeps its handle when a module was moved to another layout, type or device after the optimizer's first steps.
void follow(const at::Tensor& parameter, const at::Tensor& state) {
  if (state.device() != parameter.device() || state.scalar_type() != parameter.scalar_type() || !same_layout(parameter, state)) {
    state.set_data(in_layout_of(parameter, state));
  }
}

// Cuts all parameters into pieces of one size so that threads share the work evenly, whatever the sizes of the layers.
template <typename Update>
void in_pieces(const std::vector<int64_t>& sizes, const Update& update) {
  constexpr int64_t piece = 16384;
  struct Piece {
    size_t job;
    int64_t start, count;
  };
  std::vector<Piece> pieces;
  for (size_t job = 0; job < sizes.size(); job++) {
    for (int64_t start = 0; start < sizes[job]; start += piece) {
      pieces.push_back({job, start, std::min(piece, sizes[job] - start)});
    }
  }
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      update(pieces[i].job, pieces[i].start, pieces[i].count);
    }
  });
}

}  // namespace
}  // namespace sdt

using namespace sdt;

// Adam and AdamW as torch.optim's, with a rate, a weight decay and a count of steps for each parameter; those without a gradient are left alone.
// Decoupled decay shrinks weights (AdamW), the other is a part of the gradient.
SDT_EXPORT int sdt_adam_step(
    int32_t count, at::Tensor* const* parameters, at::Tensor* const* means, at::Tensor* const* squares, int64_t* steps, const double* rates,
    const double* weight_decays, int32_t decoupled, double beta1, double beta2, double epsilon) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    struct Job {
      float *weight, *grad, *mean, *square;
      Adam options;
    };
    std::vector<Job> jobs;
    std::vector<int64_t> sizes;
    std::vector<at::Tensor> kept, p, g, m, v;
    std::vector<at::Scalar> decays, corrections, step_sizes;
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor& parameter = of(parameters[i]);
      at::Tensor grad = parameter.grad();
      if (!grad.defined()) {
        continue;
      }
      const at::Tensor &mean = of(means[i]), &square = of(squares[i]);
      follow(parameter, mean);
      follow(parameter, square);
      double step = static_cast<double>(++steps[i]);
      double decay = decoupled ? 1 - rates[i] * weight_decays[i] : 1, penalty = decoupled ? 0 : weight_decays[i];
      double step_size = rates[i] / (1 - std::pow(beta1, step));
      double root_correction = std::sqrt(1 - std::pow(beta2, step));
      if (plain_memory(parameter)) {
        if (!same_layout(parameter, grad) || grad.scalar_type() != at::kFloat) {
          grad = in_layout_of(parameter, grad);
          kept.push_back(grad);
        }
        jobs.push_back(
            {parameter.data_ptr<float>(), grad.data_ptr<float>(), mean.data_ptr<float>(), square.data_ptr<float>(),
             Adam{static_cast<float>(decay), static_cast<float>(penalty), static_cast<float>(beta1), static_cast<float>(1 - beta1),
                  static_cast<float>(beta2), static_cast<float>(1 - beta2), static_cast<float>(step_size), static_cast<float>(root_correction),
                  static_cast<float>(epsilon)}});
        sizes.push_back(parameter.numel());
        parameter.unsafeGetTensorImpl()->bump_version();
      } else {
        p.push_back(parameter);
        g.push_back(penalty == 0 ? grad : grad.add(parameter, penalty));
        m.push_back(mean);
        v.push_back(square);
        decays.emplace_back(decay);
        corrections.emplace_back(root_correction);
        step_sizes.emplace_back(-step_size);
      }
    }
    in_pieces(sizes, [&](size_t job, int64_t start, int64_t n) {
      const Job& j = jobs[job];
      adam(j.weight + start, j.grad + start, j.mean + start, j.square + start, n, j.options);
    });
    if (!p.empty()) {
      at::_foreach_mul_(p, decays);
      at::_foreach_mul_(m, beta1);
      at::_foreach_add_(m, g, 1 - beta1);
      at::_foreach_mul_(v, beta2);
      at::_foreach_addcmul_(v, g, g, 1 - beta2);
      auto denominators = at::_foreach_sqrt(v);
      at::_foreach_div_(denominators, corrections);
      at::_foreach_add_(denominators, epsilon);
      at::_foreach_addcdiv_(p, m, denominators, step_sizes);
    }
  });
}

// Stochastic gradient descent as torch.optim's without dampening; buffers is null without momentum.
SDT_EXPORT int sdt_sgd_step(
    int32_t count, at::Tensor* const* parameters, at::Tensor* const* buffers, const double* rates, const double* weight_decays,
    double momentum, int32_t nesterov) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    struct Job {
      float *weight, *grad, *buffer;
      Sgd options;
    };
    std::vector<Job> jobs;
    std::vector<int64_t> sizes;
    std::vector<at::Tensor> kept;
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor& parameter = of(parameters[i]);
      at::Tensor grad = parameter.grad();
      if (!grad.defined()) {
        continue;
      }
      if (buffers != nullptr) {
        follow(parameter, of(buffers[i]));
      }
      if (plain_memory(parameter)) {
        if (!same_layout(parameter, grad) || grad.scalar_type() != at::kFloat) {
          grad = in_layout_of(parameter, grad);
          kept.push_back(grad);
        }
        jobs.push_back(
            {parameter.data_ptr<float>(), grad.data_ptr<float>(), buffers == nullptr ? nullptr : of(buffers[i]).data_ptr<float>(),
             Sgd{static_cast<float>(rates[i]), static_cast<float>(weight_decays[i]), static_cast<float>(momentum), nesterov != 0}});
        sizes.push_back(parameter.numel());
        parameter.unsafeGetTensorImpl()->bump_version();
        continue;
      }
      at::Tensor target = parameter, direction = grad.add(parameter, weight_decays[i]);
      if (buffers != nullptr) {
        at::Tensor buffer = of(buffers[i]);
        buffer.mul_(momentum).add_(direction);
        direction = nesterov ? direction.add_(buffer, momentum) : buffer;
      }
      target.add_(direction, -rates[i]);
    }
    in_pieces(sizes, [&](size_t job, int64_t start, int64_t n) {
      const Job& j = jobs[job];
      if (j.buffer == nullptr) {
        sgd_plain(j.weight + start, j.grad + start, n, j.options);
      } else {
        sgd_momentum(j.weight + start, j.grad + start, j.buffer + start, n, j.options);
      }
    });
  });
}

// Exponential averages: averages = old * averages + (1 - old) * weights.
SDT_EXPORT int sdt_average_step(int32_t count, at::Tensor* const* averages, at::Tensor* const* weights, double old) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    struct Job {
      float* mean;
      const float* weight;
    };
    std::vector<Job> jobs;
    std::vector<int64_t> sizes;
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor &mean = of(averages[i]), &weight = of(weights[i]);
      if (plain_memory(mean) && plain_memory(weight) && same_layout(mean, weight)) {
        jobs.push_back({mean.data_ptr<float>(), weight.data_ptr<float>()});
        sizes.push_back(mean.numel());
        mean.unsafeGetTensorImpl()->bump_version();
      } else {
        at::Tensor(mean).mul_(old).add_(weight, 1 - old);
      }
    }
    in_pieces(sizes, [&](size_t job, int64_t start, int64_t n) {
      average(jobs[job].mean + start, jobs[job].weight + start, n, static_cast<float>(old), static_cast<float>(1 - old));
    });
  });
}
