using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Makes the picture larger or smaller about its middle.</summary>
public sealed record Scale : AugmentStep
{
    /// <summary>How much larger, halving as likely as doubling.</summary>
    [Within(0.1, 10)]
    public Interval Factor { get; init; } = new(0.8f, 1.25f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float factor = Factor.DrawRatio(ref random);
        picture.Map(Matrix3x2.CreateScale(1 / factor));
        picture.Note(this, ("factor", factor));
    }
}
