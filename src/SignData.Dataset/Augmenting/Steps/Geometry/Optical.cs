using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Distorts as a lens does (Brown 1966; OpenCV's k1, k2): barrel or pincushion about the middle. The focal length is the longer side.</summary>
public sealed record Optical : AugmentStep
{
    /// <summary>The coefficient of r^2; above 0 the middle is spread and the sides come in.</summary>
    [Within(-1, 2)]
    public Interval K1 { get; init; } = new(-0.2f, 0.2f);

    /// <summary>The coefficient of r^4.</summary>
    [Within(-1, 2)]
    public Interval K2 { get; init; } = 0;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float k1 = K1.Draw(ref random), k2 = K2.Draw(ref random);
        picture.BendRadially(k1, k2, Math.Max(picture.Canvas.X, picture.Canvas.Y));
        picture.Note(this, ("k1", k1), ("k2", k2));
    }
}
