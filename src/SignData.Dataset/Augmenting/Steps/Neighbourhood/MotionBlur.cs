using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Smears the picture along a line, as a hand that moves in the exposure does: the mean of the pixels on it.</summary>
public sealed record MotionBlur : AugmentStep
{
    private const int MostTaps = 64;

    /// <summary>The line's length, in the picture's side.</summary>
    [Within(0, 0.25)]
    public Interval Length { get; init; } = new(0.01f, 0.05f);

    /// <summary>The line's direction, in degrees from the horizontal.</summary>
    [Within(-180, 180)]
    public Interval Degrees { get; init; } = new(-90, 90);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float length = Length.Draw(ref random) * picture.Size, angle = Degrees.Draw(ref random) * MathF.PI / 180;
        int count = Math.Clamp((int)MathF.Round(length), 1, MostTaps);
        Span<Tap> taps = stackalloc Tap[MostTaps];
        for (int i = 0; i < count; i++)
        {
            float along = i - ((count - 1) / 2f);
            taps[i] = new((int)MathF.Round(along * MathF.Cos(angle)), (int)MathF.Round(along * MathF.Sin(angle)), 1f / count);
        }
        if (count > 1)
        {
            Retouch.Filter(picture.Pixels, picture.Size, taps[..count]);
        }
        picture.Note(this, ("pixels", count), ("degrees", angle * 180 / MathF.PI));
    }
}
