using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class AdaptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void After_adapting_pictures_are_judged_as_by_the_statistics_of_their_own_batch()
    {
        using Classifier classifier = Make(new ModelOptions { Dropout = 0.5 });
        BatchLoader Pictures() => new(Samples(24), 48, 24, 1);
        float[] own, strange = classifier.Probabilities(Pictures().InOrder(Looks.One, 1).Single());
        using (torch.no_grad())
        {
            foreach (nn.BatchNorm norm in classifier.Model.modules().OfType<nn.BatchNorm>())
            {
                norm.train();
            }
            using DisposeScope scope = torch.NewDisposeScope();
            own = classifier.Logits(Pictures().InOrder(Looks.One, 1).Single()).softmax(1).data<float>();
        }
        string before = Weights(classifier);

        classifier.Adapt(Pictures().InOrder(Looks.One, 1));

        float[] adapted = classifier.Probabilities(Pictures().InOrder(Looks.One, 1).Single());
        Assert.All(own.Zip(adapted), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
        Assert.Contains(own.Zip(strange), pair => Math.Abs(pair.First - pair.Second) > 0.1f);
        Assert.Equal(before, Weights(classifier));
    }

    [Fact]
    public void Batches_count_by_their_pictures()
    {
        using Classifier whole = Make(new ModelOptions()), parts = Make(new ModelOptions());
        whole.Adapt(new BatchLoader(Samples(24), 48, 24, 1).InOrder(Looks.One, 1));
        parts.Adapt(new BatchLoader(Samples(24), 48, 16, 1).InOrder(Looks.One, 1));

        float[] Mean(Classifier classifier) => classifier.Model.modules().OfType<nn.BatchNorm>().First().running_mean.data<float>();
        Assert.All(Mean(whole).Zip(Mean(parts)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Without_BatchNorm_or_with_one_picture_there_is_nothing_to_adapt()
    {
        using Classifier plain = Make(new ModelOptions { BatchNorm = false }), classifier = Make(new ModelOptions());
        Assert.Contains("no BatchNorm", Assert.Throws<InputException>(() => plain.Adapt(new BatchLoader(Samples(2), 48, 2, 1).InOrder(Looks.One, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("give more", Assert.Throws<InputException>(() => classifier.Adapt(new BatchLoader(Samples(1), 48, 2, 1).InOrder(Looks.One, 1))).Message, StringComparison.Ordinal);
    }

    private static Classifier Make(ModelOptions model)
    {
        torch.manual_seed(4);
        Architecture architecture = Architecture.Named("simple-cnn");
        return new Classifier(new Card(architecture.Name, ["A", "B", "C"], 48, architecture.Mean, architecture.Std, "fp32", new TrainOptions { Model = model }, "", 0, null), "cpu");
    }

    private static string Weights(Classifier classifier) =>
        string.Join(';', classifier.Model.named_parameters().Select(p => $"{p.name} {p.parameter.sum().item<float>():R}"));

    private Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Image image = new(48, 48);
        new Random(i).NextBytes(image.Pixels);
        for (int k = 0; k < image.Pixels.Length; k++)
        {
            image.Pixels[k] = (byte)((image.Pixels[k] / 4) + (5 * i));
        }
        string path = Path.Combine(folder, $"{i}.png");
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, Batch.Ignored);
    })];
}
