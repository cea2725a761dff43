namespace SignData.Torch;

public static partial class nn
{
    /// <summary>What is done to modules as a whole: their making, and their gradients between backward() and step().</summary>
    public static class utils
    {
        [ThreadStatic] private static bool skipsInit;

        internal static bool SkipsInit => skipsInit;

        /// <summary>Makes a module whose weights are memory as it comes: for those that are overwritten or never used.</summary>
        /// <typeparam name="T">What is made.</typeparam>
        /// <param name="make">Makes it, on this thread.</param>
        public static T skip_init<T>(Func<T> make)
        {
            ArgumentNullException.ThrowIfNull(make);
            bool before = skipsInit;
            skipsInit = true;
            try
            {
                return make();
            }
            finally
            {
                skipsInit = before;
            }
        }

        /// <summary>Scales all gradients down together so that their common Euclidean length is at most max_norm.</summary>
        /// <param name="parameters">Those without a gradient are left alone.</param>
        /// <param name="max_norm">The greatest length.</param>
        /// <returns>The length before.</returns>
        public static double clip_grad_norm_(IEnumerable<Tensor> parameters, double max_norm)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable still = torch.no_grad();
            Tensor[] gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
            double total = Norm(gradients);
            double factor = Math.Min(1, max_norm / (total + 1e-6));
            if (factor != 1)
            {
                Op.Run("_foreach_mul_.Scalar", gradients, factor);
            }
            return total;
        }

        /// <summary>Takes weights into exponential averages of them: each average becomes decay times itself and (1 - decay) times its weight.</summary>
        /// <param name="averages">Changed in place.</param>
        /// <param name="weights">One of its shape, type and device for each average.</param>
        /// <param name="decay">The share of the old, 0 to 1.</param>
        public static unsafe void ema_(Tensor[] averages, Tensor[] weights, double decay)
        {
            ArgumentNullException.ThrowIfNull(averages);
            ArgumentNullException.ThrowIfNull(weights);
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, averages.Length);
            fixed (nint* into = Array.ConvertAll(averages, tensor => tensor.Handle), from = Array.ConvertAll(weights, tensor => tensor.Handle))
            {
                NativeMethods.Check(NativeMethods.sdt_average_step(averages.Length, into, from, decay));
            }
            GC.KeepAlive(averages);
            GC.KeepAlive(weights);
        }

        /// <summary>The Euclidean length of all tensors together.</summary>
        internal static double Norm(Tensor[] tensors) =>
            tensors.Length == 0 ? 0 : torch.stack(Op.CallMany("_foreach_norm.Scalar", tensors)).norm().ToDouble();
    }
}
