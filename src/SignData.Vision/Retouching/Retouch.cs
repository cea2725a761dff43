using SignData.Core;

namespace SignData.Vision.Retouching;

/// <summary>
/// Changes of a picture in place: colour, light, filters, what is laid over it. Pictures are height x width x 3 bytes, RGB; nothing is allocated.
/// The loops are native and use what the processor has (AVX-512, AVX2); the bytes are the same on all of them.
/// </summary>
public static unsafe class Retouch
{
    /// <summary>The farthest neighbour that <see cref="Filter"/> looks at.</summary>
    public const int MaxReach = 64;

    /// <summary>Mixes the channels: each becomes weights of R, G and B and a constant, rounded and kept in 0..255.</summary>
    /// <param name="from">The picture.</param>
    /// <param name="to">What becomes of it: of the same length, or the same.</param>
    /// <param name="matrix">3 x 4, row by row, in units of 0..255. Weights below 8 are rounded to 1/4096, below 4 to half of that, below 2 to a quarter.</param>
    public static void Matrix(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<float> matrix)
    {
        Check(from.Length % 3 == 0 && to.Length == from.Length && matrix.Length == 12);
        fixed (byte* f = from, t = to)
        fixed (float* m = matrix)
        {
            NativeMethods.Check(NativeMethods.sd_matrix(f, t, from.Length / 3, m));
        }
    }

    /// <summary>Replaces each sample by what its channel's table says.</summary>
    /// <param name="from">The picture.</param>
    /// <param name="to">What becomes of it: of the same length, or the same.</param>
    /// <param name="tables">3 x 256: red, green, blue.</param>
    public static void Table(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> tables)
    {
        Check(from.Length % 3 == 0 && to.Length == from.Length && tables.Length == 768);
        fixed (byte* f = from, t = to, values = tables)
        {
            NativeMethods.Check(NativeMethods.sd_table(f, t, from.Length / 3, values));
        }
    }

    /// <summary>Multiplies by a field of gains.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="gains">Rows x width x 3: one row for every <paramref name="spacing"/> of the picture's from its first, linear between; one more than fits.</param>
    /// <param name="spacing">Rows of the picture to one of the field's, at least 1.</param>
    public static void Gain(Span<byte> rgb, int width, ReadOnlySpan<float> gains, int spacing)
    {
        int height = Height(rgb, width), rows = gains.Length / (width * 3);
        Check(spacing >= 1 && rows >= 1 && gains.Length == rows * width * 3 && (rows - 1) * spacing >= height - 1);
        fixed (byte* pixels = rgb)
        fixed (float* g = gains)
        {
            NativeMethods.Check(NativeMethods.sd_gain(pixels, width, height, g, rows, spacing));
        }
    }

    /// <summary>Filters: each pixel becomes a weighted sum of its neighbours; beyond its sides the picture is reflected, as in OpenCV.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="taps">Neighbours at most <see cref="MaxReach"/> away.</param>
    public static void Filter(Span<byte> rgb, int width, ReadOnlySpan<Tap> taps)
    {
        int reach = 0;
        foreach (Tap tap in taps)
        {
            reach = Math.Max(reach, Math.Max(Math.Abs(tap.X), Math.Abs(tap.Y)));
        }
        Check(reach <= MaxReach && taps.Length > 0);
        fixed (byte* pixels = rgb)
        fixed (Tap* t = taps)
        {
            NativeMethods.Check(NativeMethods.sd_taps(pixels, width, Height(rgb, width), t, taps.Length, reach));
        }
    }

