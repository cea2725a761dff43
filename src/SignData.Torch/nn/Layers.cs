namespace SignData.Torch;

public static partial class nn
{
    /// <summary>A convolution over pictures, N x C x H x W.</summary>
    public sealed class Conv2d : Module
    {
        private readonly long[] dilation;
        private readonly long groups;

        /// <summary>A convolution with PyTorch's default initialisation.</summary>
        /// <param name="in_channels">Channels in.</param>
        /// <param name="out_channels">Channels out.</param>
        /// <param name="kernel_size">The side of the kernel, in pixels.</param>
        /// <param name="stride">Pixels from one place to the next.</param>
        /// <param name="padding">Zeros around the picture, in pixels.</param>
        /// <param name="dilation">Pixels from one element of the kernel to the next.</param>
        /// <param name="groups">Parts that the channels are divided into; in_channels for a depthwise convolution.</param>
        /// <param name="bias">Adds a trained number to each channel.</param>
        public Conv2d(
            long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true)
        {
            if (groups < 1 || in_channels % groups != 0 || out_channels % groups != 0)
            {
                throw new ArgumentException($"{in_channels} and {out_channels} channels cannot be divided into {groups} groups.", nameof(groups));
            }
            (this.stride, this.padding, this.dilation, this.groups) = ([stride, stride], [padding, padding], [dilation, dilation], groups);
            weight = register_parameter("weight", torch.empty([out_channels, in_channels / groups, kernel_size, kernel_size]));
            init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (bias)
            {
                double bound = 1 / Math.Sqrt(in_channels / groups * kernel_size * kernel_size);
                this.bias = register_parameter("bias", torch.empty([out_channels]));
                init.uniform_(this.bias, -bound, bound);
            }
        }

        /// <summary>Rows and columns from one place to the next.</summary>
        public long[] stride { get; }

        /// <summary>Zeros around the picture, in rows and columns.</summary>
        public long[] padding { get; }

        /// <summary>The kernels: out x in / groups x side x side.</summary>
        public Tensor weight { get; }

        /// <summary>One number for each channel out, or null.</summary>
        public Tensor? bias { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (Cost.Tally is not { } tally)
            {
                return Op.Call("conv2d", input, weight, bias, stride, padding, dilation, groups);
            }
            long[] from = input.shape, kernel = weight.shape;
            long Side(int axis) => ((from[axis + 2] + 2 * padding[axis] - dilation[axis] * (kernel[axis + 2] - 1) - 1) / stride[axis]) + 1;
            return tally.Product([from[0], kernel[0], Side(0), Side(1)], kernel[1] * kernel[2] * kernel[3]);
        }
    }

    /// <summary>Normalises each channel by its mean and variance: those of the batch in training, running averages in evaluation.</summary>
    public abstract class BatchNorm : Module
    {
        private readonly Tensor counter;

        private protected BatchNorm(long num_features, double eps, double momentum)
        {
            this.eps = eps;
            this.momentum = momentum;
            weight = register_parameter("weight", torch.ones([num_features]));
            bias = register_parameter("bias", torch.zeros([num_features]));
            running_mean = register_buffer("running_mean", torch.zeros([num_features]));
            running_var = register_buffer("running_var", torch.ones([num_features]));
            counter = register_buffer("num_batches_tracked", torch.zeros([], torch.int64));
        }

        /// <summary>Added to the variance.</summary>
        public double eps { get; }

        /// <summary>The weight of a new batch in the running averages, 0 to 1.</summary>
        public double momentum { get; set; }

        /// <summary>The trained factor of each channel.</summary>
        public Tensor weight { get; }

        /// <summary>The trained offset of each channel.</summary>
        public Tensor bias { get; }

        /// <summary>The running average of each channel's mean.</summary>
        public Tensor running_mean { get; }

        /// <summary>The running average of each channel's variance.</summary>
        public Tensor running_var { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (training && !torch.Recomputing)
            {
                counter.add_(1);
            }
            return Op.Call("batch_norm", input, weight, bias, running_mean, running_var, training, torch.Recomputing ? 0 : momentum, eps, true);
        }
    }

    /// <summary>Normalises each channel of pictures, N x C x H x W; it starts as the identity.</summary>
    /// <param name="num_features">Channels.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="momentum">The weight of a new batch in the running averages.</param>
    public sealed class BatchNorm2d(long num_features, double eps = 1e-5, double momentum = 0.1) : BatchNorm(num_features, eps, momentum);

    /// <summary>Normalises each feature of vectors, N x C; it starts as the identity.</summary>
    /// <param name="num_features">Features.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="momentum">The weight of a new batch in the running averages.</param>
    public sealed class BatchNorm1d(long num_features, double eps = 1e-5, double momentum = 0.1) : BatchNorm(num_features, eps, momentum);

    /// <summary>A matrix product with a trained matrix: N x in to N x out.</summary>
    public sealed class Linear : Module
    {
        /// <summary>A layer with PyTorch's default initialisation.</summary>
        /// <param name="in_features">Numbers in.</param>
        /// <param name="out_features">Numbers out.</param>
        /// <param name="bias">Adds a trained number to each of them.</param>
        public Linear(long in_features, long out_features, bool bias = true)
        {
            weight = register_parameter("weight", torch.empty([out_features, in_features]));
            init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (bias)
            {
                double bound = in_features > 0 ? 1 / Math.Sqrt(in_features) : 0;
                this.bias = register_parameter("bias", torch.empty([out_features]));
                init.uniform_(this.bias, -bound, bound);
            }
        }

        /// <summary>out x in.</summary>
        public Tensor weight { get; }

        /// <summary>One number for each output, or null.</summary>
        public Tensor? bias { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Cost.Tally is { } tally
            ? tally.Product([.. input.shape[..^1], weight.shape[0]], weight.shape[1])
            : Op.Call("linear", input, weight, bias);
    }

    /// <summary>Drops numbers at random in training and scales the rest so that the expected sum stays.</summary>
    public sealed class Dropout : Module
    {
        private readonly double p;

        /// <summary>A layer that drops.</summary>
        /// <param name="p">The probability of a number to be dropped, 0 to 1.</param>
        public Dropout(double p = 0.5)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(p);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
            this.p = p;
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Op.Call("dropout", input, p, training);
    }
}
