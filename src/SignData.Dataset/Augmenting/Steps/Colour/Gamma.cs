using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Raises all channels, as parts of white, to a power: the middle gets darker above 1 and brighter below, black and white stay (torchvision's adjust_gamma).</summary>
public sealed record Gamma : AugmentStep
{
    /// <summary>The exponent, halving as likely as doubling.</summary>
    [Within(0.1, 10)]
    public Interval Exponent { get; init; } = new(0.7f, 1.4f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float exponent = Exponent.DrawRatio(ref random);
        foreach (ref float value in picture.Curves())
        {
            value = 255 * MathF.Pow(Math.Clamp(value, 0, 255) / 255, exponent);
        }
        picture.Note(this, ("exponent", exponent));
    }
}
