using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>EfficientNet (Tan and Le 2019), with torchvision's parameter names and initialisation.</summary>
public sealed class EfficientNet : IModelFamily
{
    private EfficientNet() { }

    /// <summary>A stage of the smallest network of a family, which the others are multiples of (table 1 of the paper).</summary>
    internal readonly record struct Stage(int Expand, int Kernel, int Stride, int To, int Count);

    /// <summary>How a network is made larger: in width, depth and resolution; and the dropout that it was trained with.</summary>
    internal readonly record struct Scale(double Width, double Depth, double Dropout)
    {
        internal int Channels(double channels) => Blocks.Divisible(channels * Width);

        internal int Count(int count) => (int)Math.Ceiling(count * Depth);
    }

    /// <summary>The stages of B0, from 32 channels to 320.</summary>
    internal static IReadOnlyList<Stage> Stages { get; } =
        [new(1, 3, 1, 16, 1), new(6, 3, 2, 24, 2), new(6, 5, 2, 40, 2), new(6, 3, 2, 80, 3), new(6, 5, 1, 112, 3), new(6, 5, 2, 192, 4), new(6, 3, 1, 320, 1)];

    /// <summary>B0 to B4.</summary>
    internal static IReadOnlyList<Scale> Scales { get; } = [new(1.0, 1.0, 0.2), new(1.0, 1.1, 0.2), new(1.1, 1.2, 0.3), new(1.2, 1.4, 0.3), new(1.4, 1.8, 0.4)];

    /// <summary>The greatest probability that a block's branch is dropped; it grows with depth.</summary>
    internal const double DropPath = 0.2;

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
        [.. Scales.Zip((int[])[224, 240, 288, 300, 380]).Select((b, i) => new Architecture($"efficientnet_b{i}", b.Second, (classes, options) => Build(b.First, classes, options)))];

    private static Network Build(Scale scale, int classes, ModelOptions options)
    {
        static Module Norm(int channels) => new BatchNorm2d(channels);
        static Module Activation() => new SiLU();
        int from = scale.Channels(32), blocks = Stages.Sum(stage => scale.Count(stage.Count)), done = 0;
        List<Module> steps = [Blocks.ConvBnAct(3, from, 3, 2, 1, Norm, Activation())];
        foreach (Stage stage in Stages)
        {
            int to = scale.Channels(stage.To);
            steps.Add(new Sequential(Enumerable.Range(0, scale.Count(stage.Count)).Select(i =>
            {
                (int input, from) = (from, to);
                int expanded = Blocks.Divisible(input * stage.Expand);
                SqueezeExcite excite = new(expanded, Math.Max(1, input / 4), Activation(), new Sigmoid(), ("fc1", "fc2"));
                return (Module)new InvertedResidual(input, expanded, to, stage.Kernel, i == 0 ? stage.Stride : 1, Norm, Activation, excite, DropPath * done++ / blocks);
            })));
        }
        int channels = 4 * from;
        steps.Add(Blocks.ConvBnAct(from, channels, 1, 1, 1, Norm, Activation()));
        Network network = new([("features", new Sequential(steps))], steps, Head.Of(options, channels, classes, () => Head.Chain(
            "classifier", new Sequential(new Dropout(options.Dropout ?? scale.Dropout), new Linear(channels, classes)), new AdaptiveAvgPool2d(1), new Flatten())));
        Blocks.KaimingFanOut(network);
        Blocks.UniformByOutputs(network);
        return network;
    }
}
