using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Inverts the samples from a threshold on (torchvision's solarize).</summary>
public sealed record Solarize : AugmentStep
{
    /// <summary>The threshold, 0..255.</summary>
    [Within(0, 255)]
    public Interval Threshold { get; init; } = 128;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float threshold = Threshold.Draw(ref random);
        foreach (ref float value in picture.Curves())
        {
            value = value >= threshold ? 255 - value : value;
        }
        picture.Note(this, ("threshold", threshold));
    }
}
