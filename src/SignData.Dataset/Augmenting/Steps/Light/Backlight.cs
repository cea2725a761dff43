using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// A bright background behind a dark hand: where the hand is known its outline is kept, else what is low and in the middle is dark and the rest bright. Glare takes away contrast.
/// </summary>
public sealed record Backlight : AugmentStep
{
    /// <summary>How strong it is: the hand keeps 1 - 0.6 of this of its light, the background gets 1 + this.</summary>
    [Within(0, 1)]
    public Interval Strength { get; init; } = new(0.3f, 0.9f);

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float strength = Strength.Draw(ref random), x = random.Next(0.3f, 0.7f), radius = random.Next(0.5f, 0.8f), glare = 0.12f * strength * random.NextUnit();
        ReadOnlySpan<byte> hand = picture.Hand;
        Span<float> field = picture.LightField(out int rows);
        int size = picture.Size;
        float scale = 1 / (radius * radius * size * size);
        for (int j = 0; j < rows; j++)
        {
            int row = Math.Min(j * picture.LightSpacing, size - 1);
            for (int i = 0; i < size; i++)
            {
                // Without an outline, someone who sits before the window: wide below, the light over the shoulders.
                float dx = i - (x * size), dy = 0.6f * (size - row), far = Math.Clamp((((dx * dx) + (dy * dy)) * scale) - 0.1f, 0, 1);
                field[(j * size) + i] = hand.IsEmpty || picture.Handless ? far * far * (3 - (2 * far)) : 1 - (hand[(row * size) + i] / 255f);
            }
        }
        picture.Light(new Vector3(1 - (0.6f * strength)), new Vector3(1 + strength));
        picture.Colour(ColourMatrix.Alike(1 - glare, 255 * glare));
        picture.Note(this, ("strength", strength), ("glare", glare));
    }
}
