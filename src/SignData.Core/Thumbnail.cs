using System.Numerics;
using System.Runtime.InteropServices;

namespace SignData.Core;

/// <summary>
/// A frame's luma averaged down to at most <see cref="LongestSide"/> pixels a side, which is what the measures of a frame
/// (sharpness, perceptual hash, change, brightness) are taken on: reduce once, measure often. The buffer is reused by <see cref="Set"/>.
/// </summary>
public sealed class Thumbnail
{
    /// <summary>The longest side in pixels; a picture that is smaller stays as it is.</summary>
    public const int LongestSide = 480;

    private byte[] pixels = [];
    private ushort[] sums = [];

    /// <summary>Columns; 0 before the first <see cref="Set"/>.</summary>
    public int Width { get; private set; }

    /// <summary>Rows; 0 before the first <see cref="Set"/>.</summary>
    public int Height { get; private set; }

    /// <summary>Luma, Height x Width.</summary>
    public ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, Width * Height);

    /// <summary>A new thumbnail of a picture.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static Thumbnail Of(ReadOnlySpan<byte> luma, int width, int height)
    {
        var thumbnail = new Thumbnail();
        thumbnail.Set(luma, width, height);
        return thumbnail;
    }

    /// <summary>Makes this the thumbnail of another picture: means of n x n blocks, n the least whole number that suffices; what is left over at the right and the bottom is cut off.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <exception cref="ArgumentException">The samples are not of that size.</exception>
    public void Set(ReadOnlySpan<byte> luma, int width, int height)
    {
        if (width is < 1 or > Image.MaxSide || height is < 1 or > Image.MaxSide || luma.Length != width * height)
        {
            throw new ArgumentException($"{luma.Length} samples do not make luma of {width}x{height}.", nameof(luma));
        }
        // A strip that is narrower than a block keeps its one column or row.
        var block = (Math.Max(width, height) + LongestSide - 1) / LongestSide;
        var (across, down) = (Math.Min(block, width), Math.Min(block, height));
        (Width, Height) = (width / across, height / down);
        if (pixels.Length < Width * Height)
        {
            pixels = new byte[Width * Height];
        }
        if (block == 1)
        {
            luma.CopyTo(pixels);
            return;
        }
        if (sums.Length < width)
        {
            sums = new ushort[width];
        }
        for (var y = 0; y < Height; y++)
        {
            SumRows(luma.Slice(y * down * width, down * width), width, sums.AsSpan(0, width));
            MeanOfBlocks(sums, across, down, pixels.AsSpan(y * Width, Width));
        }
    }

    /// <summary>How much two thumbnails of one size differ: the mean absolute difference of their luma, 0 to 255.</summary>
    /// <param name="other">Of the same size; a different size counts as all different, 255.</param>
    public double Difference(Thumbnail other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Width != Width || other.Height != Height)
        {
            return 255;
        }
        var a = Pixels;
        var b = other.Pixels;
        var (total, at) = (0L, 0);
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(a);
        var others = MemoryMarshal.Cast<byte, Vector<byte>>(b);
        while (at < vectors.Length)
        {
            // 16-bit lanes hold 128 differences of two bytes each.
            var part = Vector<ushort>.Zero;
            for (var end = Math.Min(vectors.Length, at + 128); at < end; at++)
            {
                Vector.Widen(Vector.Max(vectors[at], others[at]) - Vector.Min(vectors[at], others[at]), out var low, out var high);
                part += low + high;
            }
            Vector.Widen(part, out var left, out var right);
            total += Vector.Sum(left + right);
        }
        for (var i = vectors.Length * Vector<byte>.Count; i < a.Length; i++)
        {
            total += Math.Abs(a[i] - b[i]);
        }
        return (double)total / a.Length;
    }

    /// <summary>How its luma is spread: brightness, contrast, information.</summary>
    public Tones Statistics() => Tones.Of(Pixels);

    private static void SumRows(ReadOnlySpan<byte> rows, int width, Span<ushort> sums)
    {
        sums.Clear();
        for (var from = 0; from < rows.Length; from += width)
        {
            var row = rows.Slice(from, width);
            var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(row);
            var totals = MemoryMarshal.Cast<ushort, Vector<ushort>>(sums);
            for (var i = 0; i < vectors.Length; i++)
            {
                Vector.Widen(vectors[i], out var low, out var high);
                totals[2 * i] += low;
                totals[2 * i + 1] += high;
            }
            for (var x = vectors.Length * Vector<byte>.Count; x < width; x++)
            {
                sums[x] += row[x];
            }
        }
    }

    private static void MeanOfBlocks(ReadOnlySpan<ushort> sums, int across, int down, Span<byte> means)
    {
        // Division as a multiplication; exact to the nearest but for ties.
        var reciprocal = (uint)((1 << 24) / (across * down));
        const uint half = 1 << 23;
        switch (across)
        {
            case 2:
                for (var x = 0; x < means.Length; x++)
                {
                    means[x] = (byte)(((uint)(sums[2 * x] + sums[2 * x + 1]) * reciprocal + half) >> 24);
                }
                break;
            case 3:
                for (var x = 0; x < means.Length; x++)
                {
                    means[x] = (byte)(((uint)(sums[3 * x] + sums[3 * x + 1] + sums[3 * x + 2]) * reciprocal + half) >> 24);
                }
                break;
            default:
                for (var x = 0; x < means.Length; x++)
                {
                    var sum = 0u;
                    foreach (var value in sums.Slice(x * across, across))
                    {
                        sum += value;
                    }
                    means[x] = (byte)((sum * reciprocal + half) >> 24);
                }
                break;
        }
    }
}
