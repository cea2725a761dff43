namespace SignData.Torch;

public static partial class nn
{
    /// <summary>The larger of each number and zero.</summary>
    /// <param name="inplace">Overwrites the input.</param>
    public sealed class ReLU(bool inplace = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.relu_() : input.relu();
    }

    /// <summary>min(max(x, 0), 6), the activation of networks that will be quantized.</summary>
    /// <param name="inplace">Overwrites the input.</param>
    public sealed class ReLU6(bool inplace = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.relu6_() : input.relu6();
    }

    /// <summary>x * tanh(log(1 + exp(x))) (Misra 2019).</summary>
    public sealed class Mish : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.mish();
    }

    /// <summary>x * sigmoid(x), EfficientNet's activation.</summary>
    /// <param name="inplace">Overwrites the input.</param>
    public sealed class SiLU(bool inplace = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.silu_() : input.silu();
    }

    /// <summary>x * min(max(x + 3, 0), 6) / 6, MobileNetV3's activation.</summary>
    /// <param name="inplace">Overwrites the input.</param>
    public sealed class Hardswish(bool inplace = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.hardswish_() : input.hardswish();
    }

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    /// <param name="inplace">Overwrites the input.</param>
    public sealed class Hardsigmoid(bool inplace = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.hardsigmoid_() : input.hardsigmoid();
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    public sealed class Sigmoid : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.sigmoid();
    }

    /// <summary>Hands the input on; its forward returns the input itself.</summary>
    public sealed class Identity : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input;
    }

    /// <summary>Neighbouring dimensions made one: N x C x H x W to N x CHW.</summary>
    /// <param name="start_dim">The first of them.</param>
    /// <param name="end_dim">The last of them.</param>
    public sealed class Flatten(long start_dim = 1, long end_dim = -1) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
    }

    /// <summary>The largest number of each window.</summary>
    /// <param name="kernel_size">The window's side.</param>
    /// <param name="stride">Pixels from one window to the next; the window's side if left out.</param>
    /// <param name="padding">Pixels around that are never the largest.</param>
    /// <param name="ceil_mode">Lets the last window reach over the edge.</param>
    public sealed class MaxPool2d(long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Op.Call(
            "max_pool2d", input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding), Square(1), ceil_mode);
    }

    /// <summary>The mean of each window.</summary>
    /// <param name="kernel_size">The window's side.</param>
    /// <param name="stride">Pixels from one window to the next; the window's side if left out.</param>
    /// <param name="padding">Zeros around.</param>
    /// <param name="ceil_mode">Lets the last window reach over the edge.</param>
    /// <param name="count_include_pad">Counts the zeros around in the mean.</param>
    public sealed class AvgPool2d(long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Op.Call(
            "avg_pool2d", input, Square(kernel_size), Square(stride ?? kernel_size), Square(padding), ceil_mode, count_include_pad);
    }

    /// <summary>The means of a picture cut into as many windows as are wanted.</summary>
    /// <param name="output_size">Windows on each side; 1 for the mean of the whole picture.</param>
    public sealed class AdaptiveAvgPool2d(long output_size) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Op.Call("adaptive_avg_pool2d", input, Square(output_size));
    }

    /// <summary>The largest numbers of a picture cut into as many windows as are wanted.</summary>
    /// <param name="output_size">Windows on each side; 1 for the largest of the whole picture.</param>
    public sealed class AdaptiveMaxPool2d(long output_size) : Module
    {
        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Op.CallMany("adaptive_max_pool2d", input, Square(output_size))[0];
    }

    private static long[] Square(long side) => [side, side];
}
