using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Leaves little light, and the noise of a camera that makes up for it.</summary>
public sealed record NearDarkness : AugmentStep
{
    /// <summary>How much of the light is left.</summary>
    [Within(0.01, 1)]
    public Interval Light { get; init; } = new(0.08f, 0.4f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float light = Light.DrawRatio(ref random), made = MathF.Sqrt(light), gain = 0.25f / MathF.Sqrt(light);
        picture.Colour(ColourMatrix.Alike(made, 255 * 0.02f * random.NextUnit()));
        Retouch.Noise(picture.Pixels, gain, 12 * gain * gain, 0.7f, (uint)random.NextBits());
        picture.Note(this, ("light", light), ("gain", gain));
    }
}
