using SignData.Torch;
using SignData.Training.Architectures;
using static SignData.Torch.nn;

namespace SignData.Training.Quantizing;

/// <summary>
/// The body of a trained ResNet in numbers of 8 bits, for inference on a CPU (post-training static quantization, Krishnamoorthi 2018): batch normalisations are folded
/// into their convolutions, weights are rounded by output channel, activations by ranges that were observed.
/// </summary>
internal sealed class QuantizedBody : IDisposable
{
    private readonly Place entrance = new();
    private readonly Layer stem;
    private readonly Module pool;
    private readonly Block[] blocks;
    private int observed;

    private QuantizedBody(Layer stem, Module pool, Block[] blocks) => (this.stem, this.pool, this.blocks) = (stem, pool, blocks);

    /// <summary>The ranges that were observed or given, in the order that activations are computed in.</summary>
    public IReadOnlyList<ActivationRange> Ranges => [.. Places.Select(place => place.Range)];

    private IEnumerable<Layer> Layers => blocks.SelectMany(block => block.Shortcut is { } shortcut ? block.Path.Append(shortcut) : block.Path).Prepend(stem);

    private IEnumerable<Place> Places => Layers.Concat<Place>(blocks).Prepend(entrance);

    /// <summary>The body with its folded weights; no range is known yet. Null for a network that is no ResNet.</summary>
    /// <param name="network">The network; its weights are copied.</param>
    public static QuantizedBody? Of(Network network)
    {
        Dictionary<string, Module> named = network.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);
        if (!named.ContainsKey("layer4") || network.Stages.First().named_children().Select(child => child.module).LastOrDefault() is not MaxPool2d pool)
        {
            return null;
        }
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        Block[] blocks = [.. named.Where(child => child.Key.StartsWith("layer", StringComparison.Ordinal)).SelectMany(layer => layer.Value.named_children()).Select(child => Block.Of(child.module))];
        return new(new Layer((Conv2d)named["conv1"], (BatchNorm2d)named["bn1"], relu: true), pool, blocks);
    }

    /// <summary>Takes a batch into account: ranges are means over batches of the least and the greatest.</summary>
    /// <param name="input">Normalised pictures, N x 3 x side x side.</param>
    /// <returns>Feature maps, in floats.</returns>
    public Tensor Observe(Tensor input)
    {
        observed++;
        return Walk(entrance.See(input, observed), (layer, x) => layer.See(layer.Float(x), observed), (block, x, shortcut) => block.See((x + shortcut).relu_(), observed));
    }

    /// <summary>Rounds and packs the weights for ranges.</summary>
    /// <param name="ranges">As <see cref="Ranges"/> of the same network.</param>
    /// <exception cref="InvalidDataException">They are of another network.</exception>
    public void Pack(IReadOnlyList<ActivationRange> ranges)
    {
        if (ranges.Count != Places.Count() || !ranges.All(range => range.IsSound))
        {
            throw new InvalidDataException("its ranges are of another network");
        }
        foreach ((Place place, ActivationRange range) in Places.Zip(ranges))
        {
            place.Range = range;
        }
        foreach (Layer layer in Layers)
        {
            layer.Pack();
        }
    }

    /// <summary>Feature maps.</summary>
    /// <param name="input">Normalised pictures, N x 3 x side x side.</param>
    public Tensor Forward(Tensor input) => Walk(
        quantized.quantize(input.contiguous(MemoryFormat.ChannelsLast), entrance.Range.Scale, entrance.Range.Zero),
        (layer, x) => layer.Bytes(x),
        (block, x, shortcut) => quantized.add_relu(x, shortcut, block.Range.Scale, block.Range.Zero)).dequantize();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Layer layer in Layers)
        {
            layer.Dispose();
        }
    }

    private Tensor Walk(Tensor x, Func<Layer, Tensor, Tensor> convolve, Func<Block, Tensor, Tensor, Tensor> add)
    {
        x = pool.forward(convolve(stem, x));
        foreach (Block block in blocks)
        {
            Tensor shortcut = block.Shortcut is { } down ? convolve(down, x) : x;
            x = add(block, block.Path.Aggregate(x, (path, layer) => convolve(layer, path)), shortcut);
        }
        return x;
    }

    /// <summary>A place where activations are kept as bytes.</summary>
    private class Place
    {
        public ActivationRange Range { get; set; }

        public Tensor See(Tensor activations, int count)
        {
            (float low, float high) = (Math.Min(0, activations.min().ToSingle()), Math.Max(0, activations.max().ToSingle()));
            Range = new(Range.Low + ((low - Range.Low) / count), Range.High + ((high - Range.High) / count));
            return activations;
        }
    }

    /// <summary>A convolution with the normalisation after it.</summary>
    private sealed class Layer : Place, IDisposable
    {
        private readonly Tensor weight, bias;
        private readonly long[] stride, padding;
        private readonly bool relu;
        private quantized.Conv2d? packed;

        public Layer(Conv2d convolution, BatchNorm2d norm, bool relu)
        {
            Tensor factor = norm.weight / (norm.running_var + norm.eps).sqrt();
            weight = (convolution.weight * factor.view(-1, 1, 1, 1)).DetachFromDisposeScope();
            bias = (norm.bias - (norm.running_mean * factor)).DetachFromDisposeScope();
            (stride, padding, this.relu) = (convolution.stride, convolution.padding, relu);
        }

        public Tensor Float(Tensor x)
        {
            Tensor output = torch.call("conv2d", x, weight, bias, stride, padding)[0];
            return relu ? output.relu_() : output;
        }

        public Tensor Bytes(Tensor x) => packed!.forward(x);

        public void Pack() => packed = new(weight, bias, stride, padding, relu, Range.Scale, Range.Zero);

        public void Dispose()
        {
            weight.Dispose();
            bias.Dispose();
            packed?.Dispose();
        }
    }

    /// <summary>A residual block; its own place is what comes out of it.</summary>
    private sealed class Block(Layer[] path, Layer? shortcut) : Place
    {
        public Layer[] Path { get; } = path;

        public Layer? Shortcut { get; } = shortcut;

        public static Block Of(Module block)
        {
            Dictionary<string, Module> named = block.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);
            int last = named.ContainsKey("conv3") ? 3 : 2;
            return new(
                [.. Enumerable.Range(1, last).Select(i => new Layer((Conv2d)named[$"conv{i}"], (BatchNorm2d)named[$"bn{i}"], relu: i < last))],
                named.TryGetValue("downsample", out Module? down) ? new Layer((Conv2d)((Sequential)down)[0], (BatchNorm2d)((Sequential)down)[1], relu: false) : null);
        }
    }
}
