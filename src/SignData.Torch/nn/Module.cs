namespace SignData.Torch;

/// <summary>Layers, losses and initialisations in torch.nn's words.</summary>
public static partial class nn
{
    /// <summary>
    /// A piece of a network: parameters, buffers and smaller modules by name, and a function of one tensor.
    /// It owns them: they leave the scope that they were made in and are disposed with the module.
    /// </summary>
    public abstract partial class Module : IDisposable
    {
        private readonly List<(string Name, Tensor Tensor)> ownParameters = [];
        private readonly List<(string Name, Tensor Tensor)> ownBuffers = [];
        private readonly List<(string Name, Module Module)> children = [];

        /// <summary>Whether the module is training: dropout drops, batch normalisation uses and updates batch statistics.</summary>
        public bool training { get; private set; } = true;

        /// <summary>The module's function.</summary>
        /// <param name="input">A batch.</param>
        public abstract Tensor forward(Tensor input);

        /// <summary>Makes a module a part of this one.</summary>
        /// <typeparam name="T">The module's type.</typeparam>
        /// <param name="name">The first part of its parameters' names.</param>
        /// <param name="module">The module.</param>
        /// <returns>The same module.</returns>
        public T register_module<T>(string name, T module) where T : Module
        {
            ArgumentNullException.ThrowIfNull(module);
            DemandFree(name);
            children.Add((name, module));
            return module;
        }

        /// <summary>Makes a tensor a parameter: it is trained and saved.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="tensor">A leaf; gradients are recorded for it from now on.</param>
        /// <returns>The same tensor.</returns>
        public Tensor register_parameter(string name, Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            DemandFree(name);
            ownParameters.Add((name, tensor.requires_grad_().DetachFromDisposeScope()));
            return tensor;
        }

        /// <summary>Makes a tensor a buffer: it is saved, not trained.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="tensor">Any.</param>
        /// <returns>The same tensor.</returns>
        public Tensor register_buffer(string name, Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            DemandFree(name);
            ownBuffers.Add((name, tensor.DetachFromDisposeScope()));
            return tensor;
        }

        /// <summary>The modules directly inside.</summary>
        public IEnumerable<(string name, Module module)> named_children() => children;

        /// <summary>This module and all inside, this one first, with dotted names.</summary>
        /// <param name="prefix">What the names begin with.</param>
        public IEnumerable<(string name, Module module)> named_modules(string prefix = "")
        {
            yield return (prefix, this);
            foreach ((string name, Module child) in children)
            {
                foreach ((string, Module) inner in child.named_modules(Join(prefix, name)))
                {
                    yield return inner;
                }
            }
        }

        /// <summary>This module and all inside, this one first.</summary>
        public IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

        /// <summary>All parameters with dotted names such as layer1.0.conv1.weight.</summary>
        public IEnumerable<(string name, Tensor parameter)> named_parameters() =>
            named_modules().SelectMany(entry => entry.module.ownParameters.Select(own => (Join(entry.name, own.Name), own.Tensor)));

        /// <summary>All parameters.</summary>
        public IEnumerable<Tensor> parameters() => named_parameters().Select(entry => entry.parameter);

        /// <summary>All buffers with dotted names.</summary>
        public IEnumerable<(string name, Tensor buffer)> named_buffers() =>
            named_modules().SelectMany(entry => entry.module.ownBuffers.Select(own => (Join(entry.name, own.Name), own.Tensor)));

        /// <summary>Calls an action on every module inside and then on this one.</summary>
        /// <param name="action">Such as an initialisation.</param>
        /// <returns>The module itself.</returns>
        public Module apply(Action<Module> action)
        {
            ArgumentNullException.ThrowIfNull(action);
            foreach ((_, Module child) in children)
            {
                child.apply(action);
            }
            action(this);
            return this;
        }

        /// <summary>Switches this module and all inside to training.</summary>
        /// <param name="on">Or to evaluation, if false.</param>
        public void train(bool on = true)
        {
            foreach (Module module in modules())
            {
                module.training = on;
            }
        }

        /// <summary>Switches this module and all inside to evaluation.</summary>
        public void eval() => train(false);

        /// <summary>Forgets all gradients.</summary>
        /// <param name="set_to_none">Or fills them with zeros, if false.</param>
        public void zero_grad(bool set_to_none = true) => ZeroGrad(parameters().ToArray(), set_to_none);

        /// <summary>Disposes parameters, buffers and the modules inside.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Disposes what the module owns.</summary>
        /// <param name="disposing">Always true.</param>
        protected virtual void Dispose(bool disposing)
        {
            foreach ((_, Tensor tensor) in ownParameters.Concat(ownBuffers))
            {
                tensor.Dispose();
            }
            foreach ((_, Module child) in children)
            {
                child.Dispose();
            }
        }

        private static string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;

        private void DemandFree(string name)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            if (name.Contains('.', StringComparison.Ordinal) || children.Any(child => child.Name == name)
                || ownParameters.Concat(ownBuffers).Any(own => own.Name == name))
            {
                throw new ArgumentException($"'{name}' has a dot or is taken in this module.", nameof(name));
            }
        }
    }

    internal static unsafe void ZeroGrad(Tensor[] tensors, bool setToNone)
    {
        nint[] handles = Array.ConvertAll(tensors, tensor => tensor.Handle);
        fixed (nint* first = handles)
        {
            NativeMethods.Check(NativeMethods.sdt_zero_grad(first, handles.Length, setToNone ? 1 : 0));
        }
        GC.KeepAlive(tensors);
    }
}
