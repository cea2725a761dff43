#define KERNELS plain_kernels
#include "batch_norm.inl"
#include "depthwise.inl"
