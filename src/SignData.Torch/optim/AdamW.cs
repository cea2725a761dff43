namespace SignData.Torch;

public static partial class optim
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019), step by step as torch.optim.AdamW.</summary>
    public sealed class AdamW : Adam
    {
        /// <summary>An optimizer over one group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="beta1">The share of the old in the average of gradients.</param>
        /// <param name="beta2">The share of the old in the average of their squares.</param>
        /// <param name="eps">Added to the root of the squares.</param>
        /// <param name="weight_decay">The share of each weight, times the rate, that a step takes away.</param>
        public AdamW(IEnumerable<Tensor> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 1e-2)
            : this([new ParamGroup(parameters)], lr, beta1, beta2, eps, weight_decay) { }

        /// <summary>An optimizer over several groups.</summary>
        /// <param name="groups">The groups.</param>
        /// <param name="lr">The learning rate.</param>
        /// <param name="beta1">The share of the old in the average of gradients.</param>
        /// <param name="beta2">The share of the old in the average of their squares.</param>
        /// <param name="eps">Added to the root of the squares.</param>
        /// <param name="weight_decay">The share of each weight, times the rate, that a step takes away; of groups without their own.</param>
        public AdamW(IEnumerable<ParamGroup> groups, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 1e-2)
            : base(groups, lr, beta1, beta2, eps, weight_decay, decoupled: true) { }
    }
}
