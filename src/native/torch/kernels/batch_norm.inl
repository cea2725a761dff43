// KERNELS: the table's name.
#include <algorithm>

#include "batch_norm.h"
#include "vectors.h"

namespace sdt::batch_norm {
namespace {

// The sums of some vectors of channels: of first and of first * (input - shift), where first is the gradient, or input - shift itself if there is none.
template <class L, int vectors>
void sum_rows(const uint16_t* gradient, const uint16_t* input, const float* shift, int64_t channels, int64_t rows, float* sums) {
  typename L::Floats sum[vectors] = {}, product[vectors] = {}, middle[vectors];
  for (int v = 0; v < vectors; v++) {
    middle[v] = load<L>(shift + v * L::lanes);
  }
  for (int64_t row = 0; row < rows; row++) {
    for (int v = 0; v < vectors; v++) {
      const int64_t at = row * channels + v * L::lanes;
      const typename L::Floats centred = load<L>(input + at) - middle[v], first = gradient ? load<L>(gradient + at) : centred;
      sum[v] += first;
      product[v] += first * centred;
    }
  }
  for (int v = 0; v < vectors; v++) {
    store<L>(sums + v * L::lanes, sum[v]);
    store<L>(sums + channels + v * L::lanes, product[v]);
  }
}

void products(const uint16_t* gradient, const uint16_t* input, const float* shift, int64_t channels, int64_t from, int64_t to, int64_t block, float* sums) {
  const int64_t end = std::min(channels, (block + 1) * kBlock);
  int64_t c = block * kBlock;
  const auto take = [&](auto sum, int64_t width) {
    for (; c + width <= end; c += width) {
      sum(gradient ? gradient + from * channels + c : nullptr, input + from * channels + c, shift + c, channels, to - from, sums + c);
    }
  };
  take(sum_rows<Wide, kBlock / Wide::lanes / 2>, kBlock / 2);
  take(sum_rows<Wide, 1>, Wide::lanes);
  take(sum_rows<Narrow, 1>, Narrow::lanes);
}

void moments(const uint16_t* input, const float* shift, int64_t channels, int64_t from, int64_t to, int64_t block, float* sums) {
  products(nullptr, input, shift, channels, from, to, block, sums);
}

// Calls with each vector of a row's channels.
template <class Body>
void each(int64_t channels, Body body) {
  int64_t c = 0;
  for (; c + Wide::lanes <= channels; c += Wide::lanes) {
    body(Wide{}, c);
  }
  for (; c < channels; c += Narrow::lanes) {
    body(Narrow{}, c);
  }
}

void output(const uint16_t* input, const float* scale, const float* offset, int64_t channels, int64_t from, int64_t to, uint16_t* output) {
  for (int64_t row = from * channels; row < to * channels; row += channels) {
    each(channels, [&](auto lanes, int64_t c) {
      using L = decltype(lanes);
      store<L>(output + row + c, load<L>(input + row + c) * load<L>(scale + c) + load<L>(offset + c));
    });
  }
}

void input_gradient(
    const uint16_t* gradient, const uint16_t* input, const float* gradient_scale, const float* scale, const float* offset, int64_t channels, int64_t from, int64_t to,
    uint16_t* input_gradient) {
  for (int64_t row = from * channels; row < to * channels; row += channels) {
    each(channels, [&](auto lanes, int64_t c) {
      using L = decltype(lanes);
      store<L>(input_gradient + row + c, load<L>(gradient + row + c) * load<L>(gradient_scale + c) + (load<L>(input + row + c) * load<L>(scale + c) + load<L>(offset + c)));
    });
  }
}

}  // namespace

const Kernels KERNELS = {moments, products, output, input_gradient};

}  // namespace sdt::batch_norm
