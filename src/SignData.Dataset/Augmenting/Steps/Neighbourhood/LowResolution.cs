using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Loses detail as a small picture does that is shown large: sampled at a coarse lattice and drawn straight between.</summary>
public sealed record LowResolution : AugmentStep
{
    private const int Least = 4;

    /// <summary>The coarse picture's side, in the picture's.</summary>
    [Within(0.05, 1)]
    public Interval Scale { get; init; } = new(0.3f, 0.8f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int size = picture.Size, small = Math.Clamp((int)MathF.Round(Scale.DrawRatio(ref random) * size), Least, Math.Max(Least, size));
        if (small < size)
        {
            Span<byte> coarse = picture.Spare[..(small * small * 3)];
            picture.Stretch(picture.Pixels, size, coarse, small);
            picture.Stretch(coarse, small, picture.Pixels, size);
        }
        picture.Note(this, ("pixels", small));
    }
}
