using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Multiplies each channel by a factor of its own: white balance.</summary>
public sealed record ChannelGain : AugmentStep
{
    /// <summary>The factor, drawn for each channel.</summary>
    [Within(0, 4)]
    public Interval Factor { get; init; } = new(0.85f, 1.15f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector3 gain = new(Factor.Draw(ref random), Factor.Draw(ref random), Factor.Draw(ref random));
        picture.Colour(ColourMatrix.Diagonal(gain, Vector3.Zero));
        picture.Note(this, ("red", gain.X), ("green", gain.Y), ("blue", gain.Z));
    }
}
