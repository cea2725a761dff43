namespace SignData.Torch;

public static partial class optim
{
    /// <summary>
    /// Keeps small gradients of a float16 network from vanishing: the loss is multiplied by a large number before backward() and gradients are
    /// divided by it before the step. A step with an infinite gradient is left out and the number halved; after many good ones it is doubled.
    /// </summary>
    public sealed class GradScaler
    {
        private readonly double growthFactor;
        private readonly double backoffFactor;
        private readonly int growthInterval;
        private int goodSteps;
        private bool? finite;

        /// <summary>A scaler with PyTorch's defaults.</summary>
        /// <param name="init_scale">The first factor.</param>
        /// <param name="growth_factor">What it grows by.</param>
        /// <param name="backoff_factor">What it shrinks by.</param>
        /// <param name="growth_interval">Good steps before it grows.</param>
        /// <param name="enabled">False makes every method do nothing but step.</param>
        public GradScaler(double init_scale = 65536, double growth_factor = 2, double backoff_factor = 0.5, int growth_interval = 2000, bool enabled = true)
        {
            current = init_scale;
            (growthFactor, backoffFactor, growthInterval, is_enabled) = (growth_factor, backoff_factor, growth_interval, enabled);
        }

        /// <summary>Whether it scales at all.</summary>
        public bool is_enabled { get; }

        private double current;

        /// <summary>The factor now.</summary>
        public double get_scale() => is_enabled ? current : 1;

        /// <summary>All that resuming needs: the factor and the good steps since it changed.</summary>
        public StateDict state_dict() => new() { { "scale", torch.tensor(current, torch.float64) }, { "good_steps", torch.tensor(goodSteps, torch.int64) } };

        /// <summary>Continues from a state.</summary>
        /// <param name="state">From <see cref="state_dict"/>.</param>
        /// <exception cref="InvalidDataException">It is none.</exception>
        public void load_state_dict(StateDict state)
        {
            ArgumentNullException.ThrowIfNull(state);
            if (!state.TryGetValue("scale", out Tensor? scale) || !state.TryGetValue("good_steps", out Tensor? steps) || scale.numel() != 1 || steps.numel() != 1)
            {
                throw new InvalidDataException("The scaler's state is missing: it belongs to a run without loss scaling.");
            }
            (current, goodSteps) = (scale.ToDouble(), (int)steps.ToInt64());
        }

        /// <summary>The loss times the factor, for backward().</summary>
        /// <param name="loss">The loss.</param>
        public Tensor scale(Tensor loss) => is_enabled ? loss * current : loss;

        /// <summary>Divides the gradients by the factor; call it before clipping, else step does.</summary>
        /// <param name="optimizer">Whose gradients.</param>
        public void unscale_(Optimizer optimizer)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            if (!is_enabled || finite is not null)
            {
                return;
            }
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable still = torch.no_grad();
            Tensor[] gradients = optimizer.Gradients();
            if (gradients.Length > 0)
            {
                Op.Run("_foreach_mul_.Scalar", gradients, 1 / current);
            }
            finite = double.IsFinite(nn.utils.Norm(gradients));
        }

        /// <summary>Lets the optimizer step if all gradients are finite.</summary>
        /// <param name="optimizer">The optimizer.</param>
        /// <returns>Whether it stepped.</returns>
        public bool step(Optimizer optimizer)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            unscale_(optimizer);
            if (finite is false)
            {
                return false;
            }
            optimizer.step();
            return true;
        }

        /// <summary>Changes the factor after each step.</summary>
        public void update()
        {
            if (finite is false)
            {
                (current, goodSteps) = (current * backoffFactor, 0);
            }
            else if (finite is true && ++goodSteps == growthInterval)
            {
                (current, goodSteps) = (current * growthFactor, 0);
            }
            finite = null;
        }
    }
}
