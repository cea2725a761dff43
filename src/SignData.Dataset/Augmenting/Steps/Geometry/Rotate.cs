using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Turns the picture about its middle. In fingerspelling direction is meaning: turned by about 90 degrees G and H (sideways) become D-like and U-like (upright), and
/// by 90 to 180 K and P, G and Q (downwards) change places, as do U and N, W and M. Within 20 degrees a hand stays what it is.
/// </summary>
public sealed record Rotate : AugmentStep
{
    /// <summary>Counter-clockwise, in degrees.</summary>
    [Within(-180, 180)]
    public Interval Degrees { get; init; } = new(-15, 15);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float degrees = Degrees.Draw(ref random);
        picture.Map(Matrix3x2.CreateRotation(degrees * MathF.PI / 180));
        picture.Note(this, ("degrees", degrees));
    }
}
