using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// EfficientNet and EfficientNet-Lite in timm's parameter names. Those named tf_ take weights that TensorFlow trained: they pad as it does (SAME:
/// the odd pixel goes below and to the right) and add 1e-3 to variances. The Lite ones have ReLU6 and no squeeze-and-excitation, and their ends are
/// not widened: made for phones and for int8.
/// </summary>
public sealed class TimmEfficientNet : IModelFamily
{
    private TimmEfficientNet() { }

    private sealed record Kind(bool TensorFlow, bool Lite)
    {
        internal double Epsilon => TensorFlow ? 1e-3 : 1e-5;
    }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        .. EfficientNet.Scales.Zip((int[])[224, 240, 260, 300, 380]).SelectMany((b, i) => (Architecture[])
        [
            Member($"tf_efficientnet_b{i}", b.Second, new Kind(TensorFlow: true, Lite: false), b.First),
            Member($"efficientnet_lite{i}", b.Second, new Kind(TensorFlow: false, Lite: true), b.First with { Dropout = i < 2 ? 0.2 : 0.3 }),
            Member($"tf_efficientnet_lite{i}", b.Second, new Kind(TensorFlow: true, Lite: true), b.First with { Dropout = i < 2 ? 0.2 : 0.3 }) with
            {
                Mean = [0.5f, 0.5f, 0.5f], Std = [0.5f, 0.5f, 0.5f],
            },
        ]),
    ];

    private static Architecture Member(string name, int size, Kind kind, EfficientNet.Scale scale) => new(name, size, (classes, options) => Build(kind, scale, classes, options));

    private static Network Build(Kind kind, EfficientNet.Scale scale, int classes, ModelOptions options)
    {
        int Count(int stage) => kind.Lite && (stage == 0 || stage == EfficientNet.Stages.Count - 1) ? 1 : scale.Count(EfficientNet.Stages[stage].Count);
        int from = kind.Lite ? 32 : scale.Channels(32), channels = kind.Lite ? 1280 : scale.Channels(1280);
        int blocks = Enumerable.Range(0, EfficientNet.Stages.Count).Sum(Count), done = 0;
        Conv2d stem = Convolution(kind, 3, from, 3, 2, 1);
        BatchNorm2d bn1 = new(from, kind.Epsilon);
        List<Module> stages = [];
        foreach ((int index, EfficientNet.Stage stage) in EfficientNet.Stages.Index())
        {
            int to = scale.Channels(stage.To);
            stages.Add(new Sequential(Enumerable.Range(0, Count(index)).Select(i =>
            {
                (int input, from) = (from, to);
                return (Module)new Block(kind, input, stage.Expand, to, stage.Kernel, i == 0 ? stage.Stride : 1, EfficientNet.DropPath * done++ / blocks);
            })));
        }
        Conv2d top = Convolution(kind, from, channels, 1, 1, 1);
        BatchNorm2d bn2 = new(channels, kind.Epsilon);
        Network network = new(
            [("conv_stem", stem), ("bn1", bn1), ("blocks", new Sequential(stages)), ("conv_head", top), ("bn2", bn2)],
            [new Sequential(Padding(kind, 3, 2), stem, bn1, Activation(kind)), .. stages, new Sequential(top, bn2, Activation(kind))],
            Head.Of(options, channels, classes, () => Head.Mean("classifier", channels, classes, options.Dropout ?? scale.Dropout)));
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
        {
            // TensorFlow's own: a depthwise convolution's outputs are counted per map.
            long[] shape = convolution.weight.shape;
            long out1 = shape[1] == 1 ? 1 : shape[0];
            init.normal_(convolution.weight, 0, Math.Sqrt(2.0 / (shape[2] * shape[3] * out1)));
            if (convolution.bias is { } bias)
            {
                init.zeros_(bias);
            }
        }
        Blocks.UniformByOutputs(network);
        return network;
    }

    private static Module Activation(Kind kind) => kind.Lite ? new ReLU6(inplace: true) : new SiLU();

    private static bool PadsItself(Kind kind, int stride) => !kind.TensorFlow || stride == 1;

    private static Conv2d Convolution(Kind kind, int from, int to, int kernel, int stride, int groups) =>
        new(from, to, kernel, stride, padding: PadsItself(kind, stride) ? (kernel - 1) / 2 : 0, groups: groups, bias: false);

    private static Module Padding(Kind kind, int kernel, int stride) => PadsItself(kind, stride) ? new Identity() : new SamePad(kernel, stride);

    /// <summary>Zeros around a picture so that a convolution's output has a stride-th of its side, rounded up.</summary>
    private sealed class SamePad(int kernel, int stride) : Module
    {
        public override Tensor forward(Tensor input)
        {
            long Needed(long side) => Math.Max(0, (((side + stride - 1) / stride - 1) * stride) + kernel - side);
            long[] shape = input.shape;
            long high = Needed(shape[2]), wide = Needed(shape[3]);
            return torch.call("constant_pad_nd", input, (long[])[wide / 2, wide - (wide / 2), high / 2, high - (high / 2)])[0];
        }
    }

    private sealed class Block : Module
    {
        private readonly Module[] steps;
        private readonly Module drop;
        private readonly bool residual;

        internal Block(Kind kind, int from, int expand, int to, int kernel, int stride, double dropPath)
        {
            residual = stride == 1 && from == to;
            drop = register_module("drop_path", new DropPath(dropPath));
            int wide = Architectures.Blocks.Divisible(from * expand), normalised = 0;
            Module Norm(int channels) => register_module($"bn{++normalised}", new BatchNorm2d(channels, kind.Epsilon));
            List<Module> chain = [];
            if (expand > 1)
            {
                chain.AddRange([register_module("conv_pw", Convolution(kind, from, wide, 1, 1, 1)), Norm(wide), Activation(kind)]);
            }
            chain.AddRange([Padding(kind, kernel, stride), register_module("conv_dw", Convolution(kind, wide, wide, kernel, stride, wide)), Norm(wide), Activation(kind)]);
            if (!kind.Lite)
            {
                chain.Add(register_module("se", new SqueezeExcite(wide, from / 4, Activation(kind), new Sigmoid(), ("conv_reduce", "conv_expand"))));
            }
            chain.AddRange([register_module(expand > 1 ? "conv_pwl" : "conv_pw", Convolution(kind, wide, to, 1, 1, 1)), Norm(to)]);
            steps = [.. chain];
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = steps.Aggregate(input, (current, step) => step.forward(current));
            return residual ? drop.forward(output).add_(input) : output;
        }
    }
}
