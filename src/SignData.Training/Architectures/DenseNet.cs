using System.Text.RegularExpressions;
using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>Densely Connected Convolutional Networks (Huang et al. 2016), with torchvision's parameter names and initialisation.</summary>
public sealed partial class DenseNet : IModelFamily
{
    private const int Growth = 32, BottleneckWidth = 4 * Growth;

    private DenseNet() { }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        new("densenet121", 224, (classes, options) => Build([6, 12, 24, 16], classes, options)) { SmallestSize = 32, Rename = WithoutInnerDots },
    ];

    // Weights published before 2018 call a dense layer's first normalisation norm.1, which a module cannot be named.
    private static string WithoutInnerDots(string name) => InnerDot().Replace(name, "$1$2");

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))\.([12]\.)")]
    private static partial Regex InnerDot();

    private static Network Build(int[] blocks, int classes, ModelOptions options)
    {
        int channels = 2 * Growth;
        List<(string Name, Module Module)> features =
        [
            ("conv0", new Conv2d(3, channels, 7, stride: 2, padding: 3, bias: false)), ("norm0", new BatchNorm2d(channels)),
            ("relu0", new ReLU(inplace: true)), ("pool0", new MaxPool2d(3, stride: 2, padding: 1)),
        ];
        for (int block = 0; block < blocks.Length; block++)
        {
            features.Add(($"denseblock{block + 1}", new DenseBlock(channels, blocks[block])));
            channels += blocks[block] * Growth;
            if (block < blocks.Length - 1)
            {
                features.Add(($"transition{block + 1}", Transition(channels)));
                channels /= 2;
            }
        }
        features.Add(("norm5", new BatchNorm2d(channels)));
        Sequential body = new(features);
        Network network = new([("features", body)], [.. features.Select(feature => feature.Module), new ReLU(inplace: true)],
            Head.Of(options, channels, classes, () => Head.Mean("classifier", channels, classes, options.Dropout ?? 0)));
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight);
        }
        foreach (Linear layer in network.modules().OfType<Linear>().Where(layer => layer.bias is not null))
        {
            init.zeros_(layer.bias!);
        }
        return network;
    }

    private static Sequential Transition(int from) => new(
        ("norm", new BatchNorm2d(from)), ("relu", new ReLU(inplace: true)), ("conv", new Conv2d(from, from / 2, 1, bias: false)), ("pool", new AvgPool2d(2, stride: 2)));

    private sealed class DenseBlock : Module
    {
        private readonly DenseLayer[] layers;

        internal DenseBlock(int from, int count) =>
            layers = [.. Enumerable.Range(0, count).Select(i => register_module($"denselayer{i + 1}", new DenseLayer(from + (i * Growth))))];

        public override Tensor forward(Tensor input)
        {
            List<Tensor> maps = [input];
            foreach (DenseLayer layer in layers)
            {
                using Tensor all = torch.cat([.. maps], 1);
                maps.Add(layer.forward(all));
            }
            return torch.cat([.. maps], 1);
        }
    }

    private sealed class DenseLayer : Module
    {
        private readonly Module norm1, conv1, norm2, conv2;

        internal DenseLayer(int from)
        {
            norm1 = register_module("norm1", new BatchNorm2d(from));
            conv1 = register_module("conv1", new Conv2d(from, BottleneckWidth, 1, bias: false));
            norm2 = register_module("norm2", new BatchNorm2d(BottleneckWidth));
            conv2 = register_module("conv2", new Conv2d(BottleneckWidth, Growth, 3, padding: 1, bias: false));
        }

        public override Tensor forward(Tensor input) =>
            conv2.forward(norm2.forward(conv1.forward(norm1.forward(input).relu_())).relu_());
    }
}
