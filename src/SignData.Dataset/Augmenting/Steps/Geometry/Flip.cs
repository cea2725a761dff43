using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Mirrors the picture left to right. A left-handed signer makes the same signs mirrored, so this is right for fingerspelling; it is wrong where
/// the direction of a sign carries meaning, and so it must be asked for.
/// </summary>
public sealed record Flip : AugmentStep
{
    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        picture.Map(Matrix3x2.CreateScale(-1, 1));
        picture.Note(this);
    }
}
