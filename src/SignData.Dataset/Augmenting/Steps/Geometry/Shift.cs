using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Moves the picture.</summary>
public sealed record Shift : AugmentStep
{
    /// <summary>To the right, in the picture's widths.</summary>
    [Within(-1, 1)]
    public Interval X { get; init; } = new(-0.1f, 0.1f);

    /// <summary>Down, in the picture's heights.</summary>
    [Within(-1, 1)]
    public Interval Y { get; init; } = new(-0.1f, 0.1f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector2 by = new(X.Draw(ref random), Y.Draw(ref random));
        picture.Map(Matrix3x2.CreateTranslation(-by * picture.Canvas));
        picture.Note(this, ("x", by.X), ("y", by.Y));
    }
}
