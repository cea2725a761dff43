using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Scales how far colours are from grey of the same luma (torchvision's adjust_saturation).</summary>
public sealed record Saturation : AugmentStep
{
    /// <summary>The factor; 0 is grey.</summary>
    [Within(0, 4)]
    public Interval Factor { get; init; } = new(0.6f, 1.4f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float factor = Factor.Draw(ref random);
        picture.Colour(By(factor));
        picture.Note(this, ("factor", factor));
    }

    /// <summary>The change as a matrix.</summary>
    /// <param name="factor">0 is grey, 1 changes nothing.</param>
    public static ColourMatrix By(float factor)
    {
        Vector4 Row(Vector3 own) => new((factor * own) + ((1 - factor) * ColourMatrix.Luma), 0);
        return new(Row(Vector3.UnitX), Row(Vector3.UnitY), Row(Vector3.UnitZ));
    }
}
