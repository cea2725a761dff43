using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>The pieces that mobile networks are made of.</summary>
internal static class Blocks
{
    /// <summary>The multiple of 8 nearest to a width, never less than nine tenths of it (MobileNetV2's rule).</summary>
    internal static int Divisible(double width)
    {
        int nearest = Math.Max(8, (int)(width + 4) / 8 * 8);
        return nearest < 0.9 * width ? nearest + 8 : nearest;
    }

    /// <summary>A convolution that keeps the side (but for its stride), a normalisation, and an activation if one is given.</summary>
    internal static Sequential ConvBnAct(int from, int to, int kernel, int stride, int groups, Func<int, Module> norm, Module? activation)
    {
        Sequential block = new(new Conv2d(from, to, kernel, stride, padding: (kernel - 1) / 2, groups: groups, bias: false), norm(to));
        return activation is null ? block : block.append(activation);
    }

    /// <summary>He's initialisation of all convolutions, by the numbers that go out; biases start at zero.</summary>
    internal static void KaimingFanOut(Module network)
    {
        foreach (Conv2d convolution in network.modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight, mode: FanInOut.FanOut, nonlinearity: NonlinearityType.ReLU);
            if (convolution.bias is { } bias)
            {
                init.zeros_(bias);
            }
        }
    }

    /// <summary>EfficientNet's initialisation of linear layers: even, within the inverse root of the outputs.</summary>
    internal static void UniformByOutputs(Module network)
    {
        foreach (Linear layer in network.modules().OfType<Linear>())
        {
            double range = 1 / Math.Sqrt(layer.weight.shape[0]);
            init.uniform_(layer.weight, -range, range);
            if (layer.bias is { } bias)
            {
                init.zeros_(bias);
            }
        }
    }
}

/// <summary>Squeeze-and-excitation (Hu et al. 2018): each map is weighted by what the means of all of them say.</summary>
internal sealed class SqueezeExcite : Module
{
    private readonly Module pool = new AdaptiveAvgPool2d(1), reduce, activation, expand, gate;

    /// <summary>A weighting.</summary>
    /// <param name="channels">Maps.</param>
    /// <param name="squeezed">Numbers between the two layers.</param>
    /// <param name="activation">Between them.</param>
    /// <param name="gate">After them: to 0..1.</param>
    /// <param name="names">Those of the layers.</param>
    internal SqueezeExcite(int channels, int squeezed, Module activation, Module gate, (string Reduce, string Expand) names)
    {
        (this.activation, this.gate) = (activation, gate);
        reduce = register_module(names.Reduce, new Conv2d(channels, squeezed, 1));
        expand = register_module(names.Expand, new Conv2d(squeezed, channels, 1));
    }

    public override Tensor forward(Tensor input) =>
        input * gate.forward(expand.forward(activation.forward(reduce.forward(pool.forward(input)))));
}

/// <summary>Stochastic depth (Huang et al. 2016): in training each picture's branch is dropped with a probability, the others scaled up.</summary>
/// <param name="p">The probability.</param>
internal sealed class DropPath(double p) : Module
{
    public override Tensor forward(Tensor input)
    {
        if (!training || p == 0)
        {
            return input;
        }
        using Tensor kept = torch.empty([input.shape[0], 1, 1, 1], input.dtype, input.device).bernoulli_(1 - p).div_(1 - p);
        return input * kept;
    }
}

/// <summary>An inverted residual as torchvision has it (MobileNetV3, EfficientNet): widen, convolve each map, weight the maps, narrow.</summary>
internal sealed class InvertedResidual : Module
{
    private readonly Module block, drop;
    private readonly bool residual;

    internal InvertedResidual(
        int from, int expanded, int to, int kernel, int stride, Func<int, Module> norm, Func<Module> activation, SqueezeExcite? excite, double dropPath = 0)
    {
        residual = stride == 1 && from == to;
        drop = register_module("stochastic_depth", new DropPath(dropPath));
        Sequential steps = new((IEnumerable<Module>)[]);
        if (expanded != from)
        {
            steps.append(Blocks.ConvBnAct(from, expanded, 1, 1, 1, norm, activation()));
        }
        steps.append(Blocks.ConvBnAct(expanded, expanded, kernel, stride, expanded, norm, activation()));
        if (excite is not null)
        {
            steps.append(excite);
        }
        steps.append(Blocks.ConvBnAct(expanded, to, 1, 1, 1, norm, null));
        block = register_module("block", steps);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = block.forward(input);
        return residual ? drop.forward(output).add_(input) : output;
    }
}
