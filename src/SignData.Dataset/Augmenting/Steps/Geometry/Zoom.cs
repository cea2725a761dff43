using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Shows a part of the picture, or more than all of it: below 1 the hand comes nearer, above 1 it gets smaller and what lies beyond the picture is its border.
/// The part lies anywhere in the picture. Its sides are in proportion to the picture's.
/// </summary>
public sealed record Zoom : AugmentStep
{
    /// <summary>The part's sides in the picture's sides, halving as likely as doubling.</summary>
    [Within(0.05, 8)]
    public Interval Scale { get; init; } = new(0.8f, 1.25f);

    /// <summary>Width over height of the part, against the picture's, lies within e^+-this.</summary>
    [Within(0, 2)]
    public float Aspect { get; init; }

    /// <summary>The most that its middle moves beyond what keeps it inside the picture, in shorter sides.</summary>
    [Within(0, 1)]
    public float Shift { get; init; }

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector2 canvas = picture.Canvas;
        float scale = Scale.DrawRatio(ref random), stretch = MathF.Exp(random.Next(-Aspect, Aspect) / 2);
        Vector2 shown = scale * canvas * new Vector2(stretch, 1 / stretch), reach = Vector2.Abs(canvas - shown) / 2;
        float shift = Shift * Math.Min(canvas.X, canvas.Y);
        Vector2 middle = new(random.Next(-1, 1) * (reach.X + shift), random.Next(-1, 1) * (reach.Y + shift));
        picture.Map(Matrix3x2.CreateTranslation(middle), shown);
        picture.Note(this, ("scale", scale), ("stretch", stretch), ("x", middle.X), ("y", middle.Y));
    }
}
