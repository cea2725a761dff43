using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// A small convolutional network of blocks (convolution, batch norm, ReLU, max pool) and two dense layers: minutes on a
/// laptop's CPU, the shape that most published sign classifiers began with.
/// </summary>
public sealed class SimpleCnn : IModelFamily
{
    /// <summary>The only member.</summary>
    public const string Name = "simple-cnn";

    private const int MostFilters = 1024;

    private SimpleCnn() { }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } = [new(Name, 64, Build)];

    private static Network Build(int classes, ModelOptions options)
    {
        List<Module> layers = [];
        int from = options.Channels;
        for (int block = 0; block < options.Blocks; block++)
        {
            int to = (int)Math.Min(Math.Max(MostFilters, options.Filters), (long)options.Filters << block);
            layers.Add(new Conv2d(from, to, options.Kernel, padding: options.Kernel / 2, bias: !options.BatchNorm));
            if (options.BatchNorm)
            {
                layers.Add(new BatchNorm2d(to));
            }
            layers.AddRange([new ReLU(inplace: true), new MaxPool2d(2)]);
            from = to;
        }
        Sequential features = new(layers);
        Network network = new([("features", features)], options.Channels == 1 ? [new Grey(), .. layers] : layers, Head.Of(options, from, classes, () => Head.Chain(
            "classifier", Dense(from, options, classes))));
        Blocks.KaimingFanOut(network);
        return network;
    }

    private static Sequential Dense(int channels, ModelOptions options, int classes) => new(
        new AdaptiveAvgPool2d(2), new Flatten(), new Linear(channels * 4, options.Dense), new ReLU(inplace: true), new Dropout(options.Dropout ?? 0.3), new Linear(options.Dense, classes));

    /// <summary>One channel of luma from three normalised ones: ITU-R BT.601's weights, times ImageNet's deviations, to a sum of one.</summary>
    private sealed class Grey : Module
    {
        private static readonly float[] Weights = [0.299f * 0.229f, 0.587f * 0.224f, 0.114f * 0.225f];

        public override Tensor forward(Tensor input)
        {
            using Tensor weights = torch.from_array(Array.ConvertAll(Weights, weight => weight / Weights.Sum()), 1, 3, 1, 1).to(input.device, input.dtype);
            return (input * weights).sum([1], keepdim: true);
        }
    }
}
