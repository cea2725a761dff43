namespace SignData.Torch;

public static partial class nn
{
    /// <summary>Modules one after another, named 0, 1, 2 and so on, or by given names.</summary>
    public sealed class Sequential : Module
    {
        // Maps of less than a sixteenth of the picture's side hold little and cost as much to compute again as large ones.
        private const long SmallestShare = 16 * 16;

        private readonly List<Module> steps = [];

        /// <summary>A chain of named modules.</summary>
        /// <param name="modules">In the order that they are applied in.</param>
        public Sequential(params IEnumerable<(string name, Module module)> modules)
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach ((string name, Module module) in modules)
            {
                steps.Add(register_module(name, module));
            }
        }

        /// <summary>A chain of modules.</summary>
        /// <param name="modules">In the order that they are applied in.</param>
        public Sequential(params IEnumerable<Module> modules)
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach (Module module in modules)
            {
                append(module);
            }
        }

        /// <summary>The number of modules.</summary>
        public int Count => steps.Count;

        /// <summary>One of the modules.</summary>
        /// <param name="index">From 0.</param>
        public Module this[int index] => steps[index];

        /// <summary>Adds a module at the end.</summary>
        /// <param name="module">The module.</param>
        /// <returns>The chain itself.</returns>
        public Sequential append(Module module)
        {
            steps.Add(register_module(steps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module));
            return this;
        }

        /// <summary>
        /// Whether training keeps only what comes between pieces and computes each piece again in backward() (<see cref="torch.checkpoint"/>). A block is
        /// a piece; layers are taken together, as many as keep about the root of them; a chain of blocks inside is cut in the same way. Small maps are kept.
        /// </summary>
        public bool checkpointing { get; set; }

        /// <summary>Called after each module, or each piece where it is checkpointed, with the (last) module and its output: for measuring.</summary>
        public Action<Module, Tensor>? passed { get; set; }

        private bool IsChain => steps.Any(step => !IsLayer(step));

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) =>
            checkpointing && training && torch.is_grad_enabled() ? InPieces(input, Area(input) / SmallestShare) : Apply(steps, input, passed);

        private static bool IsLayer(Module module) => !module.named_children().Any();

        private static Tensor Apply(IReadOnlyList<Module> steps, Tensor input, Action<Module, Tensor>? passed = null)
        {
            Tensor current = input;
            foreach (Module step in steps)
            {
                current = Next(current, input, step.forward(current));
                passed?.Invoke(step, current);
            }
            return current;
        }

        // Gives back what is not needed any more.
        private static Tensor Next(Tensor current, Tensor input, Tensor next)
        {
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next))
            {
                current.Dispose();
            }
            return next;
        }

        private static long Area(Tensor picture) => picture.shape is [_, _, var height, var width] ? height * width : long.MaxValue;

        private Tensor InPieces(Tensor input, long least)
        {
            Tensor current = input;
            foreach (List<Module> piece in Pieces())
            {
                current = Next(current, input, piece is [Sequential { IsChain: true } chain] ? chain.InPieces(current, least)
                    : Area(current) < least ? Apply(piece, current) : torch.checkpoint(x => Apply(piece, x), current));
                passed?.Invoke(piece[^1], current);
            }
            return current;
        }

        // A piece begins with a block or with a convolution, never with an activation that would overwrite what the piece before keeps.
        private List<List<Module>> Pieces()
        {
            int most = (int)Math.Ceiling(Math.Sqrt(steps.Count(step => step is Conv2d)));
            List<List<Module>> pieces = [];
            foreach (Module step in steps)
            {
                bool full = step is Conv2d && pieces.Count > 0 && pieces[^1].Count(inside => inside is Conv2d) >= most;
                if (pieces.Count == 0 || full || !IsLayer(step) || !IsLayer(pieces[^1][0]) && step is Conv2d)
                {
                    pieces.Add([]);
                }
                pieces[^1].Add(step);
            }
            return pieces;
        }
    }
}
