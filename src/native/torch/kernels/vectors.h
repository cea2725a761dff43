// Vectors of floats of the instruction set that a file is built for; for the files of this folder alone.
#pragma once

#include <cstdint>
#include <cstring>

namespace sdt {
namespace {

struct Narrow {
  static constexpr int64_t lanes = 8;
  typedef float Floats __attribute__((vector_size(32)));
  typedef uint32_t Words __attribute__((vector_size(32)));
  typedef uint16_t Halves __attribute__((vector_size(16)));
};

#if defined(__AVX512F__)
struct Wide {
  static constexpr int64_t lanes = 16;
  typedef float Floats __attribute__((vector_size(64)));
  typedef uint32_t Words __attribute__((vector_size(64)));
  typedef uint16_t Halves __attribute__((vector_size(32)));
};
#else
// A vector that does not fit a register is taken through memory.
using Wide = Narrow;
#endif

template <class V, class From>
inline V bytes_of(const From* from) {
  V value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class L>
inline typename L::Floats load(const float* from) { return bytes_of<typename L::Floats>(from); }

// A bfloat16 is the upper half of a float.
template <class L>
inline typename L::Floats load(const uint16_t* from) {
  return (typename L::Floats)(__builtin_convertvector(bytes_of<typename L::Halves>(from), typename L::Words) << 16);
}

template <class L>
inline void store(float* to, typename L::Floats value) { std::memcpy(to, &value, sizeof value); }

// Rounded to the nearest, halves to even; no number stays no number.
template <class L>
inline void store(uint16_t* to, typename L::Floats value) {
  typename L::Words bits = (typename L::Words)value;
  bits = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
  bits = value == value ? bits : bits * 0 + 0x7FC0;
  typename L::Halves halves = __builtin_convertvector(bits, typename L::Halves);
  std::memcpy(to, &halves, sizeof halves);
}

}  // namespace
}  // namespace sdt
