using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// Deep Residual Learning for Image Recognition (He et al. 2015), with torchvision's parameter names and initialisation,
/// so that its weights load as they are.
/// </summary>
public sealed class ResNet : IModelFamily
{
    private ResNet() { }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        new("resnet18", 224, (classes, options) => Build(BasicBlock.Expansion, [2, 2, 2, 2], classes, options)),
        new("resnet34", 224, (classes, options) => Build(BasicBlock.Expansion, [3, 4, 6, 3], classes, options)),
        new("resnet50", 224, (classes, options) => Build(Bottleneck.Expansion, [3, 4, 6, 3], classes, options)),
        new("resnet101", 224, (classes, options) => Build(Bottleneck.Expansion, [3, 4, 23, 3], classes, options)),
    ];

    private static Network Build(int expansion, int[] blocks, int classes, ModelOptions options)
    {
        Conv2d conv1 = new(3, 64, 7, stride: 2, padding: 3, bias: false);
        BatchNorm2d bn1 = new(64);
        Sequential stem = new(conv1, bn1, new ReLU(inplace: true), new MaxPool2d(3, stride: 2, padding: 1));
        int from = 64;
        Sequential[] layers = [.. blocks.Select((count, layer) =>
        {
            int width = 64 << layer;
            Sequential stage = new(Enumerable.Range(0, count).Select(i =>
            {
                int input = i == 0 ? from : width * expansion, stride = i == 0 && layer > 0 ? 2 : 1;
                return (Module)(expansion == BasicBlock.Expansion ? new BasicBlock(input, width, stride) : new Bottleneck(input, width, stride));
            }));
            from = width * expansion;
            return stage;
        })];
        Network network = new(
            [("conv1", conv1), ("bn1", bn1), .. layers.Select((layer, i) => ($"layer{i + 1}", (Module)layer))],
            [stem, .. layers],
            Head.Of(options, from, classes, () => Head.Mean("fc", from, classes, options.Dropout ?? 0)));
        Blocks.KaimingFanOut(network);
        return network;
    }

    private static Sequential? Downsample(int from, int to, int stride) =>
        stride == 1 && from == to ? null : new Sequential(new Conv2d(from, to, 1, stride: stride, bias: false), new BatchNorm2d(to));

    private sealed class BasicBlock : Module
    {
        internal const int Expansion = 1;

        private readonly Module conv1, bn1, conv2, bn2;
        private readonly Module? downsample;

        internal BasicBlock(int from, int width, int stride)
        {
            conv1 = register_module("conv1", new Conv2d(from, width, 3, stride: stride, padding: 1, bias: false));
            bn1 = register_module("bn1", new BatchNorm2d(width));
            conv2 = register_module("conv2", new Conv2d(width, width, 3, padding: 1, bias: false));
            bn2 = register_module("bn2", new BatchNorm2d(width));
            downsample = Downsample(from, width, stride) is { } down ? register_module("downsample", down) : null;
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = bn1.forward(conv1.forward(input)).relu_();
            output = bn2.forward(conv2.forward(output));
            return output.add_(downsample?.forward(input) ?? input).relu_();
        }
    }

    private sealed class Bottleneck : Module
    {
        internal const int Expansion = 4;

        private readonly Module conv1, bn1, conv2, bn2, conv3, bn3;
        private readonly Module? downsample;

        // The stride is the middle convolution's, as in torchvision (ResNet v1.5), not the first one's of the paper.
        internal Bottleneck(int from, int width, int stride)
        {
            conv1 = register_module("conv1", new Conv2d(from, width, 1, bias: false));
            bn1 = register_module("bn1", new BatchNorm2d(width));
            conv2 = register_module("conv2", new Conv2d(width, width, 3, stride: stride, padding: 1, bias: false));
            bn2 = register_module("bn2", new BatchNorm2d(width));
            conv3 = register_module("conv3", new Conv2d(width, width * Expansion, 1, bias: false));
            bn3 = register_module("bn3", new BatchNorm2d(width * Expansion));
            downsample = Downsample(from, width * Expansion, stride) is { } down ? register_module("downsample", down) : null;
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = bn1.forward(conv1.forward(input)).relu_();
            output = bn2.forward(conv2.forward(output)).relu_();
            output = bn3.forward(conv3.forward(output));
            return output.add_(downsample?.forward(input) ?? input).relu_();
        }
    }
}
