using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// In training, gives pictures of a batch something of each other's style, which is the mean and deviation of each of a picture's feature maps: what tells one camera, light and
/// skin from another, and not what a hand shows (MixStyle, Zhou et al. 2021). In evaluation it does nothing.
/// </summary>
/// <param name="probability">The chance that a batch is mixed; the paper's is 0.5.</param>
internal sealed class MixStyle(double probability) : Module
{
    // Beta(0.1, 0.1) as in the paper: mostly a picture's own style, or mostly the other's.
    private const float Concentration = 0.1f;

    private const double Epsilon = 1e-6;

    /// <summary>N x channels x h x w to the same.</summary>
    /// <param name="input">Feature maps.</param>
    public override Tensor forward(Tensor input)
    {
        if (!training || torch.rand([1]).item<float>() >= probability)
        {
            return input;
        }
        (Tensor scale, Tensor shift) = Change(input);
        return (input * scale) + shift;
    }

    // N x channels x 1 x 1 each. No gradient goes through a style.
    private static (Tensor Scale, Tensor Shift) Change(Tensor input)
    {
        using IDisposable still = torch.no_grad();
        long count = input.shape[0];
        Tensor maps = input.to(ScalarType.Float32), mean = maps.mean([2, 3], keepdim: true), apart = maps - mean;
        // libtorch's var takes ten times as long as this.
        Tensor deviation = ((apart * apart).mean([2, 3], keepdim: true) + Epsilon).sqrt();
        Tensor own = torch.beta([count, 1, 1, 1], Concentration, Concentration).to(input.device), other = torch.randperm(count).to(input.device);
        Tensor Mixed(Tensor style) => (style * own) + (style.index_select(0, other) * (1 - own));
        Tensor scale = Mixed(deviation) / deviation;
        return (scale.to(input.dtype), (Mixed(mean) - (mean * scale)).to(input.dtype));
    }
}
