using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class RecognizerTests : IDisposable
{
    private const int Side = 96;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    private readonly Dictionary<string, HandBox> truth = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Small_signs_off_the_middle_are_found_and_read_better_than_by_the_whole_picture()
    {
        torch.set_num_threads(1);
        torch.manual_seed(1);
        using Classifier reader = Learnt(box: false, epochs: 10, least: 60, most: 90), finder = Learnt(box: true, epochs: 25, least: 18, most: 90);
        Sample[] small = [.. Enumerable.Range(1000, 60).Select(i => Write(i, 18, 22))];
        (double whole, _) = Accuracy(reader, finder, Looks.One, small);
        (double glance, double near) = Accuracy(reader, finder, Looks.Glance, small);
        (double hand, double nearer) = Accuracy(reader, finder, Looks.Hand, small);
        string figures = $"{whole} by the whole, {glance} at {near} by a glance, {hand} at {nearer} by the hand";
        Assert.True(hand > whole + 0.2, figures);
        Assert.True(nearer > near + 0.1 && nearer > 0.4, figures);
    }

    private Classifier Learnt(bool box, int epochs, int least, int most)
    {
        Architecture architecture = Architecture.Named("simple-cnn");
        TrainOptions options = new() { Model = new ModelOptions { Filters = 12, Blocks = 3, Box = box }, BoxWeight = box ? 5 : 0, LabelSmoothing = 0 };
        Classifier classifier = new(new Card(architecture.Name, ["left", "right", "up"], 32, architecture.Mean, architecture.Std, "fp32", options, "", 0, null), "cpu");
        using Learner learner = new(classifier, options);
        BatchLoader frames = new([.. Enumerable.Range(0, 144).Select(i => Write(i, least, most))], 32, 16, 1, FrameCache.For(32, 1 << 26));
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            classifier.Model.train();
            foreach (Batch batch in frames.Shuffled(Recipe.Named("none"), 1, epoch, boxes: box))
            {
                learner.Learn(batch);
                learner.Step(3 * epoch < 2 * epochs ? 0.004 : 0.0005);
            }
        }
        return classifier;
    }

    [Fact]
    public void A_finder_of_its_own_finds_for_another_reader_and_stays_as_it_is_when_that_adapts()
    {
        Architecture architecture = Architecture.Named("simple-cnn");
        Card Card(bool box) => new(architecture.Name, ["A", "B"], 32, architecture.Mean, architecture.Std, "fp32", new TrainOptions { Model = new ModelOptions { Box = box } }, "", 0, null);
        using Classifier reader = new(Card(false), "cpu"), finder = new(Card(true), "cpu");
        string Statistics(Classifier classifier) => string.Join(' ', classifier.Model.modules().OfType<nn.BatchNorm>().Select(norm => norm.running_mean.sum().item<float>()));
        (string read, string found) = (Statistics(reader), Statistics(finder));
        Recognizer recognizer = new(reader, finder, Looks.Hand);
        BatchLoader frames = new([.. Enumerable.Range(0, 5).Select(i => Write(i, 20, 80))], 32, 4, 1);

        int[] batches = [.. recognizer.Judge(frames).Select(seen => seen.Batch.Count)];
        recognizer.Adapt(frames);

        Assert.Equal([4, 1], batches);
        Assert.NotEqual(read, Statistics(reader));
        Assert.Equal(found, Statistics(finder));
    }

    private (double Accuracy, double Overlap) Accuracy(Classifier reader, Classifier finder, Looks looks, Sample[] samples)
    {
        int right = 0;
        double overlap = 0;
        foreach ((Batch batch, float[] probabilities, HandBox?[] boxes) in new Recognizer(reader, finder, looks).Judge(new BatchLoader(samples, 32, 16, 1)))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                float[] row = probabilities[(3 * i)..((3 * i) + 3)];
                right += Array.IndexOf(row, row.Max()) == batch.Labels[i] ? 1 : 0;
                overlap += boxes[i] is { } box ? truth[samples[batch.Indices[i]].Path].Overlap(box) : 0;
            }
        }
        return ((double)right / samples.Length, overlap / samples.Length);
    }

    // A warm square before a cold wall, with a notch in one of three sides.
    private Sample Write(int number, int least, int most)
    {
        Random random = new(number);
        int size = random.Next(least, most + 1), left = random.Next(Side - size), top = random.Next(Side - size), label = number % 3;
        Image image = new(Side, Side);
        for (int i = 0; i < Side * Side; i++)
        {
            (double u, double v) = (((i % Side) - left) / (double)size, ((i / Side) - top) / (double)size);
            bool notch = label switch { 0 => u < 0.5 && v is > 0.4 and < 0.6, 1 => u > 0.5 && v is > 0.4 and < 0.6, _ => v < 0.5 && u is > 0.4 and < 0.6 };
            bool inside = u is >= 0 and < 1 && v is >= 0 and < 1 && !notch;
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = inside ? ((byte)210, (byte)150, (byte)120) : ((byte)(70 + random.Next(9)), (byte)90, (byte)120);
        }
        string path = Path.Combine(folder, $"{number}-{least}.png");
        truth[path] = new HandBox((float)left / Side, (float)top / Side, (float)size / Side, (float)size / Side);
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, label);
    }
}
