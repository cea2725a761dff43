using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Covers parts of the picture by boxes of one tone, lying or standing, as the Sign1 system hid fingers: 60 x 30 and 30 x 60 of 224 pixels.</summary>
public sealed record BoxDropout : AugmentStep
{
    /// <summary>How many boxes.</summary>
    [Within(1, 64)]
    public Interval Count { get; init; } = new(1, 4);

    /// <summary>A box's longer side, in the picture's.</summary>
    [Within(0.01, 1)]
    public float Longer { get; init; } = 60 / 224f;

    /// <summary>A box's shorter side, in the picture's.</summary>
    [Within(0.01, 1)]
    public float Shorter { get; init; } = 30 / 224f;

    /// <summary>The tone, as #rrggbb: Sign1's is 106, 87, 55.</summary>
    public Tone Tone { get; init; } = new(106, 87, 55);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int size = picture.Size, count = Count.DrawWhole(ref random);
        Span<byte> pixels = picture.Pixels;
        for (int i = 0; i < count; i++)
        {
            bool standing = random.NextUnit() < 0.5f;
            int width = (int)MathF.Round((standing ? Shorter : Longer) * size), height = (int)MathF.Round((standing ? Longer : Shorter) * size);
            int left = random.Next(size - width + 1), top = random.Next(size - height + 1);
            for (int y = top; y < top + height; y++)
            {
                Tone.Fill(pixels.Slice(((y * size) + left) * 3, width * 3));
            }
        }
        picture.Note(this, ("count", count));
    }
}
