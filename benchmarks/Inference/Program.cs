// Times a resnet18's forward pass in one mode, a line of milliseconds for each line that asks: peers.py asks, in turn with PyTorch.
//   Inference fp32-channels-last|bf16-channels-last|int8 SIDE
using System.Diagnostics;
using System.Globalization;
using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training;
using SignData.Training.Architectures;
using SignData.Vision;

const int Warm = 3;

torch.set_num_threads(1);
torch.manual_seed(1);
int side = int.Parse(args[1], CultureInfo.InvariantCulture);
Architecture architecture = Architecture.Named("resnet18");
string mode = args[0] == "int8" ? "fp32-channels-last" : args[0];
using Classifier classifier = new(
    new Card(architecture.Name, [.. Enumerable.Range(0, 29).Select(i => $"{i}")], side, architecture.Mean, architecture.Std, mode, new TrainOptions(), "", 0, null), "cpu");
if (args[0] == "int8")
{
    // Any picture will do: time does not depend on the ranges.
    string picture = Path.GetTempFileName() + ".png";
    Image noise = new(side, side);
    new Random(1).NextBytes(noise.Pixels);
    ImageFile.Write(picture, noise);
    classifier.Quantize(new BatchLoader([new Sample(picture, 0)], side, 1, 1));
    File.Delete(picture);
}
classifier.Model.eval();
using IDisposable inference = torch.no_grad();
while (Console.ReadLine() is { } line)
{
    int batch = int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture), times = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    using DisposeScope scope = torch.NewDisposeScope();
    Tensor input = torch.rand([batch, 3, side, side]).contiguous(MemoryFormat.ChannelsLast);
    double[] milliseconds = [.. Enumerable.Range(0, Warm + times).Select(_ =>
    {
        using DisposeScope one = torch.NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        classifier.Outputs(input).Logits.data<float>();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }).Skip(Warm)];
    Console.WriteLine(string.Join(' ', milliseconds.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture))));
}
