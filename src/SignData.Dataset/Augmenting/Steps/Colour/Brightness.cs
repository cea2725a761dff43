using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Multiplies all channels (torchvision's adjust_brightness).</summary>
public sealed record Brightness : AugmentStep
{
    /// <summary>The factor.</summary>
    [Within(0, 4)]
    public Interval Factor { get; init; } = new(0.7f, 1.3f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float factor = Factor.Draw(ref random);
        picture.Colour(ColourMatrix.Alike(factor, 0));
        picture.Note(this, ("factor", factor));
    }
}
