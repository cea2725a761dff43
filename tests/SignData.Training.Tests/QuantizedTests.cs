using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Training.Quantizing;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class QuantizedTests : IDisposable
{
    private const int Size = 64;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    public void With_folded_normalisations_the_body_is_the_same(string architecture)
    {
        using Classifier classifier = Make(architecture, "own");
        BatchLoader Pictures() => new(Samples(8), Size, 8, 1);
        classifier.Adapt(Pictures().InOrder(Looks.One, 1));
        float[] expected = Logits(classifier, Pictures());
        using QuantizedBody body = QuantizedBody.Of(classifier.Model)!;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.no_grad();
        float[] found = classifier.Model.Head.Function.forward(body.Observe(classifier.Input(Pictures().InOrder(Looks.One, 1).Single()))).data<float>();
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-2f));
    }

    [Fact]
    public void Eight_bits_judge_like_floats_and_so_does_the_file()
    {
        using Classifier classifier = Make("resnet18", "dense");
        BatchLoader Pictures() => new(Samples(24), Size, 24, 1);
        classifier.Adapt(Pictures().InOrder(Looks.One, 1));
        float[] floats = Logits(classifier, Pictures());

        classifier.Quantize(Pictures());

        float[] bytes = Logits(classifier, Pictures());
        double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(value => (double)value * value));
        double mean = floats.Average();
        Assert.NotEqual(floats, bytes);
        Assert.InRange(Norm(floats.Zip(bytes, (a, b) => a - b)), 0, 0.15 * Norm(floats.Select(value => (float)(value - mean))));

        string file = Path.Combine(folder, "int8.safetensors");
        classifier.Save(file, 1, null);
        using Classifier loaded = Classifier.Load(file, "cpu");
        Assert.Equal(bytes, Logits(loaded, Pictures()));
        // Learning goes on in floats.
        loaded.Model.train();
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.True(loaded.Logits(Pictures().InOrder(Looks.One, 1).First()).requires_grad);
    }

    [Fact]
    public void Only_resnets_are_quantized_and_ranges_of_another_network_are_refused()
    {
        using Classifier other = Make("simple-cnn", "own"), classifier = Make("resnet18", "own");
        Assert.Contains("resnet18", Assert.Throws<InputException>(() => other.Quantize(new BatchLoader(Samples(2), Size, 2, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("resnet18", Assert.Throws<InputException>(() => new TrainOptions { Architecture = "simple-cnn", Quantize = true }.Validate()).Message, StringComparison.Ordinal);

        classifier.Quantize(new BatchLoader(Samples(4), Size, 4, 1));
        string file = Path.Combine(folder, "int8.safetensors");
        foreach (ActivationRange[] ranges in (ActivationRange[][])[[.. classifier.Card.Ranges!.Skip(1)], [.. classifier.Card.Ranges!.Select(range => new ActivationRange(range.High, range.Low))]])
        {
            using Classifier forged = new(classifier.Card with { Ranges = ranges }, "cpu");
            forged.Save(file, 1, null);
            Assert.Contains(file, Assert.Throws<InputException>(() => Classifier.Load(file, "cpu")).Message, StringComparison.Ordinal);
        }
    }

    private static Classifier Make(string name, string head)
    {
        torch.manual_seed(4);
        Architecture architecture = Architecture.Named(name);
        return new Classifier(new Card(name, ["A", "B", "C", "D", "E"], Size, architecture.Mean, architecture.Std, "fp32", new TrainOptions { Model = new() { Head = head, HeadWidth = 32 } }, "", 0, null), "cpu");
    }

    private static float[] Logits(Classifier classifier, BatchLoader frames)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.no_grad();
        classifier.Model.eval();
        return classifier.Logits(frames.InOrder(Looks.One, 1).Single()).data<float>();
    }

    private Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Image image = new(Size, Size);
        Random random = new(i);
        // Boxes of colour: pictures that differ more than noise does.
        Canvas.Fill(image, 0, 0, Size, Size, random.Next(1 << 24));
        for (int box = 0; box < 6; box++)
        {
            Canvas.Fill(image, random.Next(Size), random.Next(Size), random.Next(8, 40), random.Next(8, 40), random.Next(1 << 24));
        }
        string path = Path.Combine(folder, $"{i}.png");
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, i % 5);
    })];
}
