namespace SignData.Torch;

public static partial class nn
{
    /// <summary>What a state dict and a module do not share.</summary>
    /// <param name="missing_keys">In the module alone.</param>
    /// <param name="unexpected_keys">In the state dict alone.</param>
    public sealed record IncompatibleKeys(IReadOnlyList<string> missing_keys, IReadOnlyList<string> unexpected_keys);

    public abstract partial class Module
    {
        /// <summary>All parameters and buffers by name; they share the module's memory, so clone what must not change.</summary>
        public StateDict state_dict()
        {
            var state = new StateDict();
            foreach ((string name, Module module) in named_modules())
            {
                foreach ((string own, Tensor tensor) in module.ownParameters.Concat(module.ownBuffers))
                {
                    state.Add(Join(name, own), tensor.detach());
                }
            }
            return state;
        }

        /// <summary>Overwrites parameters and buffers by name. Nothing is changed when the state does not fit.</summary>
        /// <param name="state">Tensors of the module's shapes; types and devices are converted.</param>
        /// <param name="strict">Demands the same names on both sides.</param>
        /// <returns>The names that only one side has.</returns>
        /// <exception cref="InvalidDataException">Names (if strict) or shapes differ.</exception>
        public IncompatibleKeys load_state_dict(StateDict state, bool strict = true)
        {
            ArgumentNullException.ThrowIfNull(state);
            Dictionary<string, Tensor> own = named_parameters().Concat(named_buffers()).ToDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);
            var keys = new IncompatibleKeys(own.Keys.Where(name => !state.ContainsKey(name)).ToArray(), state.Keys.Where(name => !own.ContainsKey(name)).ToArray());
            if (strict && keys.missing_keys.Count + keys.unexpected_keys.Count > 0)
            {
                throw new InvalidDataException(
                    $"The weights do not fit the model: {Some(keys.missing_keys)} missing, {Some(keys.unexpected_keys)} unexpected; load weights of the same architecture.");
            }
            foreach ((string name, Tensor tensor) in state)
            {
                if (own.TryGetValue(name, out Tensor? target) && !target.shape.SequenceEqual(tensor.shape))
                {
                    throw new InvalidDataException(
                        $"The weights do not fit the model: '{name}' is [{string.Join(", ", tensor.shape)}], the model's [{string.Join(", ", target.shape)}]; load weights of the same architecture and number of labels.");
                }
            }
            using IDisposable still = torch.no_grad();
            foreach ((string name, Tensor tensor) in state)
            {
                if (own.TryGetValue(name, out Tensor? target))
                {
                    target.copy_(tensor);
                }
            }
            return keys;
        }

        /// <summary>Moves all parameters, their gradients and all buffers to a device.</summary>
        /// <param name="device">Where to.</param>
        public void to(Device device) => Convert(tensor => tensor.to(device));

        /// <summary>Converts floating-point parameters, their gradients and buffers to a type.</summary>
        /// <param name="dtype">A floating-point type.</param>
        public void to(ScalarType dtype) => Convert(tensor => IsFloating(tensor.dtype) ? tensor.to(dtype) : tensor);

        /// <summary>Reorders parameters and buffers of four dimensions in memory: convolution weights to channels last.</summary>
        /// <param name="memory_format">The order.</param>
        public void to(MemoryFormat memory_format) => Convert(tensor => tensor.ndim == 4 ? tensor.to(memory_format) : tensor);

        private static bool IsFloating(ScalarType dtype) =>
            dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

        private static string Some(IReadOnlyList<string> names) => names.Count == 0 ? "none" : $"{names.Count} ({string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", ..." : "")})";

        // The tensors stay the same objects, so an optimizer that was made before still trains them.
        private void Convert(Func<Tensor, Tensor> change)
        {
            using IDisposable still = torch.no_grad();
            foreach (Tensor tensor in named_parameters().Concat(named_buffers()).Select(entry => entry.Item2))
            {
                using DisposeScope scope = torch.NewDisposeScope();
                Tensor? gradient = tensor.is_leaf ? tensor.grad : null;
                Tensor changed = change(tensor);
                if (!ReferenceEquals(changed, tensor))
                {
                    tensor.grad = null;
                    tensor.SetData(changed);
                    if (gradient is not null)
                    {
                        tensor.grad = change(gradient);
                    }
                }
            }
        }
    }
}
