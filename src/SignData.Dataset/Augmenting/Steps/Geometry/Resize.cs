using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Squeezes the picture into a size in pixels, of which later crops and pads then speak. The result is sampled once, at the size that the model wants.</summary>
public sealed record Resize : AugmentStep
{
    /// <summary>In pixels.</summary>
    [Within(8, 4096)]
    public int Width { get; init; } = 256;

    /// <summary>In pixels.</summary>
    [Within(8, 4096)]
    public int Height { get; init; } = 256;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector2 size = new(Width, Height);
        picture.Map(Matrix3x2.CreateScale(picture.Canvas / size), size, inPixels: true);
        picture.Note(this, ("width", Width), ("height", Height));
    }
}
