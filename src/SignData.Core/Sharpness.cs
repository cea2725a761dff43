using System.Numerics;
using System.Runtime.InteropServices;

namespace SignData.Core;

/// <summary>
/// How sharp a picture is, without a reference: how much faster its luma varies over one pixel than over four.
/// Along a blurred edge neighbours at distance k differ k times as much as at distance 1, across a sharp one just as much; so, with E(k)
/// the mean squared difference at distance k, 1 - E(4) / (16 E(1)) runs from 0 (blurred) to 15/16 (every pixel a stranger to the next). It is the
/// idea of Crete et al. 2007, The blur effect, in structure functions instead of a second blur: energies weigh edges by their contrast,
/// so that neither a textureless wall nor the sensor's noise hides a sharp hand. Both directions count by their harmonic mean, since motion
/// blurs only one.
/// </summary>
public static class Sharpness
{
    private const int Distance = 4;

    // Differences of 1 are what noise and rounding make; a mean squared gradient near this is a flat picture. Found on frames of
    // phones and webcams with and without added noise (tests/SignData.Vision.Tests/SharpnessOnRealFramesTests.cs).
    private const int Noise = 1;
    private const double FlatEnergy = 0.05;

    /// <summary>The sharpness of a picture, taken on its <see cref="Thumbnail"/>.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <returns>0 (blurred or flat) to 0.94; frames of phones and webcams lie around 0.4 to 0.7, their blurred copies below 0.25.</returns>
    public static double Score(ReadOnlySpan<byte> luma, int width, int height) => Score(Thumbnail.Of(luma, width, height));

    /// <summary>The sharpness of a picture whose thumbnail exists.</summary>
    /// <param name="thumbnail">Of any size; less than 5 pixels a side score 0.</param>
    /// <returns>As for the other.</returns>
    public static double Score(Thumbnail thumbnail)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        var (width, height) = (thumbnail.Width, thumbnail.Height);
        if (width <= Distance || height <= Distance)
        {
            return 0;
        }
        var across = Ratio(AcrossRows(thumbnail, 1), AcrossRows(thumbnail, Distance));
        var down = Ratio(DownColumns(thumbnail, 1), DownColumns(thumbnail, Distance));
        return across + down > 0 ? 2 * across * down / (across + down) : 0;
    }

    private static double Ratio(double near, double far) =>
        near > 0 ? Math.Max(0, 1 - far / (Distance * Distance * near)) * near / (near + FlatEnergy) : 0;

    private static double AcrossRows(Thumbnail thumbnail, int distance)
    {
        var width = thumbnail.Width;
        var sum = 0L;
        for (var pixels = thumbnail.Pixels; !pixels.IsEmpty; pixels = pixels[width..])
        {
            sum += Energy(pixels[..(width - distance)], pixels[distance..width]);
        }
        return (double)sum / ((width - distance) * thumbnail.Height);
    }

    private static double DownColumns(Thumbnail thumbnail, int distance)
    {
        var pixels = thumbnail.Pixels;
        var offset = distance * thumbnail.Width;
        return (double)Energy(pixels[..^offset], pixels[offset..]) / (pixels.Length - offset);
    }

    // The sum of squared differences, each less the noise. A thumbnail's worth of squares fits the 32-bit lanes.
    private static long Energy(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var left = MemoryMarshal.Cast<byte, Vector<byte>>(a);
        var right = MemoryMarshal.Cast<byte, Vector<byte>>(b);
        var noise = new Vector<byte>(Noise);
        var sums = Vector<uint>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = Vector.Max(left[i], right[i]) - Vector.Min(left[i], right[i]);
            Vector.Widen(difference - Vector.Min(difference, noise), out var low, out var high);
            Vector.Widen(low * low, out var first, out var second);
            Vector.Widen(high * high, out var third, out var fourth);
            sums += first + second + third + fourth;
        }
        Vector.Widen(sums, out var lower, out var upper);
        var total = (long)Vector.Sum(lower + upper);
        for (var i = left.Length * Vector<byte>.Count; i < a.Length; i++)
        {
            var difference = Math.Max(0, Math.Abs(a[i] - b[i]) - Noise);
            total += difference * difference;
        }
        return total;
    }
}
