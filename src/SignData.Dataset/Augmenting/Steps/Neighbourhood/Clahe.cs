using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Equalizes the luma cell by cell, with limited contrast (Zuiderveld 1994; OpenCV's CLAHE on Y).</summary>
public sealed record Clahe : AugmentStep
{
    /// <summary>The most that a cell's histogram may hold, in multiples of its mean.</summary>
    [Within(0.1, 40)]
    public Interval Clip { get; init; } = new(1, 4);

    /// <summary>Cells along a side.</summary>
    [Within(1, 16)]
    public int Tiles { get; init; } = 8;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float clip = Clip.Draw(ref random);
        Retouch.Clahe(picture.Pixels, picture.Size, clip, Math.Min(Tiles, Math.Max(1, picture.Size / 2)));
        picture.Note(this, ("clip", clip));
    }
}
