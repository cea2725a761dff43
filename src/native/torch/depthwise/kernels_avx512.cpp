#define KERNELS avx512_kernels
#include "kernels.inl"
