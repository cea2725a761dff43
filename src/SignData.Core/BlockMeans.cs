using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignData.Core;

/// <summary>Shrinks luma by whole factors: each sample of the result is the mean of a block.</summary>
public static class BlockMeans
{
    /// <summary>The longest side of a block whose sum still fits 16 bits.</summary>
    private const int LongestSmallSide = 16;

    [ThreadStatic]
    private static ushort[]? scratch;

    /// <summary>The means of a picture's blocks, rounded to the nearest; what is left over at the right and the bottom is cut off.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="across">The width of a block, 1 to width and at most 256.</param>
    /// <param name="down">The height of a block, 1 to height and at most 256.</param>
    /// <param name="means">(height / down) x (width / across) samples.</param>
    // Short runs end before the profile of these loops would be known.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of(ReadOnlySpan<byte> luma, int width, int across, int down, Span<byte> means)
    {
        var (columns, rows) = (width / across, luma.Length / width / down);
        if (scratch is null || scratch.Length < width)
        {
            scratch = new ushort[width];
        }
        var sums = scratch.AsSpan(0, width);
        for (var row = 0; row < rows; row++)
        {
            SumOfRows(luma.Slice(row * down * width, down * width), width, sums);
            Divide(sums, columns, across, down, means.Slice(row * columns, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumOfRows(ReadOnlySpan<byte> rows, int width, Span<ushort> sums)
    {
        sums.Clear();
        var totals = MemoryMarshal.Cast<ushort, Vector<ushort>>(sums);
        for (var from = 0; from < rows.Length; from += width)
        {
            var row = rows.Slice(from, width);
            var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(row);
            for (var i = 0; i < vectors.Length; i++)
            {
                Vector.Widen(vectors[i], out var low, out var high);
                totals[2 * i] += low;
                totals[(2 * i) + 1] += high;
            }
            for (var x = vectors.Length * Vector<byte>.Count; x < width; x++)
            {
                sums[x] += row[x];
            }
        }
    }

    private static void Divide(Span<ushort> sums, int columns, int across, int down, Span<byte> means)
    {
        // Division as a multiplication; exact to the nearest but for ties.
        var reciprocal = (uint)((1 << 24) / (across * down));
        const uint half = 1 << 23;
        if (across <= LongestSmallSide && down <= LongestSmallSide)
        {
            for (; across % 2 == 0; across /= 2)
            {
                AddPairs(sums, columns * across / 2);
            }
            if (across == 3)
            {
                AddThrees(sums, columns);
                across = 1;
            }
        }
        var x = 0;
        if (across == 1)
        {
            for (; x <= columns - Vector<byte>.Count; x += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<ushort>(sums[x..]), out var first, out var second);
                Vector.Widen(new Vector<ushort>(sums[(x + Vector<ushort>.Count)..]), out var third, out var fourth);
                var low = Vector.Narrow(Mean(first), Mean(second));
                var high = Vector.Narrow(Mean(third), Mean(fourth));
                Vector.Narrow(low, high).CopyTo(means[x..]);
            }
        }
        for (; x < columns; x++)
        {
            var sum = 0u;
            foreach (var value in sums.Slice(x * across, across))
            {
                sum += value;
            }
            means[x] = (byte)(((sum * reciprocal) + half) >> 24);
        }

        Vector<uint> Mean(Vector<uint> sum) => ((sum * reciprocal) + new Vector<uint>(half)) >> 24;
    }

    /// <summary>Each two neighbours become one, in place.</summary>
    private static void AddPairs(Span<ushort> sums, int count)
    {
        var x = 0;
        for (; x <= count - Vector<ushort>.Count; x += Vector<ushort>.Count)
        {
            var low = Vector.AsVectorUInt32(new Vector<ushort>(sums[(2 * x)..]));
            var high = Vector.AsVectorUInt32(new Vector<ushort>(sums[((2 * x) + Vector<ushort>.Count)..]));
            var mask = new Vector<uint>(0xFFFF);
            Vector.Narrow((low & mask) + (low >> 16), (high & mask) + (high >> 16)).CopyTo(sums[x..]);
        }
        for (; x < count; x++)
        {
            sums[x] = (ushort)(sums[2 * x] + sums[(2 * x) + 1]);
        }
    }

    /// <summary>Each three neighbours become one, in place.</summary>
    private static void AddThrees(Span<ushort> sums, int count)
    {
        const int lanes = 8;
        var x = 0;
        for (; (3 * x) + (3 * lanes) + 2 <= sums.Length && x <= count - lanes; x += lanes)
        {
            var from = sums.Slice(3 * x, (3 * lanes) + 2);
            var first = Vector128.Shuffle(Three(from), Vector128.Create((ushort)0, 3, 6, 99, 99, 99, 99, 99));
            var second = Vector128.Shuffle(Three(from[lanes..]), Vector128.Create((ushort)99, 99, 99, 1, 4, 7, 99, 99));
            var third = Vector128.Shuffle(Three(from[(2 * lanes)..]), Vector128.Create((ushort)99, 99, 99, 99, 99, 99, 2, 5));
            (first | second | third).CopyTo(sums[x..]);
        }
        for (; x < count; x++)
        {
            sums[x] = (ushort)(sums[3 * x] + sums[(3 * x) + 1] + sums[(3 * x) + 2]);
        }

        static Vector128<ushort> Three(ReadOnlySpan<ushort> at) =>
            Vector128.Create(at) + Vector128.Create(at[1..]) + Vector128.Create(at[2..]);
    }
}
