using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Lights the picture by a lamp's colour; how bright it is stays.</summary>
public sealed record ColouredLight : AugmentStep
{
    // A black body at 2,700 K and 6,500 K against daylight (Planck's law through CIE 1931, as tabulated by M. Charity); mercury's green; a screen's blue.
    private static readonly Vector3 Tungsten = new(1, 0.663f, 0.341f), Fluorescent = new(0.82f, 1, 0.80f), Screen = new(0.62f, 0.78f, 1);

    /// <summary>Which lamp.</summary>
    public Lamp Lamp { get; init; } = Lamp.Any;

    /// <summary>How much of the light is the lamp's, the rest is white.</summary>
    [Within(0, 1)]
    public Interval Strength { get; init; } = new(0.2f, 0.9f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float strength = Strength.Draw(ref random);
        Lamp lamp = Lamp == Lamp.Any ? (Lamp)(1 + random.Next(3)) : Lamp;
        Vector3 colour = lamp == Lamp.Tungsten ? Tungsten : lamp == Lamp.Fluorescent ? Fluorescent : Screen;
        Vector3 gain = Vector3.Lerp(Vector3.One, colour / Vector3.Dot(colour, ColourMatrix.Luma), strength);
        picture.Colour(ColourMatrix.Diagonal(gain, Vector3.Zero));
        picture.Note(this, ("lamp", (int)lamp), ("strength", strength));
    }
}
