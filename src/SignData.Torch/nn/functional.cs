namespace SignData.Torch;

public static partial class nn
{
    /// <summary>What a loss does with its values for each element.</summary>
    public enum Reduction
    {
        /// <summary>Returns them all.</summary>
        None = 0,

        /// <summary>Returns their mean.</summary>
        Mean = 1,

        /// <summary>Returns their sum.</summary>
        Sum = 2,
    }

    /// <summary>How a picture's new pixels come from its old ones.</summary>
    public enum InterpolationMode
    {
        /// <summary>The nearest one.</summary>
        Nearest,

        /// <summary>Straight lines between the four around.</summary>
        Bilinear,

        /// <summary>Cubic curves through the sixteen around.</summary>
        Bicubic,
    }

    /// <summary>Functions without parameters of their own.</summary>
    public static class functional
    {
        /// <summary>The cross-entropy of logits against labels.</summary>
        /// <param name="input">Logits, N x classes.</param>
        /// <param name="target">Class numbers (N, Int64) or probabilities (N x classes, floating point).</param>
        /// <param name="weight">A factor for each class, or null.</param>
        /// <param name="reduction">What to return.</param>
        /// <param name="ignore_index">A class number that counts for nothing.</param>
        /// <param name="label_smoothing">The part of each label that is spread evenly over all classes, 0 to 1.</param>
        public static Tensor cross_entropy(
            Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, long ignore_index = -100, double label_smoothing = 0) =>
            Op.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

        /// <summary>The mean squared difference.</summary>
        /// <param name="input">Any.</param>
        /// <param name="target">Of the same shape.</param>
        /// <param name="reduction">What to return.</param>
        public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Op.Call("mse_loss", input, target, (long)reduction);

        /// <summary>Class numbers as rows of zeros and a one, Int64.</summary>
        /// <param name="input">Class numbers, Int64.</param>
        /// <param name="num_classes">How many classes.</param>
        public static Tensor one_hot(Tensor input, long num_classes) => Op.Call("one_hot", input, num_classes);

        /// <summary>Drops numbers at random and scales the rest.</summary>
        /// <param name="input">Any.</param>
        /// <param name="p">The probability to be dropped.</param>
        /// <param name="training">False does nothing.</param>
        public static Tensor dropout(Tensor input, double p = 0.5, bool training = true) => Op.Call("dropout", input, p, training);

        /// <summary>Pictures in another size.</summary>
        /// <param name="input">N x C x H x W.</param>
        /// <param name="size">The new height and width.</param>
        /// <param name="mode">How.</param>
        /// <param name="align_corners">Lets the centres of the corner pixels stay where they are.</param>
        /// <param name="antialias">Averages over what a smaller picture's pixel covers; not for the nearest one.</param>
        public static Tensor interpolate(
            Tensor input, long[] size, InterpolationMode mode = InterpolationMode.Bilinear, bool align_corners = false, bool antialias = false) => mode switch
            {
                InterpolationMode.Nearest => Op.Call("upsample_nearest2d.vec", input, size, Arg.None),
                InterpolationMode.Bilinear => Op.Call(antialias ? "_upsample_bilinear2d_aa.vec" : "upsample_bilinear2d.vec", input, size, align_corners, Arg.None),
                InterpolationMode.Bicubic => Op.Call(antialias ? "_upsample_bicubic2d_aa.vec" : "upsample_bicubic2d.vec", input, size, align_corners, Arg.None),
                _ => throw new ArgumentOutOfRangeException(nameof(mode)),
            };
    }
}
