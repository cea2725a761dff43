using SignData.Torch;
using SignData.Torch.Tests;
using SignData.Training.Architectures;

// Random numbers and the count of memory are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SignData.Training.Tests;

/// <summary>Gradient checkpointing round the blocks of whole networks: the same step, at most half of what is held for backward.</summary>
public sealed class CheckpointingTests
{
    [Theory]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("efficientnet_b0")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("efficientnet_lite0")]
    [InlineData("squeezenet1_1")]
    [InlineData("simple-cnn")]
    public void A_step_is_the_same_and_holds_at_most_half(string name)
    {
        torch.set_num_threads(1);
        using DisposeScope scope = torch.NewDisposeScope();
        using Network model = Formula.Fill(Architecture.Named(name).Build(10));
        Step(model, size: 32); // what a first step makes once
        (double loss, double[] gradients, double[] averages, long held) = Step(model, 96);
        using Network same = Formula.Fill(Architecture.Named(name).Build(10));
        same.Checkpointing = true;
        Step(same, size: 32);
        (double sameLoss, double[] sameGradients, double[] sameAverages, long heldOfThose) = Step(same, 96);
        Assert.Equal(loss, sameLoss);
        Assert.Equal(gradients, sameGradients);
        Assert.Equal(averages, sameAverages);
        Assert.True(heldOfThose <= held / 2, $"{heldOfThose} of {held} bytes are held");
    }

    private static (double Loss, double[] Gradients, double[] Averages, long Held) Step(Network model, int size)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        model.zero_grad();
        torch.manual_seed(5);
        Tensor input = Formula.Of(9, [4, 3, size, size]);
        long before = torch.cpu_memory;
        Tensor loss = nn.functional.cross_entropy(model.forward(input), torch.from_array([1L, 7L, 3L, 0L]));
        long held = torch.cpu_memory - before;
        loss.backward();
        return (loss.ToDouble(), [.. model.parameters().Select(p => p.grad!.norm().ToDouble())], [.. model.named_buffers().Select(b => b.buffer.to(torch.float64).sum().ToDouble())], held);
    }
}
