using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>
/// One look at a picture: where each pixel of a square comes from (an affine map) and what becomes of its colour
/// (a 3x4 matrix, then a gamma). Everything is sampled in a single pass.
/// </summary>
/// <param name="Map">
/// From the square's coordinates (-0.5 .. 0.5 on both axes) to the source's, in shorter sides from the source's centre.
/// </param>
/// <param name="Red">What red becomes: weights of R, G, B and a constant, in units of 0..255.</param>
/// <param name="Green">What green becomes.</param>
/// <param name="Blue">What blue becomes.</param>
/// <param name="Gamma">The exponent of each channel at last; 1 changes nothing.</param>
public readonly record struct View(Matrix3x2 Map, Vector4 Red, Vector4 Green, Vector4 Blue, float Gamma)
{
    // Beyond this the picture is cut rather than squeezed further.
    private const float MostSqueeze = 2;

    /// <summary>Light that falls off across the square: each sample is multiplied by e^(Shade . (u, v)), u and v in -0.5 .. 0.5.</summary>
    public Vector2 Shade { get; init; }

    /// <summary>The whole picture squeezed into the square, up to two to one; its colours as they are.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public static View Whole(int width, int height)
    {
        Vector2 extent = Extent(width, height);
        return Centre with { Map = Matrix3x2.CreateScale(extent.X, extent.Y) };
    }

    /// <summary>The centred square over the whole shorter side, its colours as they are.</summary>
    public static View Centre => new(Matrix3x2.Identity, Vector4.UnitX, Vector4.UnitY, Vector4.UnitZ, 1);

    /// <summary>The part of a picture that is seen, in shorter sides: 1 x 1 of a square, at most 2 along the longer side.</summary>
    internal static Vector2 Extent(int width, int height)
    {
        float side = Math.Min(width, height);
        return new(Math.Min(width / side, MostSqueeze), Math.Min(height / side, MostSqueeze));
    }

    /// <summary>A part of a picture of a given shape, squeezed into the square; where it reaches beyond, the border goes on.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="aspect">The part's width over its height, 0.5 to 2.</param>
    /// <param name="zoom">The part's shorter side in the picture's shorter sides, above 0.</param>
    /// <param name="position">Where it lies: (0, 0) in the middle, (-1, -1) in the top left corner, (1, 1) in the bottom right.</param>
    public static View Part(int width, int height, float aspect, float zoom, Vector2 position)
    {
        float side = Math.Min(width, height);
        Vector2 shown = zoom * new Vector2(Math.Max(1, aspect), Math.Max(1, 1 / aspect));
        Vector2 reach = Vector2.Max(Vector2.Zero, (new Vector2(width, height) / side) - shown) / 2;
        return Centre with { Map = Matrix3x2.CreateScale(shown.X, shown.Y) * Matrix3x2.CreateTranslation(position * reach) };
    }

    /// <summary>How many of a picture's pixels fall on one of the square's, along a side.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="size">The square's side in pixels.</param>
    internal float Shrink(Image source, int size) => MathF.Sqrt(Math.Abs(Map.GetDeterminant())) * Math.Min(source.Width, source.Height) / size;

    /// <summary>Samples the view: bilinear, the border's pixels continued outwards.</summary>
    /// <param name="source">An RGB picture, best not much larger than the square: nothing is averaged.</param>
    /// <param name="target">size x size x 3 bytes.</param>
    /// <param name="size">The square's side in pixels.</param>
    public void Sample(Image source, Span<byte> target, int size)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Channels != 3 || target.Length < size * size * 3)
        {
            throw new ArgumentException($"A view of side {size} needs an RGB picture and {size * size * 3} bytes, not {source.Channels} channels and {target.Length} bytes.", nameof(target));
        }
        float side = Math.Min(source.Width, source.Height);
        // Pixel centres lie at halves.
        Matrix3x2 map = Matrix3x2.CreateTranslation((1 - size) / 2f, (1 - size) / 2f)
            * Matrix3x2.CreateScale(1f / size) * Map
            * Matrix3x2.CreateScale(side)
            * Matrix3x2.CreateTranslation((source.Width - 1) / 2f, (source.Height - 1) / 2f);
        Vector128<float> red = Vector128.Create(Red.X, Green.X, Blue.X, 0), green = Vector128.Create(Red.Y, Green.Y, Blue.Y, 0),
            blue = Vector128.Create(Red.Z, Green.Z, Blue.Z, 0), constant = Vector128.Create(Red.W, Green.W, Blue.W, 0), half = Vector128.Create(0.5f);
        ref byte pixels = ref MemoryMarshal.GetArrayDataReference(source.Pixels);
        int right = source.Width - 1, bottom = source.Height - 1, stride = source.Stride, last = source.Pixels.Length - 4;
        float lightStep = MathF.Exp(Shade.X / size);
        for (int v = 0; v < size; v++)
        {
            Span<byte> row = target.Slice(v * size * 3, size * 3);
            float x = (map.M21 * v) + map.M31, y = (map.M22 * v) + map.M32;
            float light = MathF.Exp((Shade.Y * (((v + 0.5f) / size) - 0.5f)) + (Shade.X * ((0.5f / size) - 0.5f)));
            for (int u = 0; u < size; u++, x += map.M11, y += map.M12, light *= lightStep)
            {
                float cx = Math.Clamp(x, 0, right), cy = Math.Clamp(y, 0, bottom);
                int x0 = (int)cx, y0 = (int)cy;
                int at = (y0 * stride) + (x0 * 3), across = x0 < right ? 3 : 0, down = y0 < bottom ? stride : 0;
                Vector128<float> fx = Vector128.Create(cx - x0), fy = Vector128.Create(cy - y0);
                Vector128<float> a = Pixel(ref pixels, at, last), b = Pixel(ref pixels, at + across, last);
                Vector128<float> c = Pixel(ref pixels, at + down, last), d = Pixel(ref pixels, at + down + across, last);
                Vector128<float> above = a + ((b - a) * fx), below = c + ((d - c) * fx);
                Vector128<float> rgb = above + ((below - above) * fy);
                rgb = half + ((constant + (red * rgb.ToScalar()) + (green * rgb.GetElement(1)) + (blue * rgb.GetElement(2))) * light);
                Vector128<int> whole = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(rgb, Vector128<float>.Zero), Vector128.Create(255f)));
                int o = u * 3;
                row[o + 2] = (byte)whole.GetElement(2);
                row[o + 1] = (byte)whole.GetElement(1);
                row[o] = (byte)whole.ToScalar();
            }
        }
        if (Gamma != 1)
        {
            ApplyGamma(target[..(size * size * 3)]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pixel(ref byte pixels, int at, int last)
    {
        // Four bytes are read for three: the very last pixel is read one byte early and shifted.
        uint rgb = at <= last
            ? Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, at))
            : Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, last)) >> (8 * (at - last));
        Vector128<byte> bytes = Vector128.CreateScalar(rgb).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }

    private void ApplyGamma(Span<byte> samples)
    {
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++)
        {
            table[i] = (byte)((MathF.Pow(i / 255f, Gamma) * 255) + 0.5f);
        }
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = table[samples[i]];
        }
    }
}
