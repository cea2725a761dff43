using SignData.Dataset.Batches;

namespace SignData.Training.Tests;

public sealed class TrainingSessionTests : IDisposable
{
    private static readonly TrainingData Data = new(["A", "B"], [.. Enumerable.Range(0, 8).Select(i => new Sample($"{i}.png", i % 2))], [], 1, "");

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Pictures_are_small_in_the_first_half_of_the_epochs_but_not_for_a_second_network()
    {
        TrainOptions both = new() { Architecture = "simple-cnn", Size = 64, StartSize = 32, Epochs = 2, ReaderEpochs = 4, Batch = 4, Compute = "fp32", CacheMegabytes = 0 };
        Assert.Equal([32, 64], Sizes(both.OfFinder));
        Assert.Equal([64, 64, 64, 64], Sizes(both.OfReader));
    }

    [Fact]
    public void A_second_network_computes_as_the_first_does_without_timing_anew()
    {
        TrainOptions both = new() { Architecture = "simple-cnn", Size = 32, Epochs = 2, ReaderEpochs = 2, Batch = 4, CacheMegabytes = 0 };
        string checkpoint = Path.Combine(folder, "finder.safetensors");
        using (TrainingSession first = new(null, Data, both.OfFinder with { Compute = "fp32-channels-last" }, null, null, profile: false, null, default))
        {
            first.Learner.Classifier.Save(checkpoint, 1, null);
        }
        List<string> said = [];
        using TrainingSession second = new(null, Data, both.OfReader, checkpoint, null, profile: false, said.Add, default);
        Assert.Equal("fp32-channels-last", second.Learner.Classifier.Card.Compute);
        Assert.DoesNotContain(said, line => line.StartsWith("Computing in", StringComparison.Ordinal));
    }

    private static int[] Sizes(TrainOptions options)
    {
        using TrainingSession session = new(null, Data, options, null, null, profile: false, null, default);
        return [.. Enumerable.Range(0, options.Epochs).Select(epoch => session.Epoch(epoch).First().Size)];
    }
}
