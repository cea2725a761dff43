using System.Numerics;
using System.Runtime.InteropServices;

namespace SignData.Core;

/// <summary>
/// A frame's luma averaged down to at most <see cref="LongestSide"/> pixels a side, which is what the measures of a frame
/// (sharpness, perceptual hash, change, brightness) are taken on: reduce once, measure often. The buffer is reused by <see cref="Set(ReadOnlySpan{byte}, int, int)"/>.
/// </summary>
public sealed partial class Thumbnail
{
    /// <summary>The longest side in pixels; a picture that is smaller stays as it is.</summary>
    public const int LongestSide = 480;

    // Whoever reads a few pixels beyond the last row's end stays within the buffer.
    private const int Slack = 32;

    private byte[] pixels = [];
    private int blockWidth, blockHeight;

    /// <summary>Columns; 0 before the first <see cref="Set(ReadOnlySpan{byte}, int, int)"/>.</summary>
    public int Width { get; private set; }

    /// <summary>Rows; 0 before the first <see cref="Set(ReadOnlySpan{byte}, int, int)"/>.</summary>
    public int Height { get; private set; }

    /// <summary>Luma, Height x Width.</summary>
    public ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, Width * Height);

    /// <summary>The pixels, and behind them some whose values mean nothing.</summary>
    internal ReadOnlySpan<byte> PixelsAndSlack => pixels.AsSpan(0, Width * Height + (Width > 0 ? Slack : 0));

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
        (blockWidth, blockHeight, coloured) = (across, down, false);
        (Width, Height) = (width / across, height / down);
        if (pixels.Length < Width * Height + Slack)
        {
            pixels = new byte[Width * Height + Slack];
        }
        if (block == 1)
        {
            luma.CopyTo(pixels);
            return;
        }
        BlockMeans.Of(luma, width, across, down, pixels);
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
}
