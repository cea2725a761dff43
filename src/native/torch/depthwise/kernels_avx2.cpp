#define KERNELS avx2_kernels
#include "kernels.inl"
