using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class LearnerTests : IDisposable
{
    private const int Size = 32;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Several_batches_to_a_step_are_one_large_batch(string optimizer)
    {
        Sample[] samples = Samples(24);
        File.WriteAllText(samples[5].Path, "no picture");
        TrainOptions options = new() { Optimizer = new() { Name = optimizer, WeightDecay = 0.01, ClipNorm = 0.5 } };
        float[] large = Learn(options, samples, 8), parts = Learn(options with { Accumulate = 4 }, samples, 2);

        Assert.NotEqual(Learn(options, samples, 8, steps: 0), large);
        Assert.All(large.Zip(parts), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    [Fact]
    public void A_last_group_that_is_not_full_is_the_mean_of_what_it_has()
    {
        Sample[] samples = Samples(4);
        TrainOptions options = new() { Optimizer = new() { Name = "sgd" } };
        float[] whole = Learn(options, samples, 4), short_ = Learn(options with { Accumulate = 5 }, samples, 2);
        Assert.All(whole.Zip(short_), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    [Fact]
    public void A_scaled_loss_makes_the_same_steps_and_what_overflows_is_left_out()
    {
        Sample[] samples = Samples(24);
        TrainOptions options = new() { Optimizer = new() { Name = "sgd" }, Average = 0.9 };
        optim.GradScaler gentle = new(init_scale: 1024, growth_interval: 2), wild = new(init_scale: Math.Pow(2, 140), growth_interval: 1000);

        // Powers of two change no digit of a gradient.
        Assert.Equal(Learn(options, samples, 8), Learn(options, samples, 8, scaler: gentle));
        Assert.Equal(2048, gentle.get_scale());

        float[] before = Learn(options, samples, 8, steps: 0);
        Assert.Equal(before, Learn(options, samples, 8, scaler: wild));
        Assert.Equal(Math.Pow(2, 137), wild.get_scale());
    }

    [Fact]
    public void The_average_follows_the_weights_by_its_formula_and_goes_on_from_a_state()
    {
        Sample[] samples = Samples(32);
        TrainOptions options = new() { Average = 0.25, Optimizer = new() { Name = "sgd" } };
        using Classifier classifier = Make(options), again = Make(options);
        using Learner learner = new(classifier, options), resumed = new(again, options);
        float[] expected = Weights(classifier);
        int step = 0;
        foreach (Batch batch in new BatchLoader(samples, Size, 8, 1).InOrder(Looks.One, 1))
        {
            learner.Learn(batch);
            learner.Step(0.05);
            step++;
            double old = Math.Min(0.25, (1.0 + step) / (10 + step));
            expected = [.. expected.Zip(Weights(classifier), (average, now) => (float)((average * old) + (now * (1 - old))))];
            Assert.All(expected.Zip(Weights(learner.Learnt)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.NotEqual(Weights(classifier), Weights(learner.Learnt));
            if (step == 2)
            {
                using StateDict state = new();
                learner.Save(state);
                resumed.Load(state);
            }
            else if (step > 2)
            {
                resumed.Learn(batch);
                resumed.Step(0.05);
            }
        }
        Assert.Equal(Weights(learner.Learnt), Weights(resumed.Learnt));
        Assert.Equal(Weights(classifier), Weights(again));
    }

    [Fact]
    public void The_scaler_goes_on_from_a_state()
    {
        TrainOptions options = new();
        using Classifier classifier = Make(options);
        optim.GradScaler scaler = new(init_scale: 8, growth_interval: 3), other = new(growth_interval: 3);
        using Learner learner = new(classifier, options, scaler: scaler), resumed = new(classifier, options, scaler: other);
        foreach (Batch batch in new BatchLoader(Samples(16), Size, 8, 1).InOrder(Looks.One, 1))
        {
            learner.Learn(batch);
            learner.Step(0.001);
        }
        using StateDict state = new();
        learner.Save(state);
        resumed.Load(state);
        foreach (Batch batch in new BatchLoader(Samples(8), Size, 8, 1).InOrder(Looks.One, 1))
        {
            resumed.Learn(batch);
            resumed.Step(0.001);
        }
        Assert.Equal(16, other.get_scale());
    }

    [Fact]
    public void Nothing_is_left_of_steps_but_what_learns()
    {
        TrainOptions options = new() { Average = 0.9, Accumulate = 2 };
        using Classifier classifier = Make(options);
        using Learner learner = new(classifier, options);
        List<long> live = [];
        BatchLoader loader = new(Samples(8), Size, 4, 1);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (Batch batch in loader.InOrder(Looks.One, 1))
            {
                learner.Learn(batch);
            }
            learner.Step(0.01);
            live.Add(torch.live_tensors);
        }
        Assert.Equal(live[1], live[2]);
    }

    private static float[] Learn(TrainOptions options, Sample[] samples, int size, int steps = int.MaxValue, optim.GradScaler? scaler = null)
    {
        using Classifier classifier = Make(options);
        using Learner learner = new(classifier, options, scaler: scaler);
        int batches = 0;
        foreach (Batch batch in new BatchLoader(samples, Size, size, 1).InOrder(Looks.One, 1).Take(Math.Min(steps, samples.Length / size)))
        {
            learner.Learn(batch);
            if (++batches % options.Accumulate == 0)
            {
                learner.Step(0.01);
            }
        }
        learner.Step(0.01);
        return Weights(learner.Classifier);
    }

    private static Classifier Make(TrainOptions options)
    {
        torch.manual_seed(4);
        Architecture architecture = Architecture.Named("simple-cnn");
        options = options with { Model = new() { Blocks = 2, Filters = 8, Dense = 16, Dropout = 0, BatchNorm = false } };
        return new Classifier(new Card(architecture.Name, ["A", "B", "C"], Size, architecture.Mean, architecture.Std, "fp32", options, "", 0, null), "cpu");
    }

    private static float[] Weights(Classifier classifier) => [.. classifier.Model.parameters().SelectMany(parameter => parameter.detach().data<float>())];

    private Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Image image = new(Size, Size);
        new Random(i).NextBytes(image.Pixels);
        string path = Path.Combine(folder, $"{i}.png");
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, i % 3);
    })];
}
