namespace SignData.Torch;

public static partial class nn
{
    /// <summary>
    /// Inference with numbers of 8 bits: activations in quint8, each tensor with a scale and a zero, weights in qint8, each output channel with its own scale
    /// (Jacob et al. 2018). Computed by oneDNN on a CPU, in channels_last.
    /// </summary>
    public static class quantized
    {
        private const double LargestWeight = 127;

        private static readonly Lazy<bool> able = new(() =>
        {
            NativeMethods.Check(NativeMethods.sdt_use_onednn_int8(out int found));
            return found != 0;
        });

        /// <summary>Whether this libtorch has oneDNN's kernels for it.</summary>
        public static bool is_available() => able.Value;

        /// <summary>Floats as bytes: round(x / scale) + zero_point, cut to 0..255.</summary>
        /// <param name="input">Float32.</param>
        /// <param name="scale">The step, above 0.</param>
        /// <param name="zero_point">The byte that means 0.</param>
        public static Tensor quantize(Tensor input, double scale, long zero_point) => Op.Call("quantize_per_tensor", input, scale, zero_point, ScalarType.QUInt8);

        /// <summary>max(a + b, 0) of two quantized tensors.</summary>
        /// <param name="a">quint8.</param>
        /// <param name="b">quint8.</param>
        /// <param name="scale">The result's step.</param>
        /// <param name="zero_point">The result's zero.</param>
        public static Tensor add_relu(Tensor a, Tensor b, double scale, long zero_point) => Op.Call("quantized::add_relu", a, b, scale, zero_point);

        /// <summary>A convolution, with the ReLU after it if there is one, from quint8 to quint8.</summary>
        public sealed class Conv2d : IDisposable
        {
            private readonly NativeObject weights;
            private readonly string kind;
            private readonly double scale;
            private readonly long zeroPoint;

            /// <summary>Rounds and packs weights.</summary>
            /// <param name="weight">out x in x side x side, Float32.</param>
            /// <param name="bias">One number for each channel out.</param>
            /// <param name="stride">Rows and columns from one place to the next.</param>
            /// <param name="padding">Zeros around the picture, in rows and columns.</param>
            /// <param name="relu">Whether what is below 0 becomes 0.</param>
            /// <param name="scale">The result's step.</param>
            /// <param name="zero_point">The result's zero.</param>
            /// <exception cref="NotSupportedException">This libtorch cannot do it.</exception>
            public Conv2d(Tensor weight, Tensor bias, long[] stride, long[] padding, bool relu, double scale, long zero_point)
            {
                ArgumentNullException.ThrowIfNull(weight);
                if (!is_available())
                {
                    throw new NotSupportedException("This libtorch has no 8-bit kernels of oneDNN.");
                }
                using DisposeScope scope = torch.NewDisposeScope();
                using IDisposable still = torch.no_grad();
                Tensor steps = weight.abs().amax(1, 2, 3).clamp(1e-12).div_(LargestWeight);
                Tensor rounded = Op.Call("quantize_per_channel", weight, steps, torch.zeros([weight.size(0)], ScalarType.Int64), 0L, ScalarType.QInt8);
                weights = Op.CallObject("quantized::conv2d_prepack", rounded, bias, stride, padding, new long[] { 1, 1 }, 1L);
                (kind, this.scale, zeroPoint) = (relu ? "quantized::conv2d_relu.new" : "quantized::conv2d.new", scale, zero_point);
            }

            /// <summary>The convolution.</summary>
            /// <param name="input">quint8, N x C x H x W in channels_last.</param>
            public Tensor forward(Tensor input) => Op.Call(kind, input, weights, scale, zeroPoint);

            /// <inheritdoc/>
            public void Dispose() => weights.Dispose();
        }
    }
}
