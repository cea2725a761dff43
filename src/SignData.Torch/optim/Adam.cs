namespace SignData.Torch;

public static partial class optim
{
    /// <summary>Adam (Kingma and Ba, 2015), step by step as torch.optim.Adam.</summary>
    public class Adam : Optimizer
    {
        private readonly double beta1;
        private readonly double beta2;
        private readonly double eps;
        private readonly Tensor?[] means;
        private readonly Tensor?[] squares;
        private readonly long[] steps;
        private readonly bool decoupled;

        /// <summary>An optimizer over one group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="beta1">The share of the old in the average of gradients.</param>
        /// <param name="beta2">The share of the old in the average of their squares.</param>
        /// <param name="eps">Added to the root of the squares.</param>
        /// <param name="weight_decay">The share of each weight that is added to its gradient.</param>
        public Adam(IEnumerable<Tensor> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
            : this([new ParamGroup(parameters)], lr, beta1, beta2, eps, weight_decay) { }

        /// <summary>An optimizer over several groups.</summary>
        /// <param name="groups">The groups.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="beta1">The share of the old in the average of gradients.</param>
        /// <param name="beta2">The share of the old in the average of their squares.</param>
        /// <param name="eps">Added to the root of the squares.</param>
        /// <param name="weight_decay">The share of each weight that is added to its gradient; of groups without their own.</param>
        public Adam(IEnumerable<ParamGroup> groups, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
            : this(groups, lr, beta1, beta2, eps, weight_decay, decoupled: false) { }

        private protected Adam(IEnumerable<ParamGroup> groups, double lr, double beta1, double beta2, double eps, double weight_decay, bool decoupled)
            : base(groups, lr, weight_decay)
        {
            (this.beta1, this.beta2, this.eps, this.decoupled) = (beta1, beta2, eps, decoupled);
            (means, squares, steps) = (new Tensor?[Count], new Tensor?[Count], new long[Count]);
        }

        /// <inheritdoc/>
        public sealed override unsafe void step()
        {
            fixed (nint* parameters = Handles, m = Slots(means), v = Slots(squares))
            fixed (double* rates = Rates, decays = WeightDecays)
            fixed (long* counts = steps)
            {
                NativeMethods.Check(NativeMethods.sdt_adam_step(Count, parameters, m, v, counts, rates, decays, decoupled ? 1 : 0, beta1, beta2, eps));
            }
            KeepParametersAlive();
        }

        /// <inheritdoc/>
        public sealed override StateDict state_dict()
        {
            var state = new StateDict { { "lr", torch.tensor(lr, torch.float64) }, { "steps", torch.from_array(steps) } };
            Save(state, "exp_avg", means);
            Save(state, "exp_avg_sq", squares);
            return state;
        }

        /// <inheritdoc/>
        public sealed override void load_state_dict(StateDict state)
        {
            ArgumentNullException.ThrowIfNull(state);
            double rate = Demand(state, "lr", torch.float64, 1).ToDouble();
            long[] counts = Demand(state, "steps", torch.int64, Count).data<long>();
            Load(state, "exp_avg", means);
            Load(state, "exp_avg_sq", squares);
            counts.CopyTo(steps, 0);
            lr = rate;
        }

        /// <inheritdoc/>
        protected sealed override void Dispose(bool disposing)
        {
            foreach (Tensor? tensor in means.Concat(squares))
            {
                tensor?.Dispose();
            }
        }
    }
}
