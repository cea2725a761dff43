using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Keeps the highest bits of each sample only (torchvision's posterize).</summary>
public sealed record Posterize : AugmentStep
{
    /// <summary>How many bits stay.</summary>
    [Within(1, 8)]
    public Interval Bits { get; init; } = 4;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int bits = Bits.DrawWhole(ref random), step = 1 << (8 - bits);
        foreach (ref float value in picture.Curves())
        {
            value = MathF.Floor(Math.Clamp(value + 0.5f, 0, 255) / step) * step;
        }
        picture.Note(this, ("bits", bits));
    }
}
