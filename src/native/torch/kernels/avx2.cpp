#define KERNELS avx2_kernels
#include "batch_norm.inl"
#include "depthwise.inl"
