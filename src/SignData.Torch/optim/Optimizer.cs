namespace SignData.Torch;

/// <summary>Optimizers, each step one native call over all parameters.</summary>
public static partial class optim
{
    /// <summary>Parameters that share a learning rate and a weight decay.</summary>
    public sealed class ParamGroup
    {
        /// <summary>A group.</summary>
        /// <param name="parameters">Its parameters.</param>
        /// <param name="lr_factor">Its learning rate as a multiple of the optimizer's.</param>
        /// <param name="weight_decay">Its weight decay; the optimizer's if left out.</param>
        public ParamGroup(IEnumerable<Tensor> parameters, double lr_factor = 1, double? weight_decay = null)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            this.parameters = parameters.ToArray();
            (this.lr_factor, this.weight_decay) = (lr_factor, weight_decay);
        }

        /// <summary>The parameters.</summary>
        public IReadOnlyList<Tensor> parameters { get; }

        /// <summary>The learning rate as a multiple of the optimizer's.</summary>
        public double lr_factor { get; set; }

        /// <summary>The weight decay; null for the optimizer's.</summary>
        public double? weight_decay { get; set; }
    }

    /// <summary>What turns gradients into steps.</summary>
    public abstract class Optimizer : IDisposable
    {
        private readonly Tensor[] parameters;
        private readonly ParamGroup[] groups;
        private readonly double weightDecay;

        private protected Optimizer(IEnumerable<ParamGroup> groups, double lr, double weightDecay)
        {
            this.groups = groups.ToArray();
            parameters = this.groups.SelectMany(group => group.parameters).ToArray();
            if (parameters.Length == 0 || parameters.Distinct().Count() != parameters.Length)
            {
                throw new ArgumentException("An optimizer needs parameters, each of them once.", nameof(groups));
            }
            this.lr = lr;
            this.weightDecay = weightDecay;
        }

        /// <summary>The learning rate of the next step; schedules set it before each.</summary>
        public double lr { get; set; }

        /// <summary>The groups.</summary>
        public IReadOnlyList<ParamGroup> param_groups => groups;

        private protected int Count => parameters.Length;

        private protected nint[] Handles => Array.ConvertAll(parameters, parameter => parameter.Handle);

        private protected double[] Rates => groups.SelectMany(group => Enumerable.Repeat(lr * group.lr_factor, group.parameters.Count)).ToArray();

        private protected double[] WeightDecays =>
            groups.SelectMany(group => Enumerable.Repeat(group.weight_decay ?? weightDecay, group.parameters.Count)).ToArray();

        /// <summary>Changes every parameter that has a gradient.</summary>
        public abstract void step();

        /// <summary>All that resuming needs: the averages, the counts of steps and the learning rate.</summary>
        public abstract StateDict state_dict();

        /// <summary>Continues from a state.</summary>
        /// <param name="state">From an optimizer of the same kind over the same parameters.</param>
        /// <exception cref="InvalidDataException">It does not fit.</exception>
        public abstract void load_state_dict(StateDict state);

        /// <summary>Forgets all gradients.</summary>
        /// <param name="set_to_none">Or fills them with zeros, if false.</param>
        public void zero_grad(bool set_to_none = true) => nn.ZeroGrad(parameters, set_to_none);

        /// <summary>Disposes the averages; the parameters are the module's.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Disposes the averages.</summary>
        /// <param name="disposing">Always true.</param>
        protected abstract void Dispose(bool disposing);

        /// <summary>The gradients that are there.</summary>
        internal Tensor[] Gradients() => parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();

        private protected void KeepParametersAlive() => GC.KeepAlive(parameters);

        /// <summary>Makes zeros like the parameter for each that has a gradient for the first time.</summary>
        private protected nint[] Slots(Tensor?[] slots)
        {
            var handles = new nint[Count];
            for (int i = 0; i < Count; i++)
            {
                if (slots[i] is null && parameters[i].HasGradient)
                {
                    using IDisposable still = torch.no_grad();
                    slots[i] = torch.zeros_like(parameters[i]).DetachFromDisposeScope();
                }
                handles[i] = slots[i]?.Handle ?? 0;
            }
            return handles;
        }

        private protected static void Save(StateDict state, string name, Tensor?[] slots)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                if (slots[i] is { } slot)
                {
                    state.Add($"state.{i}.{name}", slot.detach());
                }
            }
        }

        private protected void Load(StateDict state, string name, Tensor?[] slots)
        {
            using IDisposable still = torch.no_grad();
            for (int i = 0; i < slots.Length; i++)
            {
                if (!state.TryGetValue($"state.{i}.{name}", out Tensor? saved))
                {
                    slots[i]?.zero_();
                    continue;
                }
                if (!saved.shape.SequenceEqual(parameters[i].shape))
                {
                    throw new InvalidDataException(
                        $"The optimizer's state does not fit: '{name}' of parameter {i} is [{string.Join(", ", saved.shape)}], the parameter [{string.Join(", ", parameters[i].shape)}].");
                }
                slots[i] ??= torch.zeros_like(parameters[i]).DetachFromDisposeScope();
                slots[i]!.copy_(saved);
            }
        }

        private protected static Tensor Demand(StateDict state, string name, ScalarType dtype, long elements) =>
            state.TryGetValue(name, out Tensor? tensor) && tensor.dtype == dtype && tensor.numel() == elements
                ? tensor
                : throw new InvalidDataException($"The optimizer's state does not fit: '{name}' is missing or of another size; it belongs to another optimizer or model.");
    }
}
