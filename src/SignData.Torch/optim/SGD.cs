namespace SignData.Torch;

public static partial class optim
{
    /// <summary>Stochastic gradient descent with momentum, step by step as torch.optim.SGD without dampening.</summary>
    public sealed class SGD : Optimizer
    {
        private readonly double momentum;
        private readonly bool nesterov;
        private readonly Tensor?[] buffers;

        /// <summary>An optimizer over one group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="momentum">The share of the last direction that is kept.</param>
        /// <param name="nesterov">Looks ahead along the momentum.</param>
        /// <param name="weight_decay">The share of each weight that is added to its gradient.</param>
        public SGD(IEnumerable<Tensor> parameters, double lr, double momentum = 0, bool nesterov = false, double weight_decay = 0)
            : this([new ParamGroup(parameters)], lr, momentum, nesterov, weight_decay) { }

        /// <summary>An optimizer over several groups.</summary>
        /// <param name="groups">The groups.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="momentum">The share of the last direction that is kept.</param>
        /// <param name="nesterov">Looks ahead along the momentum.</param>
        /// <param name="weight_decay">The share of each weight that is added to its gradient; of groups without their own.</param>
        public SGD(IEnumerable<ParamGroup> groups, double lr, double momentum = 0, bool nesterov = false, double weight_decay = 0)
            : base(groups, lr, weight_decay)
        {
            if (nesterov && momentum <= 0)
            {
                throw new ArgumentException("Nesterov's look ahead needs a momentum above 0.", nameof(nesterov));
            }
            (this.momentum, this.nesterov) = (momentum, nesterov);
            buffers = new Tensor?[Count];
        }

        /// <inheritdoc/>
        public override unsafe void step()
        {
            fixed (nint* parameters = Handles, directions = momentum == 0 ? null : Slots(buffers))
            fixed (double* rates = Rates, decays = WeightDecays)
            {
                NativeMethods.Check(NativeMethods.sdt_sgd_step(Count, parameters, directions, rates, decays, momentum, nesterov ? 1 : 0));
            }
            KeepParametersAlive();
        }

        /// <inheritdoc/>
        public override StateDict state_dict()
        {
            var state = new StateDict { { "lr", torch.tensor(lr, torch.float64) } };
            Save(state, "momentum_buffer", buffers);
            return state;
        }

        /// <inheritdoc/>
        public override void load_state_dict(StateDict state)
        {
            ArgumentNullException.ThrowIfNull(state);
            double rate = Demand(state, "lr", torch.float64, 1).ToDouble();
            Load(state, "momentum_buffer", buffers);
            lr = rate;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            foreach (Tensor? tensor in buffers)
            {
                tensor?.Dispose();
            }
        }
    }
}
