namespace SignData.Core;

/// <summary>A picture of 8-bit samples, rows from the top, channels interleaved: RGB for 3 channels, grey for 1.</summary>
public sealed class Image
{
    /// <summary>The longest side that any picture may have, in pixels.</summary>
    public const int MaxSide = 16_384;

    /// <summary>The most pixels that any picture may have: 100 megapixels, above any phone's.</summary>
    public const int MaxPixels = 100_000_000;

    /// <summary>A black picture.</summary>
    /// <param name="width">In pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">In pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="channels">3 (RGB) or 1 (grey).</param>
    public Image(int width, int height, int channels = 3)
        : this(width, height, channels, new byte[checked(width * height * channels)]) { }

    /// <summary>A picture over samples that exist; they are not copied.</summary>
    /// <param name="width">In pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">In pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="channels">3 (RGB) or 1 (grey).</param>
    /// <param name="pixels">height x width x channels samples.</param>
    /// <exception cref="ArgumentException">The size is out of range or the samples do not fit it.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || channels is not (1 or 3) || pixels.Length != width * height * channels)
        {
            throw new ArgumentException($"{pixels.Length} samples do not make a picture of {width}x{height}x{channels}.", nameof(pixels));
        }
        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>3 for RGB, 1 for grey.</summary>
    public int Channels { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * Channels;

    /// <summary>The samples, height x width x channels.</summary>
    public byte[] Pixels { get; }

    /// <summary>One row's samples, width x channels.</summary>
    /// <param name="y">0 to Height - 1.</param>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Stride, Stride);
}
