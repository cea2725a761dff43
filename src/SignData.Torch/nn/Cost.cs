namespace SignData.Torch;

public static partial class nn
{
    /// <summary>What a network costs.</summary>
    /// <param name="Parameters">Trained numbers.</param>
    /// <param name="MultiplyAdds">Products that convolutions and matrix products sum up in one forward pass: what papers count as FLOPs.</param>
    public readonly record struct Cost(long Parameters, long MultiplyAdds)
    {
        [ThreadStatic] private static Count? tally;

        internal static Count? Tally => tally;

        /// <summary>Counts by shapes alone: weights are neither initialised nor multiplied, so that a large network takes some milliseconds.</summary>
        /// <param name="build">Makes the network.</param>
        /// <param name="shape">The input's shape.</param>
        public static Cost Of(Func<Module> build, params long[] shape)
        {
            ArgumentNullException.ThrowIfNull(build);
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable still = torch.no_grad();
            using Module module = utils.skip_init(build);
            module.eval();
            tally = new Count();
            try
            {
                module.forward(torch.zeros(shape));
                return new Cost(module.parameters().Sum(parameter => parameter.numel()), tally.MultiplyAdds);
            }
            finally
            {
                tally = null;
            }
        }

        internal sealed class Count
        {
            internal long MultiplyAdds { get; private set; }

            internal Tensor Product(long[] shape, long terms)
            {
                MultiplyAdds += shape.Aggregate(terms, (product, length) => product * length);
                return torch.zeros(shape);
            }
        }
    }
}
