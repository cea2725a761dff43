// One boxed call reaches every operator of the dispatcher by its name.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <cstdlib>
#include <vector>

namespace sdt {
namespace {

c10::IValue tensor_or_none(const void* handle) {
  return handle == nullptr ? c10::IValue() : c10::IValue(*static_cast<const at::Tensor*>(handle));
}

c10::TypePtr without_optional(c10::TypePtr type) {
  if (type->kind() == c10::TypeKind::OptionalType) {
    return type->containedTypes()[0];
  }
  return type;
}

c10::IValue tensor_list(const Value& value, const c10::TypePtr& type) {
  auto* handles = static_cast<at::Tensor* const*>(value.pointer);
  bool holes = type->kind() == c10::TypeKind::ListType && type->containedTypes()[0]->kind() == c10::TypeKind::OptionalType;
  if (holes) {
    c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
    list.reserve(value.length);
    for (int64_t i = 0; i < value.length; i++) {
      list.push_back(tensor_or_none(handles[i]));
    }
    return c10::IValue(std::move(list));
  }
  c10::List<at::Tensor> list;
  list.reserve(value.length);
  for (int64_t i = 0; i < value.length; i++) {
    list.push_back(of(handles[i]));
  }
  return c10::IValue(std::move(list));
}

// The schema decides what a value becomes: an integer where a float is asked for would otherwise fail an assertion.
c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
  switch (value.tag) {
    case Tag::none:
      return c10::IValue();
    case Tag::tensor:
      return tensor_or_none(value.pointer);
    case Tag::integer:
      if (without_optional(argument.type())->kind() == c10::TypeKind::FloatType) {
        return c10::IValue(static_cast<double>(value.integer));
      }
      return c10::IValue(value.integer);
    case Tag::real:
      return c10::IValue(value.real);
    case Tag::boolean:
      return c10::IValue(value.integer != 0);
    case Tag::integers: {
      auto* first = static_cast<const int64_t*>(value.pointer);
      auto type = without_optional(argument.type());
      if (type->kind() == c10::TypeKind::ListType && type->containedTypes()[0]->kind() == c10::TypeKind::BoolType) {
        c10::List<bool> flags;
        for (int64_t i = 0; i < value.length; i++) {
          flags.push_back(first[i] != 0);
        }
        return c10::IValue(std::move(flags));
      }
      return c10::IValue(std::vector<int64_t>(first, first + value.length));
    }
    case Tag::reals: {
      auto* first = static_cast<const double*>(value.pointer);
      return c10::IValue(std::vector<double>(first, first + value.length));
    }
    case Tag::tensors:
      return tensor_list(value, without_optional(argument.type()));
    case Tag::text:
      return c10::IValue(std::string(static_cast<const char*>(value.pointer), value.length));
    case Tag::device:
      return c10::IValue(device_of(value.integer, value.length));
    case Tag::object:
      return *static_cast<const c10::IValue*>(value.pointer);
  }
  TORCH_CHECK(false, "argument '", argument.name(), "' has an unknown tag");
}

Value handle_of(const at::Tensor& tensor) {
  Value value{Tag::none, 0, {0}};
  if (tensor.defined()) {
    value.tag = Tag::tensor;
    value.pointer = hand_out(tensor);
  }
  return value;
}

Value to_value(const c10::IValue& result) {
  Value value{Tag::none, 0, {0}};
  if (result.isTensor()) {
    return handle_of(result.toTensor());
  } else if (result.isInt()) {
    value.tag = Tag::integer;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.tag = Tag::real;
    value.real = result.toDouble();
  } else if (result.isBool()) {
    value.tag = Tag::boolean;
    value.integer = result.toBool();
  } else if (result.isTensorList()) {
    auto list = result.toTensorVector();
    auto** handles = static_cast<at::Tensor**>(std::calloc(list.size() + 1, sizeof(at::Tensor*)));
    for (size_t i = 0; i < list.size(); i++) {
      handles[i] = hand_out(list[i]);
    }
    value.tag = Tag::tensors;
    value.length = static_cast<int64_t>(list.size());
    value.pointer = handles;
  } else if (result.isObject()) {
    value.tag = Tag::object;
    value.pointer = new c10::IValue(result);
  }
  return value;
}

}  // namespace
}  // namespace sdt

using namespace sdt;

// The operator of that name ("aten::add") and overload ("Tensor"); it lives as long as the process.
SDT_EXPORT int sdt_operator(const char* name, const char* overload, const c10::OperatorHandle** op) {
  return guarded([&] { *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

// Calls with positional arguments; those left out at the end take the schema's defaults. The caller owns the handles in results.
SDT_EXPORT int sdt_call(const c10::OperatorHandle* op, const Value* arguments, int32_t count, Value* results, int32_t capacity, int32_t* returned) {
  return guarded([&] {
    const auto& expected = op->schema().arguments();
    TORCH_CHECK(
        static_cast<size_t>(count) <= expected.size(), op->schema().name(), " takes ", expected.size(), " arguments, not ", count);
    torch::jit::Stack stack;
    stack.reserve(expected.size());
    for (size_t i = 0; i < expected.size(); i++) {
      if (i < static_cast<size_t>(count)) {
        stack.push_back(to_ivalue(arguments[i], expected[i]));
      } else {
        TORCH_CHECK(expected[i].default_value().has_value(), op->schema().name(), " needs the argument '", expected[i].name(), "'");
        stack.push_back(*expected[i].default_value());
      }
    }
    op->callBoxed(&stack);
    TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), op->schema().name(), " returns ", stack.size(), " values");
    for (const auto& result : stack) {
      TORCH_CHECK(
          result.isTensor() || result.isTensorList() || result.isNone() || result.isInt() || result.isDouble() || result.isBool() || result.isObject(),
          op->schema().name(), " returns a ", result.tagKind(), ", which cannot be handed out");
    }
    for (size_t i = 0; i < stack.size(); i++) {
      results[i] = to_value(stack[i]);
    }
    *returned = static_cast<int32_t>(stack.size());
  });
}

SDT_EXPORT void sdt_free(void* memory) { std::free(memory); }

// What an operator returned that is no tensor: the weights of a quantized convolution in an order of their own.
SDT_EXPORT void sdt_object_free(c10::IValue* object) { delete object; }
