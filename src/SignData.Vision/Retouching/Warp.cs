using SignData.Core;

namespace SignData.Vision.Retouching;

/// <summary>One sampling of a picture by a map of coordinates, bilinear.</summary>
public static unsafe class Warp
{
    /// <summary>Nodes along a side that a map needs.</summary>
    /// <param name="side">The target's side in pixels.</param>
    /// <param name="spacing">Pixels from node to node.</param>
    public static int Nodes(int side, int spacing) => spacing == 1 ? side : ((side - 1) / spacing) + 2;

    /// <summary>
    /// Samples. Between pixels weights have a resolution of 1/255 across and 1/32767 down, so that a sample is within one level of the exact one.
    /// </summary>
    /// <param name="source">RGB or one channel, at least 2 x 2 pixels.</param>
    /// <param name="xs">Which column of the source is seen at each node, pixel centres at whole numbers; Nodes x Nodes values, row by row.</param>
    /// <param name="ys">Which row.</param>
    /// <param name="spacing">Pixels of the target from node to node; coordinates between them are linear.</param>
    /// <param name="border">What is seen beyond the source.</param>
    /// <param name="matrix">What becomes of the colours, 3 x 4 as in <see cref="Retouch.Matrix"/>; empty leaves them.</param>
    /// <param name="target">width x height samples of as many channels as the source has.</param>
    /// <param name="width">The target's.</param>
    /// <param name="height">The target's.</param>
    public static void Sample(Image source, ReadOnlySpan<float> xs, ReadOnlySpan<float> ys, int spacing, Border border, ReadOnlySpan<float> matrix, Span<byte> target, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(source);
        Sample(source.Pixels, source.Width, source.Height, source.Channels, xs, ys, spacing, border, matrix, target, width, height);
    }

    /// <summary>Samples a picture whose bytes are anywhere: see the other.</summary>
    /// <param name="source">sourceHeight x sourceWidth x channels samples.</param>
    /// <param name="sourceWidth">At least 2.</param>
    /// <param name="sourceHeight">At least 2.</param>
    /// <param name="channels">3 or 1.</param>
    /// <param name="xs">Columns at the nodes.</param>
    /// <param name="ys">Rows at the nodes.</param>
    /// <param name="spacing">Pixels from node to node.</param>
    /// <param name="border">What is seen beyond the source.</param>
    /// <param name="matrix">3 x 4, or empty.</param>
    /// <param name="target">width x height x channels samples.</param>
    /// <param name="width">The target's.</param>
    /// <param name="height">The target's.</param>
    public static void Sample(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, int channels, ReadOnlySpan<float> xs, ReadOnlySpan<float> ys, int spacing, Border border, ReadOnlySpan<float> matrix, Span<byte> target, int width, int height)
    {
        int across = Nodes(width, spacing), down = Nodes(height, spacing);
        Retouch.Check(channels is 1 or 3 && sourceWidth >= 2 && sourceHeight >= 2 && source.Length == sourceWidth * sourceHeight * channels
            && target.Length == width * height * channels && xs.Length == across * down && ys.Length == xs.Length && spacing >= 1
            && matrix.Length is 0 or 12 && (matrix.Length == 0 || channels == 3));
        fixed (byte* from = source, to = target)
        fixed (float* x = xs, y = ys, m = matrix)
        {
            NativeMethods.Check(NativeMethods.sd_warp(from, sourceWidth, sourceHeight, channels, x, y, across, down, spacing, (int)border, m, to, width, height));
        }
    }
}
