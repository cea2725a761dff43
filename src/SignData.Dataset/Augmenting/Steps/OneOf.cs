using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Takes one of several steps, each as likely as its chance says against the others'.</summary>
public sealed record OneOf : AugmentStep
{
    /// <summary>What there is to choose from.</summary>
    public IReadOnlyList<AugmentStep> Steps { get; init; } = [];

    /// <inheritdoc/>
    public override bool NeedsHand => Steps.Any(s => s.NeedsHand);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float all = 0;
        for (int i = 0; i < Steps.Count; i++)
        {
            all += Steps[i].P;
        }
        float drawn = random.NextUnit() * all;
        for (int i = 0; i < Steps.Count; i++)
        {
            drawn -= Steps[i].P;
            if (drawn < 0)
            {
                Steps[i].Apply(ref random, picture);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(OneOf? other) => other is not null && P == other.P && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(P, Steps.Count);
}
