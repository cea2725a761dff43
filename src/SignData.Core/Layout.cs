using System.Buffers.Binary;

namespace SignData.Core;

/// <summary>
/// Where a picture is light and dark: its luma averaged down to 8 x 8. It tells whether two pictures whose perceptual hashes are near
/// do look alike; being so coarse it survives re-encoding, scaling and a crop of a few per cent.
/// </summary>
/// <param name="Row0">Eight samples, the leftmost in the lowest byte.</param>
/// <param name="Row1">Likewise.</param>
/// <param name="Row2">Likewise.</param>
/// <param name="Row3">Likewise.</param>
/// <param name="Row4">Likewise.</param>
/// <param name="Row5">Likewise.</param>
/// <param name="Row6">Likewise.</param>
/// <param name="Row7">Likewise.</param>
public readonly record struct Layout(ulong Row0, ulong Row1, ulong Row2, ulong Row3, ulong Row4, ulong Row5, ulong Row6, ulong Row7)
{
    /// <summary>Samples a side.</summary>
    public const int Side = 8;

    /// <summary>Bytes that <see cref="CopyTo"/> fills.</summary>
    public const int Size = Side * Side;

    // Variance of luma that noise and coding make; of two pictures flatter than this the difference counts, not the shape.
    private const double Noise = 4;

    /// <summary>The layout of a picture whose thumbnail exists.</summary>
    /// <param name="thumbnail">Of any size but empty; one with a side below 8 repeats samples.</param>
    public static Layout Of(Thumbnail thumbnail)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        Span<byte> cells = stackalloc byte[Size];
        var (width, height) = (thumbnail.Width, thumbnail.Height);
        var pixels = thumbnail.Pixels;
        Span<long> sums = stackalloc long[Side];
        for (var j = 0; j < Side; j++)
        {
            var top = j * height / Side;
            var bottom = Math.Max(top + 1, (j + 1) * height / Side);
            sums.Clear();
            for (var y = top; y < bottom; y++)
            {
                for (var i = 0; i < Side; i++)
                {
                    sums[i] += Sum(pixels.Slice(y * width, width)[Columns(i, width)]);
                }
            }
            for (var i = 0; i < Side; i++)
            {
                var count = (bottom - top) * Columns(i, width).GetOffsetAndLength(width).Length;
                cells[(j * Side) + i] = (byte)((sums[i] + (count / 2)) / count);
            }
        }
        return From(cells);
    }

    /// <summary>The layout that <see cref="CopyTo"/> wrote.</summary>
    /// <param name="cells">64 samples, rows from the top.</param>
    public static Layout From(ReadOnlySpan<byte> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, Size);
        return new(At(cells, 0), At(cells, 1), At(cells, 2), At(cells, 3), At(cells, 4), At(cells, 5), At(cells, 6), At(cells, 7));

        static ulong At(ReadOnlySpan<byte> cells, int row) => BinaryPrimitives.ReadUInt64LittleEndian(cells[(row * Side)..]);
    }

    /// <summary>Writes the samples.</summary>
    /// <param name="cells">64, rows from the top.</param>
    public void CopyTo(Span<byte> cells)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(cells, Row0);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[8..], Row1);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[16..], Row2);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[24..], Row3);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[32..], Row4);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[40..], Row5);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[48..], Row6);
        BinaryPrimitives.WriteUInt64LittleEndian(cells[56..], Row7);
    }

    /// <summary>How alike two layouts are, whatever their brightness and contrast: their correlation, -1 to 1.</summary>
    /// <param name="other">The other picture's.</param>
    public double Similarity(in Layout other)
    {
        Span<byte> a = stackalloc byte[Size], b = stackalloc byte[Size];
        CopyTo(a);
        other.CopyTo(b);
        var (sumA, sumB, squaresA, squaresB, products) = (0, 0, 0, 0, 0);
        for (var i = 0; i < Size; i++)
        {
            int x = a[i], y = b[i];
            sumA += x;
            sumB += y;
            squaresA += x * x;
            squaresB += y * y;
            products += x * y;
        }
        var (meanA, meanB) = ((double)sumA / Size, (double)sumB / Size);
        var (varianceA, varianceB) = (((double)squaresA / Size) - (meanA * meanA), ((double)squaresB / Size) - (meanB * meanB));
        var covariance = ((double)products / Size) - (meanA * meanB);
        return (covariance + Noise) / Math.Sqrt((varianceA + Noise) * (varianceB + Noise));
    }

    private static Range Columns(int i, int width)
    {
        var left = i * width / Side;
        return left..Math.Max(left + 1, (i + 1) * width / Side);
    }

    private static long Sum(ReadOnlySpan<byte> values)
    {
        var sum = 0L;
        foreach (var value in values)
        {
            sum += value;
        }
        return sum;
    }
}
