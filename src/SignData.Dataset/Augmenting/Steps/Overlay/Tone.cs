using System.Globalization;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>A colour.</summary>
/// <param name="Red">0..255.</param>
/// <param name="Green">0..255.</param>
/// <param name="Blue">0..255.</param>
public readonly record struct Tone(byte Red, byte Green, byte Blue)
{
    /// <summary>Whether it is a glove's, which has no nails.</summary>
    internal bool IsGlove { get; init; }

    /// <summary>From 0xRRGGBB.</summary>
    /// <param name="rgb">The three bytes.</param>
    public static Tone Of(int rgb) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);

    /// <summary>From #rrggbb.</summary>
    /// <param name="text">As a recipe has it.</param>
    public static Tone Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(int.Parse(text.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    /// <summary>Fills pixels.</summary>
    /// <param name="rgb">A run of whole pixels.</param>
    public void Fill(Span<byte> rgb)
    {
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (Red, Green, Blue);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
