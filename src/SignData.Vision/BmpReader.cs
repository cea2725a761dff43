using System.Buffers.Binary;
using SignData.Core;

namespace SignData.Vision;

/// <summary>Windows bitmaps without compression, of 8 bits with a palette, 24 and 32 bits: what cameras' and labelling programs write.</summary>
internal static class BmpReader
{
    /// <summary>The picture as RGB, rows from the top.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="header">Its header, its size checked.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InputException">It is compressed, of another depth, or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, ImageHeader header, string name)
    {
        var core = U32(bytes, 14) == 12;
        if (!core && bytes.Length < 54)
        {
            throw CutShort(name);
        }
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(core ? 24 : 28)..]);
        var compression = core ? 0 : U32(bytes, 30);
        // BI_BITFIELDS with the usual masks is BI_RGB under another name.
        var plain = compression == 0 || (compression == 3 && bits == 32 && bytes.Length >= 66 && U32(bytes, 54) == 0xFF0000 && U32(bytes, 58) == 0xFF00 && U32(bytes, 62) == 0xFF);
        if (!plain || bits is not (8 or 24 or 32))
        {
            throw new InputException($"{name} is a bitmap of {bits} bits with compression {compression}, which is not read: convert it to PNG or JPEG.");
        }
        var rowBytes = ((long)header.Width * bits + 31) / 32 * 4;
        var start = U32(bytes, 10);
        if (start + rowBytes * header.Height > bytes.Length)
        {
            throw CutShort(name);
        }
        var palette = bits == 8 ? Palette(bytes, core, start, name) : [];
        var fromTop = !core && BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]) < 0;
        var image = new Image(header.Width, header.Height);
        for (var y = 0; y < header.Height; y++)
        {
            var from = bytes.Slice((int)(start + rowBytes * (fromTop ? y : header.Height - 1 - y)), (int)rowBytes);
            var to = image.Row(y);
            for (var x = 0; x < header.Width; x++)
            {
                var pixel = bits == 8 ? palette.AsSpan(from[x] * 3, 3) : from.Slice(x * (bits / 8), 3);
                to[3 * x] = pixel[2];
                to[3 * x + 1] = pixel[1];
                to[3 * x + 2] = pixel[0];
            }
        }
        return image;
    }

    // 256 entries of blue, green, red; those that the file does not hold are black.
    private static byte[] Palette(ReadOnlySpan<byte> bytes, bool core, uint end, string name)
    {
        var palette = new byte[256 * 3];
        var start = 14L + U32(bytes, 14);
        if (start > end)
        {
            throw CutShort(name);
        }
        var step = core ? 3 : 4;
        for (var i = 0; i < 256 && start + (i + 1) * step <= end; i++)
        {
            bytes.Slice((int)start + i * step, 3).CopyTo(palette.AsSpan(i * 3));
        }
        return palette;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static InputException CutShort(string name) => new($"{name} is a damaged picture (it is cut short): copy it again or remove it.");
}
