// Lifetime, metadata, memory and gradient of a tensor.
#include "shim.h"

#include <atomic>
#include <memory>

namespace sdt {
namespace {
std::atomic<int64_t> live{0};
}

at::Tensor* hand_out(at::Tensor tensor) {
  auto* handle = new at::Tensor(std::move(tensor));
  live.fetch_add(1, std::memory_order_relaxed);
  return handle;
}
}  // namespace sdt

using namespace sdt;

// What a tensor is; sizes and strides point into it and live as long as its shape.
struct Info {
  int64_t dimensions;
  int64_t elements;
  int64_t element_size;
  const int64_t* sizes;
  const int64_t* strides;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t flags;  // 1 requires grad, 2 leaf, 4 contiguous, 8 contiguous as channels_last, 16 has a gradient
};
static_assert(sizeof(Info) == 56, "the managed side relies on it");

SDT_EXPORT int64_t sdt_live_tensors() { return live.load(std::memory_order_relaxed); }

SDT_EXPORT void sdt_tensor_free(at::Tensor* tensor) {
  if (tensor != nullptr) {
    delete tensor;
    live.fetch_sub(1, std::memory_order_relaxed);
  }
}

SDT_EXPORT int sdt_tensor_info(const at::Tensor* handle, Info* info) {
  return guarded([&] {
    const at::Tensor& tensor = of(handle);
    info->dimensions = tensor.dim();
    info->elements = tensor.numel();
    info->element_size = static_cast<int64_t>(tensor.element_size());
    info->sizes = tensor.sizes().data();
    info->strides = tensor.strides().data();
    info->dtype = static_cast<int32_t>(tensor.scalar_type());
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().index();
    info->flags = (tensor.requires_grad() ? 1 : 0) | (tensor.is_leaf() ? 2 : 0) | (tensor.is_contiguous() ? 4 : 0) |
        (tensor.dim() == 4 && tensor.is_contiguous(at::MemoryFormat::ChannelsLast) ? 8 : 0) |
        (tensor.is_leaf() && tensor.grad().defined() ? 16 : 0);
  });
}

// The address of the first element; on a CPU it can be read and written by its strides.
SDT_EXPORT int sdt_tensor_data(const at::Tensor* handle, void** data) {
  return guarded([&] { *data = of(handle).data_ptr(); });
}

// Copies row-major elements of the tensor's own type from or to the caller's memory, whatever the strides and the device.
SDT_EXPORT int sdt_tensor_copy(const at::Tensor* handle, void* memory, int64_t bytes, int32_t into_tensor) {
  return guarded([&] {
    const at::Tensor& tensor = of(handle);
    TORCH_CHECK(bytes == static_cast<int64_t>(tensor.nbytes()), "a tensor of ", tensor.nbytes(), " bytes cannot be copied from or to ", bytes);
    if (bytes == 0) {
      return;
    }
    at::NoGradGuard no_grad;
    at::Tensor outside = at::from_blob(memory, tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type()).device(at::kCPU));
    if (into_tensor) {
      tensor.detach().copy_(outside);
    } else {
      outside.copy_(tensor);
    }
  });
}

SDT_EXPORT int sdt_tensor_item(const at::Tensor* handle, Value* value) {
  return guarded([&] {
    at::Scalar scalar = of(handle).item();
    *value = Value{Tag::real, 0, {0}};
    if (scalar.isFloatingPoint()) {
      value->real = scalar.toDouble();
    } else {
      value->tag = scalar.isBoolean() ? Tag::boolean : Tag::integer;
      value->integer = scalar.toLong();
    }
  });
}

// The gradient, or null where there is none.
SDT_EXPORT int sdt_tensor_grad(const at::Tensor* handle, at::Tensor** gradient) {
  return guarded([&] {
    const at::Tensor& grad = of(handle).grad();
    *gradient = grad.defined() ? hand_out(grad) : nullptr;
  });
}

SDT_EXPORT int sdt_tensor_set_grad(const at::Tensor* handle, const at::Tensor* gradient) {
  return guarded([&] { of(handle).mutable_grad() = gradient == nullptr ? at::Tensor() : *gradient; });
}

SDT_EXPORT int sdt_tensor_set_requires_grad(const at::Tensor* handle, int32_t on) {
  return guarded([&] {
    at::Tensor tensor = of(handle);
    tensor.requires_grad_(on != 0);
  });
}

// Makes a tensor show another one's memory, type and device, as PyTorch's `tensor.data = other`; who holds the tensor sees the change.
SDT_EXPORT int sdt_tensor_set_data(const at::Tensor* handle, const at::Tensor* source) {
  return guarded([&] { of(handle).set_data(of(source)); });
}

SDT_EXPORT int sdt_tensor_backward(const at::Tensor* handle, const at::Tensor* gradient, int32_t retain_graph) {
  return guarded([&] { of(handle).backward(gradient == nullptr ? at::Tensor() : *gradient, retain_graph != 0); });
}

// Forgets the gradients of many tensors, or fills them with zeros.
SDT_EXPORT int sdt_zero_grad(at::Tensor* const* tensors, int32_t count, int32_t set_to_none) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    for (int32_t i = 0; i < count; i++) {
      at::Tensor& grad = of(tensors[i]).mutable_grad();
      if (!grad.defined()) {
        continue;
      }
      if (set_to_none) {
        grad.reset();
      } else {
        grad = grad.detach();
        grad.zero_();
      }
    }
  });
}

// Calls back when backward() has come to the tensor: its gradient is known, that of what it was made from is not. The state is released with the graph.
SDT_EXPORT int sdt_tensor_hook(const at::Tensor* handle, void* state, void (*reached)(void*), void (*release)(void*)) {
  return guarded([&] {
    std::shared_ptr<void> owned(state, release);
    of(handle).register_hook([owned, reached](const at::Tensor&) { reached(owned.get()); });
  });
}
