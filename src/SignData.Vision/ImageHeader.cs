using System.Buffers.Binary;
using SignData.Core;

namespace SignData.Vision;

/// <summary>The kinds of picture that are read.</summary>
internal enum ImageKind { Jpeg, Png, Bmp, WebP }

/// <summary>What a picture file says of itself in its first bytes, read before a decoder is let near it.</summary>
/// <param name="Kind">By its magic number, whatever the file's name.</param>
/// <param name="Width">In pixels as stored; 0 for JPEG, whose own reader tells.</param>
/// <param name="Height">In pixels as stored; 0 for JPEG.</param>
internal readonly record struct ImageHeader(ImageKind Kind, int Width, int Height)
{
    /// <summary>Reads the header.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InputException">It is no picture of a known kind, or its size is out of range.</exception>
    public static ImageHeader Of(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
        {
            throw new InputException($"{name} is empty: remove it or copy it again.");
        }
        var header = Parse(bytes) ?? throw new InputException(OtherKind(bytes) is { } kind
            ? $"{name} is a {kind} picture, which is not read: convert it to JPEG or PNG."
            : $"{name} is not a picture of a kind that is read ({string.Join(", ", ImageFile.Extensions)}): convert it to JPEG or remove it.");
        if (header.Kind != ImageKind.Jpeg)
        {
            CheckSize(header.Width, header.Height, name);
        }
        return header;
    }

    /// <summary>Refuses sizes that no camera makes, before anything of that size is allocated.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="name">What to call the picture in messages.</param>
    /// <exception cref="InputException">The size is out of range.</exception>
    public static void CheckSize(int width, int height, string name)
    {
        if (width is < 1 or > Image.MaxSide || height is < 1 or > Image.MaxSide || (long)width * height > Image.MaxPixels)
        {
            throw new InputException($"{name} claims to be {width}x{height}; at most {Image.MaxSide} pixels a side and {Image.MaxPixels / 1_000_000} megapixels are read: shrink it or remove it.");
        }
    }

    private static string? OtherKind(ReadOnlySpan<byte> b) =>
        b.Length >= 12 && b[4..8].SequenceEqual("ftyp"u8) ? "HEIC or AVIF"
        : b.StartsWith("GIF8"u8) ? "GIF"
        : b.StartsWith("II*\0"u8) || b.StartsWith("MM\0*"u8) ? "TIFF"
        : null;

    private static ImageHeader? Parse(ReadOnlySpan<byte> b)
    {
        if (b.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return new(ImageKind.Jpeg, 0, 0);
        }
        if (b.Length >= 24 && b[0] == 0x89 && b[1..8].SequenceEqual("PNG\r\n\x1A\n"u8))
        {
            return new(ImageKind.Png, BinaryPrimitives.ReadInt32BigEndian(b[16..]), BinaryPrimitives.ReadInt32BigEndian(b[20..]));
        }
        if (b.Length >= 26 && b.StartsWith("BM"u8))
        {
            return Bmp(b);
        }
        if (b.Length >= 30 && b.StartsWith("RIFF"u8) && b[8..12].SequenceEqual("WEBP"u8))
        {
            return WebP(b);
        }
        return null;
    }

    // BITMAPCOREHEADER has 16-bit sizes; every later one 32-bit, the height negative for rows from the top.
    private static ImageHeader Bmp(ReadOnlySpan<byte> b)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(b[14..]) == 12)
        {
            return new(ImageKind.Bmp, BinaryPrimitives.ReadUInt16LittleEndian(b[18..]), BinaryPrimitives.ReadUInt16LittleEndian(b[20..]));
        }
        var height = BinaryPrimitives.ReadInt32LittleEndian(b[22..]);
        return new(ImageKind.Bmp, BinaryPrimitives.ReadInt32LittleEndian(b[18..]), height == int.MinValue ? 0 : Math.Abs(height));
    }

    // RFC 9649: VP8X and VP8L store sizes less one.
    private static ImageHeader? WebP(ReadOnlySpan<byte> b)
    {
        var chunk = b[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return new(ImageKind.WebP, 1 + (b[24] | b[25] << 8 | b[26] << 16), 1 + (b[27] | b[28] << 8 | b[29] << 16));
        }
        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(b[21..]);
            return new(ImageKind.WebP, 1 + (int)(bits & 0x3FFF), 1 + (int)(bits >> 14 & 0x3FFF));
        }
        return chunk.SequenceEqual("VP8 "u8)
            ? new(ImageKind.WebP, BinaryPrimitives.ReadUInt16LittleEndian(b[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(b[28..]) & 0x3FFF)
            : null;
    }
}