    /// <summary>Adds noise, near enough to normal, of variance shot x value + read (Foi et al. 2008: photons, then electronics).</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="shot">Variance for each unit of the value.</param>
    /// <param name="read">Variance in the dark, in squared units of 0..255.</param>
    /// <param name="colour">How much of the deviation each channel has for itself, 0..1; the rest of the variance is common to all three.</param>
    /// <param name="seed">What the noise derives from.</param>
    public static void Noise(Span<byte> rgb, float shot, float read, float colour, uint seed)
    {
        Check(rgb.Length % 3 == 0 && shot >= 0 && read >= 0 && colour is >= 0 and <= 1);
        fixed (byte* pixels = rgb)
        {
            NativeMethods.Check(NativeMethods.sd_noise(pixels, rgb.Length / 3, shot, read, colour, seed));
        }
    }

    /// <summary>Puts another picture where a mask is 0 and keeps this one where it is 255.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="other">One of the same size.</param>
    /// <param name="mask">One byte a pixel.</param>
    public static void Blend(Span<byte> rgb, ReadOnlySpan<byte> other, ReadOnlySpan<byte> mask)
    {
        Check(rgb.Length == other.Length && rgb.Length == mask.Length * 3);
        fixed (byte* pixels = rgb, o = other, m = mask)
        {
            NativeMethods.Check(NativeMethods.sd_blend(pixels, o, m, mask.Length));
        }
    }

    /// <summary>Mixes with another picture.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="other">One of the same size.</param>
    /// <param name="share">How much of this one stays, 0..1.</param>
    public static void Mix(Span<byte> rgb, ReadOnlySpan<byte> other, float share)
    {
        Check(rgb.Length == other.Length);
        fixed (byte* pixels = rgb, o = other)
        {
            NativeMethods.Check(NativeMethods.sd_mix(pixels, o, rgb.Length, share));
        }
    }

    /// <summary>Lays a finger over the picture: a chain of bones, rounded, lit and softly edged.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="bones">From the palm to the tip, each beginning where the last ended; parts outside of the picture are cut off.</param>
    /// <param name="skin">How it looks.</param>
    /// <param name="seed">Of the grain of its skin.</param>
    public static void Finger(Span<byte> rgb, int width, ReadOnlySpan<Bone> bones, Skin skin, uint seed)
    {
        Check(bones.Length > 0 && skin.Softness > 0);
        fixed (byte* pixels = rgb)
        fixed (Bone* b = bones)
        {
            NativeMethods.Check(NativeMethods.sd_finger(pixels, width, Height(rgb, width), b, bones.Length, &skin, seed));
        }
    }

    /// <summary>Spreads the luma evenly over 0..255 (histogram equalization), colour differences kept.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    public static void Equalize(Span<byte> rgb, int width)
    {
        fixed (byte* pixels = rgb)
        {
            NativeMethods.Check(NativeMethods.sd_equalize(pixels, width, Height(rgb, width)));
        }
    }

    /// <summary>Equalizes the luma cell by cell with limited contrast (CLAHE, Zuiderveld 1994), colour differences kept.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="clip">The most that a cell's histogram may hold, in multiples of its mean.</param>
    /// <param name="tiles">Cells along a side, at least 1.</param>
    public static void Clahe(Span<byte> rgb, int width, float clip, int tiles)
    {
        Check(clip > 0 && tiles >= 1);
        fixed (byte* pixels = rgb)
        {
            NativeMethods.Check(NativeMethods.sd_clahe(pixels, width, Height(rgb, width), clip, tiles));
        }
    }

    /// <summary>Leaves of the picture what a JPEG of it does, 4:2:0.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    public static void JpegArtefacts(Span<byte> rgb, int width, int quality)
    {
        Check(quality is >= 1 and <= 100);
        fixed (byte* pixels = rgb)
        {
            NativeMethods.Check(NativeMethods.sd_jpeg_artefacts(pixels, width, Height(rgb, width), quality));
        }
    }

    internal static int Height(ReadOnlySpan<byte> rgb, int width)
    {
        Check(width >= 1 && rgb.Length > 0 && rgb.Length % (width * 3) == 0 && width <= Image.MaxSide);
        return rgb.Length / (width * 3);
    }

    internal static void Check(bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException("The lengths of the buffers or the values do not fit each other.");
        }
    }
}
