using System.Globalization;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>What clips to make.</summary>
public sealed record SynthesisOptions
{
    /// <summary>The letters, each one of <see cref="Hand.Letters"/>.</summary>
    public IReadOnlyList<char> Letters { get; init; } = Hand.Letters;

    /// <summary>Who signs.</summary>
    public IReadOnlyList<Signer> Signers { get; init; } = Signer.First(4);

    /// <summary>Clips per letter and signer, 1 to 999.</summary>
    public int Clips { get; init; } = 3;

    /// <summary>The length of a clip, 0.5 to 60.</summary>
    public double Seconds { get; init; } = 1.2;

    /// <summary>1 to 120.</summary>
    public double FramesPerSecond { get; init; } = 30;

    /// <summary>In pixels, even, 64 to 1920.</summary>
    public int Width { get; init; } = 320;

    /// <summary>In pixels, even, 64 to 1920.</summary>
    public int Height { get; init; } = 240;

    /// <summary>The same seed gives the same pictures.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Clips drawn at once; the pictures do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Frames in a clip.</summary>
    public int FrameCount => (int)Math.Round(Seconds * FramesPerSecond);

    /// <summary>Letters out of text such as <c>A,B,C</c> or <c>abc</c>, in order and once each.</summary>
    /// <param name="text">As the user writes it.</param>
    /// <exception cref="InputException">There is none, or one that is no static letter.</exception>
    public static IReadOnlyList<char> ParseLetters(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[] letters = [.. text.Where(c => c is not (',' or ' ')).Select(char.ToUpperInvariant).Distinct().Order()];
        foreach (char letter in letters)
        {
            if (!Hand.Letters.Contains(letter))
            {
                throw new InputException($"'{letter}' is no letter with a handshape; name some of A to Y without J, such as 'A,B,C'.");
            }
        }
        return letters.Length > 0 ? letters : throw new InputException($"No letter in '{text}'; name some of A to Y without J, such as 'A,B,C'.");
    }

    /// <summary>Signers out of a number such as <c>4</c>, or names such as <c>s1,s3</c>.</summary>
    /// <param name="text">As the user writes it.</param>
    /// <exception cref="InputException">It is neither.</exception>
    public static IReadOnlyList<Signer> ParseSigners(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, CultureInfo.InvariantCulture, out int count))
        {
            return count is >= 1 and <= Signer.Max
                ? Signer.First(count)
                : throw new InputException($"There are no {count} synthetic signers; ask for 1 to {Signer.Max}.");
        }
        string[] names = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        return names.Length > 0
            ? [.. names.Select(Signer.Of)]
            : throw new InputException($"No signer in '{text}'; give a number, or names such as 's1,s3'.");
    }

    /// <summary>A picture's size out of text such as <c>320x240</c>.</summary>
    /// <param name="text">As the user writes it.</param>
    /// <exception cref="InputException">It is no such size, or odd, or out of range.</exception>
    public static (int Width, int Height) ParseSize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] sides = text.Split('x');
        if (sides.Length != 2 || !int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height))
        {
            throw new InputException($"'{text}' is no size; write it as 320x240.");
        }
        return width is >= 64 and <= 1920 && height is >= 64 and <= 1920 && (width | height) % 2 == 0
            ? (width, height)
            : throw new InputException($"A size of {text} is not possible; both sides are even and between 64 and 1920.");
    }
}
