using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Takes all colour away: luma by BT.601.</summary>
public sealed record Greyscale : AugmentStep
{
    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        picture.Colour(Saturation.By(0));
        picture.Note(this);
    }
}
