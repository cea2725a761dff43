using System.Numerics;
using SignData.Core;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Batches;

/// <summary>One look at a picture: where each pixel of a square comes from.</summary>
/// <param name="Map">
/// From the square's coordinates (-0.5 .. 0.5 on both axes) to the source's, in shorter sides from the source's centre.
/// </param>
public readonly record struct View(Matrix3x2 Map)
{
    // Beyond this the picture is cut rather than squeezed further.
    private const float MostSqueeze = 2;

    // The map is exact between nodes, however far apart; so few fit the stack.
    private const int MostNodes = 18;

    /// <summary>The whole picture squeezed into the square, up to two to one.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public static View Whole(int width, int height)
    {
        Vector2 extent = Extent(width, height);
        return new(Matrix3x2.CreateScale(extent.X, extent.Y));
    }

    /// <summary>The centred square over the whole shorter side.</summary>
    public static View Centre => new(Matrix3x2.Identity);

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
        return new(Matrix3x2.CreateScale(shown.X, shown.Y) * Matrix3x2.CreateTranslation(position * reach));
    }

    /// <summary>The root of the area that is seen, in shorter sides of the picture.</summary>
    public float Side => MathF.Sqrt(Math.Abs(Map.GetDeterminant()));

    /// <summary>A part of this view, of a given shape; where it reaches beyond the picture, the border goes on.</summary>
    /// <param name="middle">The part's, in this view's square: (0, 0) is its middle, (0.5, 0.5) its lower right corner.</param>
    /// <param name="size">The part's side in this view's: the root of its area, where their shapes differ.</param>
    /// <param name="aspect">The part's width over its height, 0.5 to 2.</param>
    /// <param name="mirrored">Whether left and right change places.</param>
    public View Closer(Vector2 middle, float size, float aspect, bool mirrored = false)
    {
        float side = size * Side, wide = MathF.Sqrt(aspect);
        return new(Matrix3x2.CreateScale(mirrored ? -side * wide : side * wide, side / wide) * Matrix3x2.CreateTranslation(Vector2.Transform(middle, Map)));
    }

    /// <summary>The rectangle of a picture that is seen, in the picture's sides.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public HandBox Seen(int width, int height)
    {
        Vector2 whole = new Vector2(width, height) / Math.Min(width, height), size = new Vector2(Math.Abs(Map.M11), Math.Abs(Map.M22)) / whole;
        Vector2 middle = (Map.Translation / whole) + new Vector2(0.5f);
        return new(middle.X - (size.X / 2), middle.Y - (size.Y / 2), size.X, size.Y);
    }

    /// <summary>How many of a picture's pixels fall on one of the square's, along a side.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="size">The square's side in pixels.</param>
    internal float Shrink(Image source, int size) => Side * Math.Min(source.Width, source.Height) / size;

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
        source = Pyramid.AtLeastTwo(source);
        float side = Math.Min(source.Width, source.Height);
        int spacing = Math.Max(16, (size / (MostNodes - 2)) + 1), nodes = Warp.Nodes(size, spacing);
        Span<float> xs = stackalloc float[MostNodes * MostNodes], ys = stackalloc float[MostNodes * MostNodes];
        for (int i = 0; i < nodes * nodes; i++)
        {
            // Pixel centres lie at halves.
            Vector2 at = Vector2.Transform(new Vector2((((i % nodes * spacing) + 0.5f) / size) - 0.5f, (((i / nodes * spacing) + 0.5f) / size) - 0.5f), Map) * side;
            (xs[i], ys[i]) = (at.X + ((source.Width - 1) / 2f), at.Y + ((source.Height - 1) / 2f));
        }
        Warp.Sample(source, xs[..(nodes * nodes)], ys[..(nodes * nodes)], spacing, Border.Edge, [], target[..(size * size * 3)], size, size);
    }
}
