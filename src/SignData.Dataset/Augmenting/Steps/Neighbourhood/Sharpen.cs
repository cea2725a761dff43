using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Sharpens: the picture against the mean of the 3 x 3 pixels about each, as a sharpness filter is usually written (unsharp masking).</summary>
public sealed record Sharpen : AugmentStep
{
    /// <summary>How much of the difference is added.</summary>
    [Within(0, 5)]
    public Interval Amount { get; init; } = new(0.2f, 1);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float amount = Amount.Draw(ref random);
        Span<Tap> taps = stackalloc Tap[9];
        for (int i = 0; i < taps.Length; i++)
        {
            taps[i] = new(i % 3 - 1, i / 3 - 1, (i == 4 ? 1 + amount : 0) - (amount / 9));
        }
        Retouch.Filter(picture.Pixels, picture.Size, taps);
        picture.Note(this, ("amount", amount));
    }
}
