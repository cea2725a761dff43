namespace SignData.Torch.Tests;

/// <summary>resnet18 (He et al., 2015) in torchvision's names: a network large enough to prove the layers together.</summary>
internal sealed class ResNet : nn.Module
{
    private readonly nn.Module[] stages;
    private readonly nn.Linear fc;

    internal ResNet(long labels)
    {
        stages =
        [
            register_module("conv1", new nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false)),
            register_module("bn1", new nn.BatchNorm2d(64)),
            new nn.ReLU(inplace: true),
            new nn.MaxPool2d(3, stride: 2, padding: 1),
            register_module("layer1", new nn.Sequential(new Block(64, 64, 1), new Block(64, 64, 1))),
            register_module("layer2", new nn.Sequential(new Block(64, 128, 2), new Block(128, 128, 1))),
            register_module("layer3", new nn.Sequential(new Block(128, 256, 2), new Block(256, 256, 1))),
            register_module("layer4", new nn.Sequential(new Block(256, 512, 2), new Block(512, 512, 1))),
            new nn.AdaptiveAvgPool2d(1),
            new nn.Flatten(),
        ];
        fc = register_module("fc", new nn.Linear(512, labels));
    }

    public override Tensor forward(Tensor input) => fc.forward(stages.Aggregate(input, (x, stage) => stage.forward(x)));

    private sealed class Block : nn.Module
    {
        private readonly nn.Conv2d conv1, conv2;
        private readonly nn.BatchNorm2d bn1, bn2;
        private readonly nn.Sequential? downsample;

        internal Block(long planesIn, long planes, long stride)
        {
            conv1 = register_module("conv1", new nn.Conv2d(planesIn, planes, 3, stride, padding: 1, bias: false));
            bn1 = register_module("bn1", new nn.BatchNorm2d(planes));
            conv2 = register_module("conv2", new nn.Conv2d(planes, planes, 3, padding: 1, bias: false));
            bn2 = register_module("bn2", new nn.BatchNorm2d(planes));
            downsample = stride == 1 && planesIn == planes ? null : register_module(
                "downsample", new nn.Sequential(new nn.Conv2d(planesIn, planes, 1, stride, bias: false), new nn.BatchNorm2d(planes)));
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = bn1.forward(conv1.forward(input)).relu_();
            x = bn2.forward(conv2.forward(x));
            return x.add_(downsample?.forward(input) ?? input).relu_();
        }
    }
}
