using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>Searching for MobileNetV3 (Howard et al. 2019), with torchvision's parameter names and initialisation.</summary>
public sealed class MobileNetV3 : IModelFamily
{
    private MobileNetV3() { }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        new("mobilenet_v3_small", 224, (classes, options) => Build(Small, 1024, classes, options)),
        new("mobilenet_v3_large", 224, (classes, options) => Build(Large, 1280, classes, options)),
    ];

    // Tables 1 and 2 of the paper; RE and HS are ReLU and hard swish, SE is squeeze-and-excitation.
    private readonly record struct Row(int Kernel, int Expanded, int To, bool Excite, bool HardSwish, int Stride);

    private static Row[] Small =>
    [
        new(3, 16, 16, true, false, 2), new(3, 72, 24, false, false, 2), new(3, 88, 24, false, false, 1), new(5, 96, 40, true, true, 2),
        new(5, 240, 40, true, true, 1), new(5, 240, 40, true, true, 1), new(5, 120, 48, true, true, 1), new(5, 144, 48, true, true, 1),
        new(5, 288, 96, true, true, 2), new(5, 576, 96, true, true, 1), new(5, 576, 96, true, true, 1),
    ];

    private static Row[] Large =>
    [
        new(3, 16, 16, false, false, 1), new(3, 64, 24, false, false, 2), new(3, 72, 24, false, false, 1), new(5, 72, 40, true, false, 2),
        new(5, 120, 40, true, false, 1), new(5, 120, 40, true, false, 1), new(3, 240, 80, false, true, 2), new(3, 200, 80, false, true, 1),
        new(3, 184, 80, false, true, 1), new(3, 184, 80, false, true, 1), new(3, 480, 112, true, true, 1), new(3, 672, 112, true, true, 1),
        new(5, 672, 160, true, true, 2), new(5, 960, 160, true, true, 1), new(5, 960, 160, true, true, 1),
    ];

    private static Network Build(Row[] rows, int hidden, int classes, ModelOptions options)
    {
        static Module Norm(int channels) => new BatchNorm2d(channels, eps: 1e-3, momentum: 0.01);
        int from = 16;
        List<Module> steps = [Blocks.ConvBnAct(3, from, 3, 2, 1, Norm, new Hardswish())];
        foreach (Row row in rows)
        {
            SqueezeExcite? excite = row.Excite ? new(row.Expanded, Blocks.Divisible(row.Expanded / 4), new ReLU(inplace: true), new Hardsigmoid(), ("fc1", "fc2")) : null;
            steps.Add(new InvertedResidual(from, row.Expanded, row.To, row.Kernel, row.Stride, Norm, () => row.HardSwish ? new Hardswish() : new ReLU(inplace: true), excite));
            from = row.To;
        }
        int channels = 6 * from;
        steps.Add(Blocks.ConvBnAct(from, channels, 1, 1, 1, Norm, new Hardswish()));
        Network network = new([("features", new Sequential(steps))], steps, Head.Of(options, channels, classes, () => Head.Chain(
            "classifier", new Sequential(new Linear(channels, hidden), new Hardswish(), new Dropout(options.Dropout ?? 0.2), new Linear(hidden, classes)), new AdaptiveAvgPool2d(1), new Flatten())));
        Blocks.KaimingFanOut(network);
        foreach (Linear layer in network.modules().OfType<Linear>())
        {
            init.normal_(layer.weight, 0, 0.01);
            if (layer.bias is { } bias)
            {
                init.zeros_(bias);
            }
        }
        return network;
    }
}
