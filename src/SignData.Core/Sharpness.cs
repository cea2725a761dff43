using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignData.Core;

/// <summary>
/// How sharp a picture's subject is, without a reference: the frequency of its edges, 0 to 1 where 1 is the highest that pixels can hold.
/// With E(k) the mean squared difference of pixels k apart, 1 - E(2) / 4E(1) is the mean of sin²(f / 2) over the frequencies f of the gradient, each
/// weighted by its energy; the score is the root of its harmonic mean over rows and columns. A blurred edge climbs evenly over both steps (0), a sharp one in
/// one of them (0.7), whatever its contrast; what moved along the rows has lost only theirs. (The comparison of differences with differences is that of Crete
/// et al. 2007, The blur effect, without their second blur.)
/// The energies are summed in cells of 16 pixels. Where a picture's colours fall in two, warm cells - skin - decide and the others count 1 in 200, so that
/// neither a sharp room hides a blurred hand nor a blurred room a sharp one; in a picture without such colours the middle counts most.
/// Black bars around the picture are left out. What the calmest cells still have at the highest frequencies is the sensor's noise, and is taken off all.
/// The constants were found on frames of phone videos, of a webcam and photographs of hands, against copies of them with motion blur, defocus and blur of the
/// hand alone (benchmarks/sharpness.sh).
/// </summary>
public static class Sharpness
{
    // Pixels of a cell's row, all looked at by one instruction.
    private const int Side = Thumbnail.CellSide;

    // Squared levels. No picture has less than rounding and a codec leave; the calmest cells may hold texture, so no more than that is taken for noise.
    private const float Rounding = 0.3f, MostNoise = 8, Calmest = 0.05f;

    // Levels of Cr - Cb between the two halves of a picture's colours from which on they begin to tell skin, and tell it.
    private const double FewestLevels = 3, EnoughLevels = 9;

    // From the threshold on, over this part of the distance of the two halves' means, a cell becomes skin.
    private const double Ramp = 0.2;

    private const double OfOthers = 0.005;

    // The deviation of the middle's weight, in sides.
    private const double Middle = 0.3;

    /// <summary>The sharpness of a picture without colour, taken on its <see cref="Thumbnail"/>.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <returns>As for the other.</returns>
    public static double Score(ReadOnlySpan<byte> luma, int width, int height) => Score(Thumbnail.Of(luma, width, height));

    /// <summary>The sharpness of a picture whose thumbnail exists.</summary>
    /// <param name="thumbnail">Of any size; less than 3 pixels a side score 0.</param>
    /// <returns>0 (blurred or flat) to 1; frames of phones and webcams lie around 0.4 to 0.65, blurred ones below 0.35.</returns>
    public static double Score(Thumbnail thumbnail)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        if (thumbnail.Width < 3 || thumbnail.Height < 3)
        {
            return 0;
        }
        Span<Energies> cells = stackalloc Energies[thumbnail.CellsAcross * thumbnail.CellsDown];
        Measure(thumbnail, cells);
        var noise = Noise(cells);
        Span<float> weights = stackalloc float[cells.Length];
        Weigh(thumbnail, weights);

