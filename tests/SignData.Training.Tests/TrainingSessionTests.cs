using SignData.Dataset.Batches;

namespace SignData.Training.Tests;

public sealed class TrainingSessionTests
{
    private static readonly TrainingData Data = new(["A", "B"], [.. Enumerable.Range(0, 8).Select(i => new Sample($"{i}.png", i % 2))], [], 1, "");

    [Fact]
    public void Pictures_are_small_in_the_first_half_of_the_epochs_but_not_for_a_second_network()
    {
        TrainOptions both = new() { Architecture = "simple-cnn", Size = 64, StartSize = 32, Epochs = 2, ReaderEpochs = 4, Batch = 4, Compute = "fp32", CacheMegabytes = 0 };
        Assert.Equal([32, 64], Sizes(both.OfFinder));
        Assert.Equal([64, 64, 64, 64], Sizes(both.OfReader));
    }

    private static int[] Sizes(TrainOptions options)
    {
        using TrainingSession session = new(null, Data, options, null, null, profile: false, null, default);
        return [.. Enumerable.Range(0, options.Epochs).Select(epoch => session.Epoch(epoch).First().Size)];
    }
}
