using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Colours of hands.</summary>
public static class Tones
{
    private const int Looks = 48;

    /// <summary>The Monk Skin Tone Scale, light to dark: Ellis Monk, 2019; published with Google as skintone.google, CC BY 4.0.</summary>
    public static IReadOnlyList<Tone> Monk { get; } =
    [
        Tone.Of(0xF6EDE4), Tone.Of(0xF3E7DB), Tone.Of(0xF7EAD0), Tone.Of(0xEADABA), Tone.Of(0xD7BD96),
        Tone.Of(0xA07E56), Tone.Of(0x825C43), Tone.Of(0x604134), Tone.Of(0x3A312A), Tone.Of(0x292420),
    ];

    /// <summary>Rubber gloves as kitchens and surgeries have them: yellow, pink, green, blue, orange, violet, white, black.</summary>
    public static IReadOnlyList<Tone> Gloves { get; } =
        [.. ((int[])[0xF4CE3A, 0xE8609C, 0x4FA964, 0x3E86C8, 0xE9803A, 0x7E57A4, 0xEDEFF0, 0x2B2D30]).Select(rgb => Tone.Of(rgb) with { IsGlove = true })];

    /// <summary>Draws a tone.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="random">Where the draw comes from.</param>
    /// <param name="pixels">The picture, size x size x 3.</param>
    /// <param name="size">Its side.</param>
    public static Tone Draw(FingerTone from, ref SampleRandom random, ReadOnlySpan<byte> pixels, int size)
    {
        if (from == FingerTone.Any)
        {
            int fifth = random.Next(5);
            from = fifth < 3 ? FingerTone.Monk : fifth == 3 ? FingerTone.Glove : FingerTone.Own;
        }
        return from switch
        {
            FingerTone.Glove => Gloves[random.Next(Gloves.Count)],
            FingerTone.Own => Own(ref random, pixels, size),
            _ => Monk[random.Next(Monk.Count)],
        };
    }

    /// <summary>The mean colour under a mask; null where there is next to nothing.</summary>
    /// <param name="pixels">The picture.</param>
    /// <param name="mask">One byte a pixel, 128 and more counts.</param>
    public static Vector3? Mean(ReadOnlySpan<byte> pixels, ReadOnlySpan<byte> mask)
    {
        long red = 0, green = 0, blue = 0, count = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] >= 128)
            {
                (red, green, blue, count) = (red + pixels[3 * i], green + pixels[(3 * i) + 1], blue + pixels[(3 * i) + 2], count + 1);
            }
        }
        return count < 16 ? null : new Vector3(red, green, blue) / count;
    }

    // Of some pixels about the middle the one most like skin: red above green above blue, but not by much.
    private static Tone Own(ref SampleRandom random, ReadOnlySpan<byte> pixels, int size)
    {
        Tone best = default;
        float most = float.MinValue;
        for (int i = 0; i < Looks; i++)
        {
            int x = (int)((0.2f + (0.6f * random.NextUnit())) * size), y = (int)((0.2f + (0.6f * random.NextUnit())) * size), at = ((y * size) + x) * 3;
            Tone tone = new(pixels[at], pixels[at + 1], pixels[at + 2]);
            float warm = (tone.Red - tone.Blue) / (20f + tone.Red), skin = 0.35f - MathF.Abs(warm - 0.35f) + (0.1f * tone.Red / 255) - (tone.Green > tone.Red ? 1 : 0);
            (best, most) = skin > most ? (tone, skin) : (best, most);
        }
        return best;
    }
}