        var (area, sum) = (1e-9, default(Energies));
        for (var i = 0; i < cells.Length; i++)
        {
            area += weights[i] * cells[i].Area;
            sum.Add(cells[i], weights[i]);
        }
        var across = Frequency((sum.Across1 / area) - noise, (sum.Across2 / area) - noise, noise);
        var down = Frequency((sum.Down1 / area) - noise, (sum.Down2 / area) - noise, noise);
        return across + down > 0 ? Math.Sqrt(2 * across * down / (across + down)) : 0;
    }

    // What is hardly more than the noise that was taken off does not tell.
    private static double Frequency(double one, double two, double noise) =>
        one > 0 ? Math.Clamp(1 - (two / (4 * one)), 0, 1) * one / (one + noise) : 0;

    private static float Noise(ReadOnlySpan<Energies> cells)
    {
        Span<float> levels = stackalloc float[cells.Length];
        var count = 0;
        foreach (ref readonly var cell in cells)
        {
            if (cell.Area > Side * Side / 2)
            {
                // Of a slope with noise, E(k) = noise + slope k².
                levels[count++] = ((4 * (cell.Across1 + cell.Down1)) - (cell.Across2 + cell.Down2)) / (6 * cell.Area);
            }
        }
        levels = levels[..count];
        levels.Sort();
        return count > 0 ? Math.Clamp(levels[(int)(Calmest * (count - 1))], Rounding, MostNoise) : Rounding;
    }

    private static void Weigh(Thumbnail thumbnail, Span<float> weights)
    {
        var warmth = thumbnail.Warmth;
        var (threshold, distance) = Halves(warmth);
        var told = Math.Clamp((distance - FewestLevels) / (EnoughLevels - FewestLevels), 0, 1);
        var (across, down) = (thumbnail.CellsAcross, thumbnail.CellsDown);
        for (var i = 0; i < weights.Length; i++)
        {
            var (x, y) = ((((i % across) + 0.5) / across) - 0.5, (((i / across) + 0.5) / down) - 0.5);
            var middle = told < 1 ? Math.Exp(-((x * x) + (y * y)) / (2 * Middle * Middle)) : 0;
            var skin = told > 0 ? Math.Clamp((warmth[i] - threshold) / (Ramp * distance), 0, 1) : 0;
            weights[i] = (float)(OfOthers + (told * skin) + ((1 - told) * middle));
        }
    }

    /// <summary>Otsu's threshold between the colder and the warmer cells, and how far apart their means are; 0 and 0 when there is nothing to part.</summary>
    private static (double Threshold, double Distance) Halves(ReadOnlySpan<sbyte> warmth)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        var total = 0;
        foreach (var level in warmth)
        {
            histogram[level + 128]++;
            total += level + 128;
        }
        var (best, threshold, distance) = (0.0, 0.0, 0.0);
        var (count, sum, last) = (0, 0, 0);
        for (var level = 0; level < 256 && count < warmth.Length; level++)
        {
            if (histogram[level] == 0)
            {
                continue;
            }
            if (count > 0)
            {
                var apart = ((double)(total - sum) / (warmth.Length - count)) - ((double)sum / count);
                var between = (double)count * (warmth.Length - count) * apart * apart;
                if (between > best)
                {
                    (best, threshold, distance) = (between, ((last + level) / 2.0) - 128, apart);
                }
            }
            count += histogram[level];
            sum += histogram[level] * level;
            last = level;
        }
        return (threshold, distance);
    }

    /// <summary>Sums of squared differences in a cell, between pixels 1 and 2 apart, and its pixels.</summary>
    private struct Energies
    {
        public float Across1, Across2, Down1, Down2, Area;

        public void Add(in Energies cell, float weight)
        {
            Across1 += weight * cell.Across1;
            Across2 += weight * cell.Across2;
            Down1 += weight * cell.Down1;
            Down2 += weight * cell.Down2;
        }
    }

    private static void Measure(Thumbnail thumbnail, Span<Energies> cells)
    {
        var (width, height, content) = (thumbnail.Width, thumbnail.Height, Content.Of(thumbnail));
        ref var pixels = ref MemoryMarshal.GetReference(thumbnail.PixelsAndSlack);
        var cell = 0;
        for (var top = 0; top < height; top += Side)
        {
            var (first, end) = (Math.Max(top, content.Top), Math.Min(content.Bottom, top + Side));
            for (var left = 0; left < width; left += Side)
            {
                // Lanes whose partner is in the row as well; what lies beyond the row is read, never counted.
                var (start, stop) = (FirstLanes(content.Left - left), content.Right - left);
                var (inRow, oneMore, twoMore) = (FirstLanes(stop) & ~start, FirstLanes(stop - 1) & ~start, FirstLanes(stop - 2) & ~start);
                Vector128<uint> across1 = default, across2 = default, down1 = default, down2 = default;
                for (var y = first; y < end; y++)
                {
                    var at = (nuint)((y * width) + left);
                    var here = Vector128.LoadUnsafe(ref pixels, at);
                    across1 += Squares(here, Vector128.LoadUnsafe(ref pixels, at + 1), oneMore);
                    across2 += Squares(here, Vector128.LoadUnsafe(ref pixels, at + 2), twoMore);
                    if (y + 1 < content.Bottom)
                    {
                        down1 += Squares(here, Vector128.LoadUnsafe(ref pixels, at + (nuint)width), inRow);
                    }
                    if (y + 2 < content.Bottom)
                    {
                        down2 += Squares(here, Vector128.LoadUnsafe(ref pixels, at + (nuint)(2 * width)), inRow);
                    }
                }
                cells[cell++] = new Energies
                {
                    Across1 = Vector128.Sum(across1),
                    Across2 = Vector128.Sum(across2),
                    Down1 = Vector128.Sum(down1),
                    Down2 = Vector128.Sum(down2),
                    Area = Math.Max(0, Math.Min(left + Side, content.Right) - Math.Max(left, content.Left)) * Math.Max(0, end - first),
                };
            }
        }
    }

    /// <summary>The picture within black bars: their edges are sharp in any picture.</summary>
    private readonly record struct Content(int Left, int Top, int Right, int Bottom)
    {
        // Black as a codec leaves it, and as far as it rings into the picture.
        private const byte Black = 24;
        private const int Ringing = 2;

        public static Content Of(Thumbnail thumbnail)
        {
            var (width, height) = (thumbnail.Width, thumbnail.Height);
            var pixels = thumbnail.Pixels;
            var (left, top, right, bottom) = (0, 0, width, height);
            // Bars leave more than half of the picture; where less is bright, it is a dark picture.
            for (; top < height / 4 && IsBar(pixels.Slice(top * width, width), 1); top++) { }
            for (; bottom > height - (height / 4) && IsBar(pixels.Slice((bottom - 1) * width, width), 1); bottom--) { }
            for (; left < width / 4 && IsBar(pixels[left..], width); left++) { }
            for (; right > width - (width / 4) && IsBar(pixels[(right - 1)..], width); right--) { }
            return new Content(left + (left > 0 ? Ringing : 0), top + (top > 0 ? Ringing : 0), right - (right < width ? Ringing : 0), bottom - (bottom < height ? Ringing : 0));
        }

        private static bool IsBar(ReadOnlySpan<byte> pixels, int step)
        {
            for (var i = 0; i < pixels.Length; i += step)
            {
                if (pixels[i] > Black)
                {
                    return false;
                }
            }
            return true;
        }
    }

    private static Vector128<byte> FirstLanes(int count) => Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)Math.Clamp(count, 0, Side)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Squares(Vector128<byte> a, Vector128<byte> b, Vector128<byte> counted)
    {
        var difference = (Vector128.Max(a, b) - Vector128.Min(a, b)) & counted;
        var (low, high) = Vector128.Widen(difference);
        var (first, second) = Vector128.Widen(low * low);
        var (third, fourth) = Vector128.Widen(high * high);
        return first + second + (third + fourth);
    }
}
