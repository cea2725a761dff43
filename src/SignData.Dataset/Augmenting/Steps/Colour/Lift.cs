using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Adds to all channels alike: haze above 0, pictures too dark below.</summary>
public sealed record Lift : AugmentStep
{
    /// <summary>What is added, of white.</summary>
    [Within(-1, 1)]
    public Interval By { get; init; } = new(-0.1f, 0.1f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float by = By.Draw(ref random);
        picture.Colour(ColourMatrix.Alike(1, 255 * by));
        picture.Note(this, ("by", by));
    }
}
