using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Adds the noise of a sensor at high gain (Foi et al. 2008): photons, whose variance grows with the light, and electronics.</summary>
public sealed record IsoNoise : AugmentStep
{
    /// <summary>The sensor's gain: the variance of photons for each unit of 0..255.</summary>
    [Within(0, 8)]
    public Interval Gain { get; init; } = new(0.1f, 1.2f);

    /// <summary>How much of the deviation each channel has for itself: demosaicing leaves both.</summary>
    [Within(0, 1)]
    public float Colour { get; init; } = 0.7f;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float gain = Gain.Draw(ref random);
        // Electronics are amplified as photons are: at black a deviation of 4 gains.
        Retouch.Noise(picture.Pixels, gain, 16 * gain * gain, Colour, (uint)random.NextBits());
        picture.Note(this, ("gain", gain));
    }
}
