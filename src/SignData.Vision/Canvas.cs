using SignData.Core;

namespace SignData.Vision;

/// <summary>Draws boxes, letters and pictures into an RGB picture; what lies outside of it is cut off. Colours are 0xRRGGBB.</summary>
public static unsafe class Canvas
{
    /// <summary>Fills a box.</summary>
    /// <param name="picture">RGB.</param>
    /// <param name="left">In pixels.</param>
    /// <param name="top">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="colour">0xRRGGBB.</param>
    public static void Fill(Image picture, int left, int top, int width, int height, int colour)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (x0, x1) = (Math.Clamp(left, 0, picture.Width), Math.Clamp(left + width, 0, picture.Width));
        var (y0, y1) = (Math.Clamp(top, 0, picture.Height), Math.Clamp(top + height, 0, picture.Height));
        if (x0 >= x1 || y0 >= y1)
        {
            return;
        }
        var first = picture.Row(y0)[(3 * x0)..(3 * x1)];
        for (var i = 0; i < first.Length; i += 3)
        {
            (first[i], first[i + 1], first[i + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
        }
        for (var y = y0 + 1; y < y1; y++)
        {
            first.CopyTo(picture.Row(y)[(3 * x0)..]);
        }
    }

    /// <summary>Draws the border of a box, inwards.</summary>
    /// <param name="picture">RGB.</param>
    /// <param name="left">In pixels.</param>
    /// <param name="top">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="thickness">In pixels.</param>
    /// <param name="colour">0xRRGGBB.</param>
    public static void Border(Image picture, int left, int top, int width, int height, int thickness, int colour)
    {
        Fill(picture, left, top, width, thickness, colour);
        Fill(picture, left, top + height - thickness, width, thickness, colour);
        Fill(picture, left, top, thickness, height, colour);
        Fill(picture, left + width - thickness, top, thickness, height, colour);
    }

    /// <summary>Draws a line of text; what is not ASCII becomes a question mark.</summary>
    /// <param name="picture">RGB.</param>
    /// <param name="text">One line.</param>
    /// <param name="left">Where it begins, in pixels.</param>
    /// <param name="bottom">Its baseline, in pixels.</param>
    /// <param name="size">The height of capitals, in pixels.</param>
    /// <param name="colour">0xRRGGBB.</param>
    /// <param name="thickness">Of the strokes, in pixels.</param>
    public static void Write(Image picture, string text, int left, int bottom, int size, int colour, int thickness = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        fixed (byte* rgb = picture.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_text(rgb, picture.Width, picture.Height, Plain(text), left, bottom, size, thickness, colour));
        }
    }

    /// <summary>How wide a text becomes, in pixels.</summary>
    /// <param name="text">One line.</param>
    /// <param name="size">The height of capitals, in pixels.</param>
    /// <param name="thickness">Of the strokes, in pixels.</param>
    public static int WidthOf(string text, int size, int thickness = 1)
    {
        NativeMethods.Check(NativeMethods.sd_text_width(Plain(text), size, thickness, out var width));
        return width;
    }

    /// <summary>Puts a picture into another.</summary>
    /// <param name="picture">RGB.</param>
    /// <param name="part">RGB.</param>
    /// <param name="left">0 or more; the part fits.</param>
    /// <param name="top">0 or more; the part fits.</param>
    /// <param name="mirrored">Left and right change places.</param>
    public static void Put(Image picture, Image part, int left, int top, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(part);
        for (var y = 0; y < part.Height; y++)
        {
            var from = part.Row(y);
            var to = picture.Row(top + y).Slice(3 * left, 3 * part.Width);
            if (!mirrored)
            {
                from.CopyTo(to);
                continue;
            }
            for (int x = 0, back = from.Length - 3; back >= 0; x += 3, back -= 3)
            {
                (to[x], to[x + 1], to[x + 2]) = (from[back], from[back + 1], from[back + 2]);
            }
        }
    }

    private static string Plain(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
