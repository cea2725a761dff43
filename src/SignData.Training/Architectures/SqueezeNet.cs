using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>SqueezeNet 1.1 (Iandola et al. 2016), with torchvision's parameter names and initialisation.</summary>
public sealed class SqueezeNet : IModelFamily
{
    private SqueezeNet() { }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } = [new("squeezenet1_1", 224, Build)];

    private static Network Build(int classes, ModelOptions options)
    {
        Module[] steps =
        [
            new Conv2d(3, 64, 3, stride: 2), new ReLU(inplace: true), Pool(),
            new Fire(64, 16, 64), new Fire(128, 16, 64), Pool(),
            new Fire(128, 32, 128), new Fire(256, 32, 128), Pool(),
            new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), new Fire(512, 64, 256),
        ];
        Network network = new([("features", new Sequential(steps))], steps, Head.Of(options, 512, classes, () => Own(classes, options.Dropout ?? 0.5)));
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
        {
            if (convolution.weight.shape[0] == classes && network.Head.Trained.modules().Contains(convolution))
            {
                init.normal_(convolution.weight, 0, 0.01);
            }
            else
            {
                init.kaiming_uniform_(convolution.weight);
            }
            init.zeros_(convolution.bias!);
        }
        return network;
    }

    private static Head Own(int classes, double dropout)
    {
        Sequential classifier = new(new Dropout(dropout), new Conv2d(512, classes, 1), new ReLU(inplace: true), new AdaptiveAvgPool2d(1));
        return new Head("classifier", classifier, new Sequential(classifier, new Flatten()));
    }

    private static MaxPool2d Pool() => new(3, stride: 2, ceil_mode: true);

    private sealed class Fire : Module
    {
        private readonly Module squeeze, expand1x1, expand3x3;

        internal Fire(int from, int squeezed, int expanded)
        {
            squeeze = register_module("squeeze", new Conv2d(from, squeezed, 1));
            expand1x1 = register_module("expand1x1", new Conv2d(squeezed, expanded, 1));
            expand3x3 = register_module("expand3x3", new Conv2d(squeezed, expanded, 3, padding: 1));
        }

        public override Tensor forward(Tensor input)
        {
            using Tensor squeezed = squeeze.forward(input).relu_();
            return torch.cat([expand1x1.forward(squeezed).relu_(), expand3x3.forward(squeezed).relu_()], 1);
        }
    }
}
