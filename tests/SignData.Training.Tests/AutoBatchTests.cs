using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training.Tests;

public sealed class AutoBatchTests
{
    private static readonly TrainingData Data = new(["A", "B"], [.. Enumerable.Range(0, 500).Select(i => new Sample($"{i}.png", i % 2))], [], 1, "");
    private static readonly TrainOptions Options = new() { Architecture = "simple-cnn", Size = 64, Batch = 100, Accumulate = 2, AutoBatch = true, CacheMegabytes = 0 };

    [Fact]
    public void A_step_is_cut_into_equal_batches()
    {
        TrainOptions parts = Options.InBatchesOf(30);
        Assert.Equal((25, 8), (parts.Batch, parts.Accumulate));
        Assert.Equal(Options, Options.InBatchesOf(100));
    }

    [Fact]
    public void More_memory_holds_more_pictures_up_to_the_batch()
    {
        List<string> said = [];
        int few = Fit(64, said), twice = Fit(128, said), all = Fit(100_000, said);
        Assert.InRange(few, 2, 40);
        Assert.InRange(twice, few + (few / 2), 100);
        Assert.Equal(100, all);
        Assert.Contains("of them make a step", said[0], StringComparison.Ordinal);
        Assert.Contains("A batch of 100 fits", said[2], StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_at_all_is_told_with_the_way_out() =>
        Assert.Contains("--checkpointing", Assert.Throws<InputException>(() => Fit(8, [])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_allocation_that_fails_is_known_as_one_and_told_with_the_way_out()
    {
        TorchException error = Assert.Throws<TorchException>(() => torch.empty([1L << 46]));
        Assert.True(OutOfMemory.Says(error));
        Assert.Contains("--auto-batch", OutOfMemory.Told(Options, error).Message, StringComparison.Ordinal);
        Assert.False(OutOfMemory.Says(Assert.Throws<TorchException>(() => torch.ones([2]).view(3))));
    }

    private static int Fit(int megabytes, List<string> said) => AutoBatch.Fit(
        Architecture.Named("simple-cnn"), Data, Options with { MemoryMegabytes = megabytes }, ComputeMode.Named("fp32"), "cpu", said.Add, default);
}
