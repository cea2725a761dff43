using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Gives the hand another tone of the Monk scale, from dark to light: its channels are scaled so that its mean becomes that tone, shadows and creases stay. Pictures in which
/// the hand is not found for sure are left alone.
/// </summary>
public sealed record SkinTone : AugmentStep
{
    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <summary>How far towards the new tone, 1 all the way.</summary>
    [Within(0, 1)]
    public Interval Strength { get; init; } = new(0.6f, 1);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Tone tone = Tones.Monk[random.Next(Tones.Monk.Count)];
        float strength = Strength.Draw(ref random);
        ReadOnlySpan<byte> hand = picture.Hand;
        if (hand.IsEmpty || Tones.Mean(picture.Pixels, hand) is not { } mean)
        {
            return;
        }
        Span<byte> pixels = picture.Pixels, before = picture.Spare, table = stackalloc byte[768];
        pixels.CopyTo(before);
        // What is lit has on the mean 0.8 of the tone's full light, and skin that is dark shines a little.
        Vector3 target = new Vector3(12) + (0.8f * new Vector3(tone.Red, tone.Green, tone.Blue)), gain = Vector3.Lerp(Vector3.One, target / Vector3.Max(mean, new(8)), strength);
        for (int i = 0; i < 256; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                table[(256 * c) + i] = (byte)(Rolled(i * gain[c]) + 0.5f);
            }
        }
        Retouch.Table(pixels, pixels, table);
        Retouch.Blend(pixels, before, picture.Hand);
        picture.Note(this, ("red", tone.Red), ("green", tone.Green), ("blue", tone.Blue), ("strength", strength));
    }

    // Highlights roll off instead of being cut.
    private static float Rolled(float v) => v < 190 ? v : 190 + (65 * (1 - MathF.Exp((190 - v) / 65)));
}
