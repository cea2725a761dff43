using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Slants the picture: what is above its middle moves one way, what is below the other.</summary>
public sealed record Shear : AugmentStep
{
    /// <summary>Columns to a row, to the right below the middle.</summary>
    [Within(-1, 1)]
    public Interval X { get; init; } = new(-0.12f, 0.12f);

    /// <summary>Rows to a column, down to the right of the middle.</summary>
    [Within(-1, 1)]
    public Interval Y { get; init; } = 0;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float x = X.Draw(ref random), y = Y.Draw(ref random);
        picture.Map(new Matrix3x2(1, -y, -x, 1, 0, 0));
        picture.Note(this, ("x", x), ("y", y));
    }
}
