using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// Deep Residual Learning for Image Recognition (He et al. 2015), with torchvision's parameter names and initialisation,
/// so that its weights load as they are.
/// </summary>
public sealed class ResNet : Module, IModelFamily
{
    private readonly Module stem, layer1, layer2, layer3, layer4, pool, fc;

    private ResNet(int[] blocks, int classes)
    {
        Conv2d conv1 = register_module("conv1", new Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false));
        BatchNorm2d bn1 = register_module("bn1", new BatchNorm2d(64));
        stem = new Sequential(conv1, bn1, new ReLU(inplace: true), new MaxPool2d(3, stride: 2, padding: 1));
        layer1 = register_module("layer1", Stage(64, 64, blocks[0], stride: 1));
        layer2 = register_module("layer2", Stage(64, 128, blocks[1], stride: 2));
        layer3 = register_module("layer3", Stage(128, 256, blocks[2], stride: 2));
        layer4 = register_module("layer4", Stage(256, 512, blocks[3], stride: 2));
        pool = new Sequential(new AdaptiveAvgPool2d(1), new Flatten());
        fc = register_module("fc", new Linear(512, classes));
        foreach (Conv2d convolution in modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: FanInOut.FanOut, nonlinearity: NonlinearityType.ReLU);
        }
    }

    /// <inheritdoc/>
    public static IReadOnlyList<Architecture> Members { get; } =
    [
        new("resnet18", 224, classes => new ResNet([2, 2, 2, 2], classes)),
    ];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        fc.forward(pool.forward(layer4.forward(layer3.forward(layer2.forward(layer1.forward(stem.forward(input)))))));

    private static Sequential Stage(int from, int to, int blocks, int stride) =>
        new([.. Enumerable.Range(0, blocks).Select(i => (Module)(i == 0 ? new BasicBlock(from, to, stride) : new BasicBlock(to, to, 1)))]);

    private sealed class BasicBlock : Module
    {
        private readonly Module conv1, bn1, conv2, bn2;
        private readonly Module? downsample;

        public BasicBlock(int from, int to, int stride)
        {
            conv1 = register_module("conv1", new Conv2d(from, to, 3, stride: stride, padding: 1, bias: false));
            bn1 = register_module("bn1", new BatchNorm2d(to));
            conv2 = register_module("conv2", new Conv2d(to, to, 3, padding: 1, bias: false));
            bn2 = register_module("bn2", new BatchNorm2d(to));
            if (stride != 1 || from != to)
            {
                downsample = register_module("downsample", new Sequential(new Conv2d(from, to, 1, stride: stride, bias: false), new BatchNorm2d(to)));
            }
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = bn1.forward(conv1.forward(input)).relu_();
            output = bn2.forward(conv2.forward(output));
            return output.add_(downsample is null ? input : downsample.forward(input)).relu_();
        }
    }
}
