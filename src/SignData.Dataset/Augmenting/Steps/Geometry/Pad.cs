using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Shows a margin round the picture, filled as the recipe's border says.</summary>
public sealed record Pad : AugmentStep
{
    /// <summary>The margin, in the picture's sides.</summary>
    [Within(0, 2)]
    public Interval By { get; init; } = 0.125f;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float by = By.Draw(ref random);
        picture.Map(Homography.Identity, picture.Canvas * (1 + (2 * by)));
        picture.Note(this, ("by", by));
    }
}
