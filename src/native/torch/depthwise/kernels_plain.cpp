#define KERNELS plain_kernels
#include "kernels.inl"
