using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>The negative.</summary>
public sealed record Invert : AugmentStep
{
    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        picture.Colour(ColourMatrix.Alike(-1, 255));
        picture.Note(this);
    }
}
