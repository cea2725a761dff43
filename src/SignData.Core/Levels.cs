using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignData.Core;

/// <summary>How bright a picture's samples are.</summary>
public static class Levels
{
    /// <summary>So many bytes at once: the sum of their squares, 255² each, fits 32 bits.</summary>
    private const int Together = 65_536;

    /// <summary>The mean of samples and their standard deviation, both in levels of 0 to 255, from exact sums; 0 and 0 of none.</summary>
    /// <param name="samples">As many as there are.</param>
    // Runs end before the profile of this loop would be known.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Mean, double Deviation) Of(ReadOnlySpan<byte> samples)
    {
        if (samples.IsEmpty)
        {
            return (0, 0);
        }
        var (sum, squares) = (0L, 0L);
        for (var from = 0; from < samples.Length; from += Together)
        {
            var part = samples[from..Math.Min(samples.Length, from + Together)];
            var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(part);
            var (sums, squareSums) = (Vector<uint>.Zero, Vector<uint>.Zero);
            foreach (var vector in vectors)
            {
                Vector.Widen(vector, out var low, out var high);
                sums += Widened(low + high);
                squareSums += Widened(low * low) + Widened(high * high);
            }
            sum += Vector.Sum(sums);
            squares += Vector.Sum(squareSums);
            foreach (var sample in part[(vectors.Length * Vector<byte>.Count)..])
            {
                sum += sample;
                squares += sample * sample;
            }
        }
        var mean = (double)sum / samples.Length;
        return (mean, Math.Sqrt(Math.Max(0, ((double)squares / samples.Length) - (mean * mean))));
    }

    private static Vector<uint> Widened(Vector<ushort> values)
    {
        Vector.Widen(values, out var low, out var high);
        return low + high;
    }
}
