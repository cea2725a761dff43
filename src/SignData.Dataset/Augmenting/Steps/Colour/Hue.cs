using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Turns colours about the grey axis; grey and luma (BT.601) stay. A turn of 120 degrees makes reds green.</summary>
public sealed record Hue : AugmentStep
{
    /// <summary>The turn, in degrees.</summary>
    [Within(-180, 180)]
    public Interval Degrees { get; init; } = new(-18, 18);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float degrees = Degrees.Draw(ref random);
        picture.Colour(Turn(degrees));
        picture.Note(this, ("degrees", degrees));
    }

    /// <summary>The turn as a matrix: Rodrigues' rotation about (1, 1, 1) of what differs from luma.</summary>
    /// <param name="degrees">The turn.</param>
    public static ColourMatrix Turn(float degrees)
    {
        Vector3 luma = ColourMatrix.Luma, acrossR = new(0, -1, 1), acrossG = new(1, 0, -1), acrossB = new(-1, 1, 0);
        float cos = MathF.Cos(degrees * MathF.PI / 180), sin = MathF.Sin(degrees * MathF.PI / 180) / MathF.Sqrt(3);
        Vector3 drift = (luma.X * acrossR) + (luma.Y * acrossG) + (luma.Z * acrossB);
        Vector4 Turned(Vector3 own, Vector3 across) => new(luma + (cos * (own - luma)) + (sin * (across - drift)), 0);
        return new(Turned(Vector3.UnitX, acrossR), Turned(Vector3.UnitY, acrossG), Turned(Vector3.UnitZ, acrossB));
    }
}
