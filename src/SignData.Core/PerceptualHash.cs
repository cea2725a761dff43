using System.Numerics;

namespace SignData.Core;

/// <summary>
/// A 64-bit fingerprint of how a picture looks: the signs, about their median, of the lowest 8 x 8 frequencies but the mean
/// of the picture at 32 x 32 (the pHash of Zauner 2010). It survives re-encoding, scaling and changes of brightness.
/// </summary>
public static class PerceptualHash
{
    private const int Side = 32;
    private const int Frequencies = 8;

    // Rows 1 to 8 of the discrete cosine transform: the mean, and with it brightness, is left out.
    private static readonly float[] Cosines = MakeCosines();

    /// <summary>The hash of a picture.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static ulong Of(ReadOnlySpan<byte> luma, int width, int height) => Of(Thumbnail.Of(luma, width, height));

    /// <summary>The hash of a picture whose thumbnail exists.</summary>
    /// <param name="thumbnail">Of any size.</param>
    public static ulong Of(Thumbnail thumbnail)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        Span<float> small = stackalloc float[Side * Side];
        Shrink(thumbnail, small);
        // Columns first, then rows: each low frequency is a sum over 32.
        Span<float> half = stackalloc float[Frequencies * Side];
        for (var u = 0; u < Frequencies; u++)
        {
            var target = half.Slice(u * Side, Side);
            target.Clear();
            for (var y = 0; y < Side; y++)
            {
                var cosine = Cosines[u * Side + y];
                var row = small.Slice(y * Side, Side);
                for (var x = 0; x < Side; x++)
                {
                    target[x] += cosine * row[x];
                }
            }
        }
        Span<float> spectrum = stackalloc float[Frequencies * Frequencies];
        for (var u = 0; u < Frequencies; u++)
        {
            for (var v = 0; v < Frequencies; v++)
            {
                var sum = 0f;
                for (var x = 0; x < Side; x++)
                {
                    sum += Cosines[v * Side + x] * half[u * Side + x];
                }
                spectrum[u * Frequencies + v] = sum;
            }
        }
        Span<float> sorted = stackalloc float[spectrum.Length];
        spectrum.CopyTo(sorted);
        sorted.Sort();
        var median = (sorted[31] + sorted[32]) / 2;
        var hash = 0UL;
        for (var i = 0; i < spectrum.Length; i++)
        {
            hash |= spectrum[i] > median ? 1UL << i : 0;
        }
        return hash;
    }

    /// <summary>In how many of 64 bits two hashes differ: 0 for copies, up to about 10 for look-alikes, about 32 for strangers.</summary>
    /// <param name="a">One hash.</param>
    /// <param name="b">The other.</param>
    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    // Means of the blocks that 32 equal steps cut the thumbnail into; a side below 32 repeats samples.
    private static void Shrink(Thumbnail thumbnail, Span<float> small)
    {
        var pixels = thumbnail.Pixels;
        var (width, height) = (thumbnail.Width, thumbnail.Height);
        if (pixels.IsEmpty)
        {
            small.Clear();
            return;
        }
        Span<int> sums = stackalloc int[Side];
        for (var j = 0; j < Side; j++)
        {
            var top = j * height / Side;
            var bottom = Math.Max(top + 1, (j + 1) * height / Side);
            sums.Clear();
            for (var y = top; y < bottom; y++)
            {
                var row = pixels.Slice(y * width, width);
                for (var i = 0; i < Side; i++)
                {
                    var left = i * width / Side;
                    var sum = 0;
                    foreach (var value in row[left..Math.Max(left + 1, (i + 1) * width / Side)])
                    {
                        sum += value;
                    }
                    sums[i] += sum;
                }
            }
            for (var i = 0; i < Side; i++)
            {
                var left = i * width / Side;
                small[j * Side + i] = (float)sums[i] / ((bottom - top) * (Math.Max(left + 1, (i + 1) * width / Side) - left));
            }
        }
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[Frequencies * Side];
        for (var u = 0; u < Frequencies; u++)
        {
            for (var x = 0; x < Side; x++)
            {
                cosines[u * Side + x] = (float)Math.Cos(Math.PI * (u + 1) * (2 * x + 1) / (2 * Side));
            }
        }
        return cosines;
    }
}
