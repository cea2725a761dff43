using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Spreads or draws together all channels about a grey.</summary>
public sealed record Contrast : AugmentStep
{
    /// <summary>The factor.</summary>
    [Within(0, 4)]
    public Interval Factor { get; init; } = new(0.7f, 1.3f);

    /// <summary>The grey that stays, 0..255: ImageNet's mean luma, 0.449 of white, unless given.</summary>
    [Within(0, 255)]
    public float About { get; init; } = 114;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float factor = Factor.Draw(ref random);
        picture.Colour(ColourMatrix.Alike(factor, About * (1 - factor)));
        picture.Note(this, ("factor", factor));
    }
}
