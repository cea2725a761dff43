using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class BoxTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("resnet18")]
    [InlineData("squeezenet1_1")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("densenet121")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("simple-cnn")]
    public void Every_body_takes_a_box_output_beside_its_head(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Network plain = Architecture.Named(name).Build(3), model = Architecture.Named(name).Build(3, new ModelOptions { Box = true });
        (Tensor logits, Tensor? box) = model.Outputs(torch.rand([2, 3, 64, 64]));
        Assert.Equal([2, 3], logits.shape);
        Assert.Equal([2, 3], box!.shape);
        (logits.sum() + box.sum()).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null, p.name));
        Assert.Equal(plain.named_parameters().Select(p => p.name).Order(), model.named_parameters().Select(p => p.name).Where(p => !p.StartsWith("box.", StringComparison.Ordinal)).Order());
        Assert.Null(plain.Outputs(torch.rand([2, 3, 64, 64])).Box);
    }

    [Fact]
    public void A_box_is_learnt_where_it_is_known_found_again_and_kept_in_the_checkpoint()
    {
        torch.set_num_threads(1);
        Sample[] samples = [.. Enumerable.Range(0, 48).Select(Write)];
        using Classifier classifier = Make(box: true);
        using Learner learner = new(classifier, classifier.Card.Options);
        BatchLoader loader = new(samples, 32, 16, 1, FrameCache.For(32, 1 << 24));
        for (int epoch = 0; epoch < 30; epoch++)
        {
            classifier.Model.train();
            foreach (Batch batch in loader.Shuffled(SignData.Dataset.Augmenting.Recipe.Named("none"), 1, epoch, boxes: true))
            {
                learner.Learn(batch);
                learner.Step(epoch < 20 ? 0.005 : 0.001);
            }
        }
        string path = Path.Combine(folder, "box.safetensors");
        classifier.Save(path, 1, null);
        using Classifier loaded = Classifier.Load(path, "cpu");
        Validation validation = Validation.Of(loaded, loaded, loader);
        Assert.InRange(validation.BoxOverlap!.Value, 0.6, 1);
        Assert.Equal(validation, Validation.Of(classifier, classifier, loader));
    }

    [Fact]
    public void A_picture_without_a_hand_has_no_box()
    {
        Sample hand = Write(3);
        foreach (Batch batch in new BatchLoader([hand, hand with { HasHand = false }], 32, 2, 1).Shuffled(SignData.Dataset.Augmenting.Recipe.Named("none"), 1, 0, boxes: true))
        {
            Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(batch.Indices[i] == 0, batch.Boxes[i] is not null));
        }
    }

    [Fact]
    public void Looks_at_the_hand_are_refused_to_a_model_that_does_not_find_it()
    {
        using Classifier classifier = Make(box: false);
        Assert.Contains("--looks several", Assert.Throws<InputException>(() => new Recognizer(classifier, classifier, Looks.Hand)).Message, StringComparison.Ordinal);
    }

    private static Classifier Make(bool box)
    {
        torch.manual_seed(4);
        Architecture architecture = Architecture.Named("simple-cnn");
        TrainOptions options = new() { Model = new ModelOptions { Filters = 8, Blocks = 3, Box = box }, BoxWeight = box ? 3 : 0 };
        return new Classifier(new Card(architecture.Name, ["A", "B", "C"], 32, architecture.Mean, architecture.Std, "fp32", options, "", 0, null), "cpu");
    }

    // A warm disc somewhere before a cold wall.
    private Sample Write(int number)
    {
        Random random = new(number);
        int side = 80, radius = random.Next(14, 26), x = random.Next(radius, side - radius), y = random.Next(radius, side - radius);
        Image image = new(side, side);
        for (int i = 0; i < side * side; i++)
        {
            bool inside = ((i % side) - x) * ((i % side) - x) + (((i / side) - y) * ((i / side) - y)) < radius * radius;
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = inside ? ((byte)210, (byte)150, (byte)120) : ((byte)(70 + random.Next(9)), (byte)90, (byte)120);
        }
        string path = Path.Combine(folder, $"{number}.png");
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, number % 3);
    }
}
