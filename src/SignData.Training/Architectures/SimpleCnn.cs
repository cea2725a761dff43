using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// A small convolutional network of four blocks (convolution, batch norm, ReLU, max pool) and two dense layers: minutes on a
/// laptop's CPU, the shape that most published sign classifiers began with.
/// </summary>
public sealed class SimpleCnn : Module, IModelFamily
{
    private readonly Module features, classifier;

    private SimpleCnn(int[] filters, int dense, float dropout, int classes)
    {
        List<Module> layers = [];
        int from = 3;
        foreach (int to in filters)
        {
            layers.AddRange([new Conv2d(from, to, 3, padding: 1, bias: false), new BatchNorm2d(to), new ReLU(inplace: true), new MaxPool2d(2)]);
            from = to;
        }
        features = register_module("features", new Sequential([.. layers]));
        classifier = register_module("classifier", new Sequential(
            new AdaptiveAvgPool2d(2), new Flatten(), new Linear(from * 4, dense), new ReLU(inplace: true), new Dropout(dropout), new Linear(dense, classes)));
        foreach (Conv2d convolution in modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: FanInOut.FanOut, nonlinearity: NonlinearityType.ReLU);
        }
    }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        new("simple-cnn", 64, classes => new SimpleCnn([32, 64, 128, 256], 256, 0.3f, classes)),
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => classifier.forward(features.forward(input));
}
