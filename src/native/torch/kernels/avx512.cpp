#define KERNELS avx512_kernels
#include "batch_norm.inl"
#include "depthwise.inl"
