using SignData.Dataset.Batches;

namespace SignData.Training.Tests;

public sealed class TrainingSessionTests
{
    private static readonly TrainingData Data = new(["A", "B"], [.. Enumerable.Range(0, 8).Select(i => new Sample($"{i}.png", i % 2))], [], 1, "");

    [Fact]
    public void Each_network_of_a_run_sees_small_pictures_in_the_first_half_of_its_epochs()
    {
        TrainOptions both = new() { Architecture = "simple-cnn", Size = 64, StartSize = 32, Epochs = 2, ReaderEpochs = 4, Batch = 4, Compute = "fp32", CacheMegabytes = 0 };
        Assert.Equal([32, 64], Sizes(both.OfFinder));
        Assert.Equal([32, 32, 64, 64], Sizes(both.OfReader));
    }

    private static int[] Sizes(TrainOptions options)
    {
        using TrainingSession session = new(null, Data, options, null, null, profile: false, null, default);
        return [.. Enumerable.Range(0, options.Epochs).Select(epoch => session.Epoch(epoch).First().Size)];
    }
}
