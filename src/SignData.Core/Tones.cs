namespace SignData.Core;

/// <summary>How a picture's luma is spread, all in 0 to 255 but for the entropy.</summary>
/// <param name="Mean">Brightness.</param>
/// <param name="Deviation">Contrast: the standard deviation.</param>
/// <param name="Entropy">Information: bits a pixel, 0 (one value) to 8 (all values alike often).</param>
/// <param name="Shadows">The 5th percentile.</param>
/// <param name="Highlights">The 95th percentile.</param>
public readonly record struct Tones(double Mean, double Deviation, double Entropy, int Shadows, int Highlights)
{
    private const double Tail = 0.05;

    /// <summary>The tones of samples.</summary>
    /// <param name="luma">Any number; none gives zeros.</param>
    public static Tones Of(ReadOnlySpan<byte> luma)
    {
        if (luma.IsEmpty)
        {
            return default;
        }
        // Four tables: neighbours are often alike, and one counter would wait for itself.
        Span<int> counts = stackalloc int[4 * 256];
        var at = 0;
        for (; at + 4 <= luma.Length; at += 4)
        {
            counts[luma[at]]++;
            counts[256 + luma[at + 1]]++;
            counts[512 + luma[at + 2]]++;
            counts[768 + luma[at + 3]]++;
        }
        for (; at < luma.Length; at++)
        {
            counts[luma[at]]++;
        }
        var (sum, squares, entropy, below) = (0L, 0L, 0.0, 0L);
        var (shadows, highlights) = (-1, -1);
        for (var value = 0; value < 256; value++)
        {
            long count = counts[value] + counts[256 + value] + counts[512 + value] + counts[768 + value];
            if (count == 0)
            {
                continue;
            }
            sum += count * value;
            squares += count * value * value;
            var part = (double)count / luma.Length;
            entropy -= part * Math.Log2(part);
            below += count;
            shadows = shadows < 0 && below >= Tail * luma.Length ? value : shadows;
            highlights = highlights < 0 && below >= (1 - Tail) * luma.Length ? value : highlights;
        }
        var mean = (double)sum / luma.Length;
        return new Tones(mean, Math.Sqrt(Math.Max(0, ((double)squares / luma.Length) - (mean * mean))), entropy, shadows, highlights);
    }
}
