using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Shows the hand at another size and place, turned, slanted and stretched a little; what then lies beyond the picture is its border, so a new background belongs after it. Where the hand is not found for sure, it is taken to fill most of the picture, and nothing beyond that is shown.
/// Of a picture that is known to show no hand, a part is shown, anywhere in it.
/// </summary>
public sealed record PlaceHand : AugmentStep
{
    // Of the picture's sides, where nothing is known.
    private const float Most = 0.8f;

    // The smallest part of a picture without a hand, along its shorter side: who looks for a hand there may look that closely.
    private const float LeastPart = 0.1f;

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <summary>The longer side of the hand's box, in the result's side.</summary>
    [Within(0.1, 1.5)]
    public Interval Fill { get; init; } = new(0.3f, 0.9f);

    /// <summary>The deviation of the turn, in degrees.</summary>
    [Within(0, 45)]
    public float Turn { get; init; } = 10;

    /// <summary>The most that it is slanted.</summary>
    [Within(0, 0.5)]
    public float Shear { get; init; } = 0.12f;

    /// <summary>The most that it is made broader and shorter, or narrower and longer, as a factor of its width: hands differ.</summary>
    [Within(1, 2)]
    public float Stretch { get; init; } = 1.15f;

    /// <summary>The most of its box, across and down, that may lie beyond the result's sides, where it is not larger than the result in any case.</summary>
    [Within(0, 0.5)]
    public float Beyond { get; init; }

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float fill = Fill.DrawRatio(ref random), turn = Math.Clamp(Turn * random.NextNormal(), -3 * Turn, 3 * Turn) * MathF.PI / 180, shear = random.Next(-Shear, Shear);
        float across = random.NextUnit() - 0.5f, down = random.NextUnit() - 0.5f, stretch = MathF.Sqrt(MathF.Pow(Stretch, random.Next(-1, 1)));
        Vector2 canvas = picture.Canvas, shown, middle;
        float whole = Math.Min(canvas.X, canvas.Y);
        if (picture.FindHand() is { } hand)
        {
            Vector2 box = new(hand.Width, hand.Height);
            shown = new(Math.Max(box.X, box.Y) / fill);
            Vector2 spare = Vector2.Max(Vector2.Zero, shown - box) + (2 * Beyond * box);
            middle = new Vector2(hand.Left, hand.Top) + (box / 2) - (spare * new Vector2(across, down));
        }
        else
        {
            shown = new(whole * (picture.Handless ? MathF.Pow(LeastPart, random.NextUnit()) : Math.Min(1, Most / fill)));
            middle = (canvas - shown) * new Vector2(across, down);
        }
        picture.Map(Matrix3x2.CreateScale(1 / stretch, stretch) * new Matrix3x2(1, 0, -shear, 1, 0, 0) * Matrix3x2.CreateRotation(turn) * Matrix3x2.CreateTranslation(middle), shown);
        picture.Note(this, ("fill", fill), ("degrees", turn * 180 / MathF.PI), ("x", across), ("y", down));
    }
}
