// A piece of a network that keeps its input alone for backward and is computed again when its turn comes.
#include "shim.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <malloc.h>

SDT_EXPORT void sdt_tensor_free(at::Tensor* tensor);

namespace sdt {
namespace {

// Computes the piece from a new handle, which it takes over; returns 0, or 1 with the reason as text.
using Run = int32_t (*)(void* piece, at::Tensor* input, at::Tensor** output, char* reason, int32_t capacity);
using Release = void (*)(void* piece);

struct Checkpoint : torch::autograd::Node {
  Checkpoint(torch::autograd::edge_list edges, const at::Tensor& input, void* piece, Run run, Release release)
      : Node(std::move(edges)), input(input, false), piece(piece), run(run), release(release) {}

  ~Checkpoint() override { release(piece); }

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    at::Tensor leaf = input.unpack().detach();
    if (task_should_compute_output(0)) {
      leaf.requires_grad_(true);
    }
    at::Tensor result;
    {
      at::AutoGradMode record(true);
      at::Tensor* output = nullptr;
      char reason[512] = "";
      TORCH_CHECK(run(piece, hand_out(leaf), &output, reason, sizeof reason) == 0, "a checkpointed piece failed when it was computed again: ", reason);
      result = of(output);
      sdt_tensor_free(output);
    }
    result.backward(gradients[0]);
    return {task_should_compute_output(0) ? leaf.grad() : at::Tensor()};
  }

  void release_variables() override { input.reset_data(); }

  torch::autograd::SavedVariable input;
  void* piece;
  Run run;
  Release release;
};

}  // namespace
}  // namespace sdt

using namespace sdt;

// Gives an output that was computed without a record the history of a checkpoint. The piece is released when the history is.
SDT_EXPORT int sdt_checkpoint(const at::Tensor* input, const at::Tensor* output, void* piece, Run run, Release release) {
  return guarded([&] {
    auto edges = of(input).requires_grad() ? torch::autograd::collect_next_edges(of(input)) : torch::autograd::edge_list{torch::autograd::Edge()};
    std::shared_ptr<Checkpoint> node(new Checkpoint(std::move(edges), of(input), piece, run, release), torch::autograd::deleteNode);
    at::Tensor variable = of(output);
    torch::autograd::create_gradient_edge(variable, std::move(node));
  });
}

// Bytes of the processor's memory that are in use, tensors and all else.
SDT_EXPORT int64_t sdt_cpu_memory() {
  auto info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}
