using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Cuts out a part of a given size in pixels, anywhere in the picture; a resize before it says how many pixels there are.</summary>
public sealed record Crop : AugmentStep
{
    /// <summary>In pixels; at most what the resize before gives.</summary>
    [Within(8, 4096)]
    public int Width { get; init; } = 224;

    /// <summary>In pixels; at most what the resize before gives.</summary>
    [Within(8, 4096)]
    public int Height { get; init; } = 224;

    /// <summary>Whether the part is the middle.</summary>
    public bool Centre { get; init; }

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector2 size = new(Width, Height), spare = picture.Canvas - size;
        Vector2 middle = Centre ? Vector2.Zero : new(MathF.Round(spare.X * random.NextUnit()) - (spare.X / 2), MathF.Round(spare.Y * random.NextUnit()) - (spare.Y / 2));
        picture.Map(Matrix3x2.CreateTranslation(middle), size);
        picture.Note(this, ("x", middle.X), ("y", middle.Y));
    }
}
