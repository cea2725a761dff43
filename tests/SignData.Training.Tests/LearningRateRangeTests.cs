using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class LearningRateRangeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_suggestion_lies_within_the_fall_and_the_plot_shows_it()
    {
        // Flat to 1e-4, down to 1e-2, up again.
        RatePoint[] points = [.. Enumerable.Range(0, 100).Select(i => Math.Pow(10, -7 + (i * 8.0 / 99))).Select(rate =>
            new RatePoint(rate, 2 - Math.Clamp(Math.Log10(rate) + 4, 0, 2) + (rate > 0.01 ? 3 * (Math.Log10(rate) + 2) : 0)))];
        LearningRateRange range = LearningRateRange.Of(points);

        Assert.InRange(range.Suggestion, 5e-4, 2e-3);
        Image plot = LearningRatePlot.Of(range);
        Assert.InRange(Enumerable.Range(0, plot.Width).Count(x => Reds(plot, x) > 200), 1, 3);
    }

    [Fact]
    public void A_loss_that_never_falls_is_told()
    {
        RatePoint[] points = [.. Enumerable.Range(0, 40).Select(i => new RatePoint(1e-7 * (i + 1), 1 + i))];
        Assert.Contains("did not fall", Assert.Throws<InputException>(() => LearningRateRange.Of(points)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_test_everything_is_as_before()
    {
        TrainOptions options = new()
        {
            Architecture = "simple-cnn", Size = 32, Batch = 8, Compute = "fp32", Threads = 1, Augment = "none", Model = new() { Blocks = 2, Filters = 8, Dense = 16 },
        };
        TrainingData data = new(["A", "B", "C"], Samples(24), [], 1, "");
        using TrainingSession session = new(null, data, options, null, null, profile: false, null, default);
        string before = State(session);
        IReadOnlyList<RatePoint> points = LearningRateRange.Losses(session, null, default);

        Assert.InRange(points.Count, 20, 100);
        Assert.Equal(1e-7, points[0].Rate, 1e-12);
        Assert.True(points.Zip(points.Skip(1)).All(pair => pair.Second.Rate > pair.First.Rate));
        Assert.Equal(before, State(session));
        // As if there had been no test, steps that follow go the same way.
        Assert.Equal(Trained(data, options, test: false), Trained(data, options, test: true));
    }

    private static string Trained(TrainingData data, TrainOptions options, bool test)
    {
        using TrainingSession session = new(null, data, options, null, null, profile: false, null, default);
        if (test)
        {
            LearningRateRange.Losses(session, null, default);
        }
        foreach (Batch batch in session.Epoch(0))
        {
            session.Learner.Learn(batch);
            session.Learner.Step(0.01);
        }
        return State(session);
    }

    private static string State(TrainingSession session)
    {
        using StateDict state = new();
        session.Learner.Save(state);
        using DisposeScope scope = torch.NewDisposeScope();
        IEnumerable<string> numbers = state.Where(entry => !entry.Key.Contains("exp_avg", StringComparison.Ordinal) || entry.Value.abs().sum().ToDouble() > 0)
            .Where(entry => entry.Key != "optimizer.lr")
            .Select(entry => $"{entry.Key} {entry.Value.to(torch.float64).sum().ToDouble():R} {entry.Value.to(torch.float64).norm().ToDouble():R}");
        return string.Join(';', numbers) + Convert.ToHexString(torch.get_rng_state().data<byte>());
    }

    private static int Reds(Image picture, int x) => Enumerable.Range(0, picture.Height).Count(y => picture.Row(y)[3 * x] == 0xC0 && picture.Row(y)[(3 * x) + 1] == 0x39);

    private Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Image image = new(32, 32);
        new Random(i).NextBytes(image.Pixels);
        string path = Path.Combine(folder, $"{i}.png");
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, i % 3);
    })];
}
