using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Adds normal noise, alike in light and dark.</summary>
public sealed record Noise : AugmentStep
{
    /// <summary>Its deviation, in units of 0..255.</summary>
    [Within(0, 128)]
    public Interval Sigma { get; init; } = new(2, 12);

    /// <summary>How much of the deviation each channel has for itself: 0 is grey noise, 1 all colour.</summary>
    [Within(0, 1)]
    public float Colour { get; init; } = 1;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float sigma = Sigma.Draw(ref random);
        Retouch.Noise(picture.Pixels, 0, sigma * sigma, Colour, (uint)random.NextBits());
        picture.Note(this, ("sigma", sigma));
    }
}
