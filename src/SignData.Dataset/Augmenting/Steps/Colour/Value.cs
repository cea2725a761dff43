using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Multiplies the value of HSV, the largest channel; hue and saturation stay, which is to multiply all channels.</summary>
public sealed record Value : AugmentStep
{
    /// <summary>The factor.</summary>
    [Within(0, 4)]
    public Interval Factor { get; init; } = new(0.8f, 1.2f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float factor = Factor.Draw(ref random);
        picture.Colour(ColourMatrix.Alike(factor, 0));
        picture.Note(this, ("factor", factor));
    }
}
