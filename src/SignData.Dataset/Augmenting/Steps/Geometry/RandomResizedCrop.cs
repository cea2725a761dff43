using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Shows a part of the picture that lies wholly in it, as torchvision's step of that name does (Szegedy et al. 2015).</summary>
public sealed record RandomResizedCrop : AugmentStep
{
    /// <summary>The part's area, of the picture's.</summary>
    [Within(0.01, 1)]
    public Interval Scale { get; init; } = new(0.5f, 1);

    /// <summary>The part's width over its height, halving as likely as doubling.</summary>
    [Within(0.25, 4)]
    public Interval Ratio { get; init; } = new(3 / 4f, 4 / 3f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector2 canvas = picture.Canvas;
        float area = Scale.Draw(ref random) * canvas.X * canvas.Y, ratio = Ratio.DrawRatio(ref random);
        Vector2 shown = Vector2.Min(canvas, new(MathF.Sqrt(area * ratio), MathF.Sqrt(area / ratio)));
        Vector2 middle = (canvas - shown) * new Vector2(random.NextUnit() - 0.5f, random.NextUnit() - 0.5f);
        picture.Map(Matrix3x2.CreateTranslation(middle), shown);
        picture.Note(this, ("width", shown.X), ("height", shown.Y), ("x", middle.X), ("y", middle.Y));
    }
}
