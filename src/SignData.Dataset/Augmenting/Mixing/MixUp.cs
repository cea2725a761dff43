using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Mixing;

/// <summary>Shows two pictures through each other (Zhang et al. 2018).</summary>
public sealed record MixUp : MixStep
{
    /// <inheritdoc/>
    public override float Apply(ref SampleRandom random, Span<byte> picture, ReadOnlySpan<byte> other, int size)
    {
        float share = DrawShare(ref random);
        Retouch.Mix(picture, other, share);
        return share;
    }
}
