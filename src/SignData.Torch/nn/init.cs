namespace SignData.Torch;

public static partial class nn
{
    /// <summary>Which side of a layer keeps its variance.</summary>
    public enum FanInOut
    {
        /// <summary>The numbers that come in: variance is kept going forward.</summary>
        FanIn,

        /// <summary>The numbers that go out: variance is kept going backward.</summary>
        FanOut,
    }

    /// <summary>The activation that follows a layer.</summary>
    public enum NonlinearityType
    {
        /// <summary>None.</summary>
        Linear,

        /// <summary>The larger of x and zero.</summary>
        ReLU,

        /// <summary>x, or a small multiple of it below zero.</summary>
        LeakyReLU,
    }

    /// <summary>PyTorch's initialisations: the same seed gives the same numbers as torch.nn.init.</summary>
    public static class init
    {
        /// <summary>One number everywhere.</summary>
        /// <param name="tensor">A parameter.</param>
        /// <param name="value">The number.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor constant_(Tensor tensor, double value) => Quietly(tensor, t => t.fill_(value));

        /// <summary>Ones.</summary>
        /// <param name="tensor">A parameter.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

        /// <summary>Zeros.</summary>
        /// <param name="tensor">A parameter.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

        /// <summary>Draws from a normal distribution.</summary>
        /// <param name="tensor">A parameter.</param>
        /// <param name="mean">The mean.</param>
        /// <param name="std">The standard deviation.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1) => Quietly(tensor, t => t.normal_(mean, std));

        /// <summary>Draws evenly from a range.</summary>
        /// <param name="tensor">A parameter.</param>
        /// <param name="a">The least value.</param>
        /// <param name="b">The bound above.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor uniform_(Tensor tensor, double a = 0, double b = 1) => Quietly(tensor, t => t.uniform_(a, b));

        /// <summary>He's initialisation from an even distribution.</summary>
        /// <param name="tensor">A weight: out x in, or out x in x side x side.</param>
        /// <param name="a">The slope below zero of a leaky ReLU.</param>
        /// <param name="mode">Which side keeps its variance.</param>
        /// <param name="nonlinearity">The activation that follows.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor kaiming_uniform_(
            Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
        {
            double bound = Math.Sqrt(3) * Deviation(tensor, a, mode, nonlinearity);
            return uniform_(tensor, -bound, bound);
        }

        /// <summary>He's initialisation from a normal distribution.</summary>
        /// <param name="tensor">A weight: out x in, or out x in x side x side.</param>
        /// <param name="a">The slope below zero of a leaky ReLU.</param>
        /// <param name="mode">Which side keeps its variance.</param>
        /// <param name="nonlinearity">The activation that follows.</param>
        /// <returns>The tensor itself.</returns>
        public static Tensor kaiming_normal_(
            Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
            normal_(tensor, 0, Deviation(tensor, a, mode, nonlinearity));

        private static double Deviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            long[] shape = tensor.shape;
            if (shape.Length < 2)
            {
                throw new ArgumentException("A fan needs a weight of two dimensions or more.", nameof(tensor));
            }
            long field = shape.Skip(2).Aggregate(1L, (product, side) => product * side);
            long fan = (mode == FanInOut.FanIn ? shape[1] : shape[0]) * field;
            double gain = nonlinearity switch
            {
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + a * a)),
                _ => 1,
            };
            return gain / Math.Sqrt(fan);
        }

        private static Tensor Quietly(Tensor tensor, Func<Tensor, Tensor> change)
        {
            if (utils.SkipsInit)
            {
                return tensor;
            }
            using IDisposable still = torch.no_grad();
            return change(tensor);
        }
    }
}
