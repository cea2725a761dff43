using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>Between 8-bit sRGB and linear light (IEC 61966-2-1).</summary>
internal static class Colour
{
    private const int Steps = 4096;

    private static readonly byte[] Encoded = BuildTable();

    /// <summary>Linear light of a colour written 0xRRGGBB.</summary>
    public static Vector3 FromSrgb(int rgb) => new(Linear((rgb >> 16) & 255), Linear((rgb >> 8) & 255), Linear(rgb & 255));

    /// <summary>The 8-bit sRGB value of linear light, clipped.</summary>
    public static byte ToSrgb(float linear) => Encoded[(int)Math.Clamp(linear * (Steps - 1), 0, Steps - 1)];

    /// <summary>A saturated or pale colour of that hue (in turns), linear.</summary>
    public static Vector3 Hue(float turns, float saturation, float value)
    {
        Vector3 full = new(Wave(turns), Wave(turns - (1f / 3)), Wave(turns - (2f / 3)));
        return value * Vector3.Lerp(Vector3.One, full, saturation);
    }

    private static float Wave(float turns) => 0.5f + (0.5f * MathF.Cos(2 * MathF.PI * turns));

    private static float Linear(int value)
    {
        float v = value / 255f;
        return v <= 0.04045f ? v / 12.92f : MathF.Pow((v + 0.055f) / 1.055f, 2.4f);
    }

    private static byte[] BuildTable()
    {
        byte[] table = new byte[Steps];
        for (int i = 0; i < Steps; i++)
        {
            float v = (float)i / (Steps - 1);
            float s = v <= 0.0031308f ? v * 12.92f : (1.055f * MathF.Pow(v, 1 / 2.4f)) - 0.055f;
            table[i] = (byte)((s * 255) + 0.5f);
        }
        return table;
    }
}
