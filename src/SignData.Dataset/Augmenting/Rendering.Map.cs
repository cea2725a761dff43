using System.Numerics;
using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <content>Where the picture's samples come from.</content>
public sealed partial class Rendering
{
    // Between nodes an affine map is exact however far they are apart. Others are off by less than a thirtieth of a pixel of 224, and as much less of fewer.
    private const int AffineSpacing = 16, MostBends = 8;

    private readonly Bend[] bends = [.. Enumerable.Range(0, MostBends).Select(_ => new Bend())];
    private int bendCount;
    private Homography last;
    private bool mapped;
    private Pyramid? source;
    private HandMask? sourceMask;
    private HandBox? wholeHand;
    private float[] xs = [], ys = [], across = [], down = [];

    /// <summary>
    /// The sides of what is shown, in units of its own: shorter sides of the picture at first, and pixels after a step that resizes. Maps go from a point of the
    /// new canvas to one of the old; the middle of each is (0, 0).
    /// </summary>
    public Vector2 Canvas { get; private set; }

    /// <summary>Whether canvas units are pixels that a recipe spoke of.</summary>
    public bool InPixels { get; private set; }

    /// <summary>Shows the canvas through a map; its size stays.</summary>
    /// <param name="map">From what is shown to what was shown before.</param>
    public void Map(Homography map) => Map(map, Canvas);

    /// <summary>Shows another canvas.</summary>
    /// <param name="map">From a point of the new canvas to one of the old.</param>
    /// <param name="canvas">The new one's sides.</param>
    /// <param name="inPixels">Whether they are pixels from now on.</param>
    public void Map(Homography map, Vector2 canvas, bool inPixels = false)
    {
        BeforeMap();
        last = last.After(map);
        (Canvas, InPixels, mapped) = (canvas, InPixels || inPixels, true);
    }

    /// <summary>Bends what is shown as a lens does (Brown 1966): a point at radius r comes from r (1 + k1 r^2 + k2 r^4).</summary>
    /// <param name="k1">The first coefficient, r in focal lengths.</param>
    /// <param name="k2">The second.</param>
    /// <param name="focal">The focal length, in units of the canvas.</param>
    public void BendRadially(float k1, float k2, float focal)
    {
        Bend bend = NextBend(BendKind.Radial, 0);
        (bend.Values[0], bend.Values[1], bend.Values[2]) = (k1, k2, focal);
    }

    /// <summary>Makes columns and rows uneven.</summary>
    /// <param name="cells">Along a side, 1 to 16.</param>
    /// <returns>cells + 1 places across, then as many down, in sides, to be filled from 0 to 1: where each edge of the even cells comes from.</returns>
    public Span<float> BendGrid(int cells) => NextBend(BendKind.Grid, cells).Values[..(2 * (cells + 1))];

    /// <summary>Displaces by a smooth field: cubic B-splines over a lattice that reaches one node beyond the canvas.</summary>
    /// <param name="nodes">Along a side, 4 to 24.</param>
    /// <returns>nodes x nodes pairs x, y, to be filled, in units of the canvas.</returns>
    public Span<float> BendLattice(int nodes) => NextBend(BendKind.Lattice, nodes).Values[..(2 * nodes * nodes)];

    private Bend NextBend(BendKind kind, int count)
    {
        if (bendCount == MostBends)
        {
            Settle();
        }
        BeforeMap();
        Bend bend = bends[bendCount++];
        (bend.Kind, bend.Count, bend.Canvas, bend.Then) = (kind, count, Canvas, last);
        (last, mapped) = (Homography.Identity, true);
        return bend;
    }

    private void BeginMap(Pyramid picture, HandMask? mask)
    {
        (source, sourceMask, wholeHand) = (picture, mask, null);
        Canvas = View.Extent(picture.Full.Width, picture.Full.Height);
        InPixels = false;
        (bendCount, last, mapped) = (0, Homography.Identity, true);
    }

    // A change of colour that does not depend on place may as well come after a map, unless the map brings in black that the change would colour.
    private void BeforeMap()
    {
        if (Border == Border.Black && HasColour)
        {
            Settle();
        }
    }

    private void SettleMap()
    {
        if (!mapped)
        {
            return;
        }
        bool first = !rendered;
        if (first && bendCount == 0 && last == Homography.Identity && Canvas == View.Extent(source!.Full.Width, source.Full.Height) && source.Full is { } full && full.Width == Size && full.Height == Size && !handWanted)
        {
            (asIs, shownCanvas, mapped) = (full, Canvas, false);
            return;
        }
        int spacing = Spacing(last);
        for (int i = 0; i < bendCount; i++)
        {
            spacing = Math.Min(spacing, Math.Min(bends[i].Spacing(Size), Spacing(bends[i].Then)));
        }
        int nodes = Warp.Nodes(Size, spacing);
        Span<float> x = Room(ref xs, nodes * nodes), y = Room(ref ys, nodes * nodes);
        Trace(x, y, nodes, spacing);
        Span<float> colour = stackalloc float[12];
        Span<float> matrix = TakeMatrix(colour) ? colour : [];
        if (first)
        {
            Image level = Pyramid.AtLeastTwo(source!.Level(Shrink(x, y, nodes, spacing, source.Full)));
            if (handWanted)
            {
                ShowMask(x, y, nodes, spacing, sourceMask!);
            }
            ToPixels(x, y, level.Width, level.Height, Math.Min(level.Width, level.Height));
            Warp.Sample(level, x, y, spacing, Border, matrix, Square, Size, Size);
        }
        else
        {
            if (Size < 2)
            {
                (bendCount, last, mapped) = (0, Homography.Identity, false);
                return;
            }
            ToPixels(x, y, Size, Size, 1);
            Square.CopyTo(Spare);
            Warp.Sample(Spare, Size, Size, 3, x, y, spacing, Border, matrix, Square, Size, Size);
            if (handWanted)
            {
                wholeHand = null;
                MoveMask(x, y, spacing, hand);
                MoveMask(x, y, spacing, seenHand);
            }
        }
        shownCanvas = Canvas;
        (bendCount, last, mapped) = (0, Homography.Identity, false);
    }

    private int Spacing(Homography map) => map.IsAffine ? AffineSpacing : Math.Clamp(Size / 28, 1, 8);

    // The canvas that the square shows in full.
    private Vector2 shownCanvas;

    // From the square's pixels to the picture's canvas.
    private void Trace(Span<float> x, Span<float> y, int nodes, int spacing)
    {
        // Columns and rows of a grid that is met straight on are looked up once.
        bool straight = bendCount > 0 && bends[bendCount - 1].Kind == BendKind.Grid && IsStraight(last);
        int bent = straight ? bendCount - 1 : bendCount;
        Span<float> columns = Room(ref across, nodes), rows = Room(ref down, nodes);
        for (int i = 0; i < nodes; i++)
        {
            Vector2 p = new Vector2((((i * spacing) + 0.5f) / Size) - 0.5f) * Canvas;
            p = straight ? last.Map(p) : p;
            (columns[i], rows[i]) = straight ? (bends[bent].Column(p.X), bends[bent].Row(p.Y)) : (p.X, p.Y);
        }
        Homography first = straight ? bends[bent].Then : last;
        if (bent == 0 && IsStraight(first))
        {
            for (int i = 0; i < nodes; i++)
            {
                Vector2 p = first.Map(new Vector2(columns[i], rows[i]));
                p = rendered ? p * Size / shownCanvas : p;
                (columns[i], rows[i]) = (p.X, p.Y);
            }
            for (int j = 0; j < nodes; j++)
            {
                columns.CopyTo(x.Slice(j * nodes, nodes));
                y.Slice(j * nodes, nodes).Fill(rows[j]);
            }
            return;
        }
        for (int j = 0; j < nodes; j++)
        {
            for (int i = 0; i < nodes; i++)
            {
                Vector2 p = first.Map(new Vector2(columns[i], rows[j]));
                for (int k = bent - 1; k >= 0; k--)
                {
                    p = bends[k].Then.Map(bends[k].Map(p));
                }
                p = rendered ? p * Size / shownCanvas : p;
                (x[(j * nodes) + i], y[(j * nodes) + i]) = (p.X, p.Y);
            }
        }
    }

    private static bool IsStraight(Homography map) => map is { B: 0, D: 0, G: 0, H: 0 };

    private static void ToPixels(Span<float> x, Span<float> y, int width, int height, float scale)
    {
        const float far = 1e6f;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp((x[i] * scale) + ((width - 1) / 2f), -far, far);
            y[i] = Math.Clamp((y[i] * scale) + ((height - 1) / 2f), -far, far);
        }
    }

    private void ShowMask(Span<float> x, Span<float> y, int nodes, int spacing, HandMask found)
    {
        Image mask = found.Mask;
        float scale = Math.Min(mask.Width, mask.Height);
        Span<float> mx = Room(ref maskXs, nodes * nodes), my = Room(ref maskYs, nodes * nodes);
        x.CopyTo(mx);
        y.CopyTo(my);
        ToPixels(mx, my, mask.Width, mask.Height, scale);
        Warp.Sample(mask, mx, my, spacing, Border == Border.Black ? Border.Black : Border.Edge, [], Room(ref hand, Size * Size), Size, Size);
        Warp.Sample(found.Hand, mx, my, spacing, Border.Black, [], Room(ref seenHand, Size * Size), Size, Size);
        wholeHand = Reach(found.Hand, mx, my, nodes, spacing);
    }

    // Where all of the hand is, shown or not: by the map's affine part, since of what lies beyond the sides only about where it is counts.
    private HandBox? Reach(Image mask, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int nodes, int spacing)
    {
        int end = nodes - 1, low = end * nodes;
        Vector2 a = new(x[0], y[0]), b = new(x[end], y[end]), c = new(x[low], y[low]), d = new(x[low + end], y[low + end]);
        float span = end * spacing / (float)Size;
        Vector2 across = (b - a + d - c) / (2 * span), down = (c - a + d - b) / (2 * span), first = ((a + b + c + d) / 4) - ((span / 2) * (across + down));
        if (end == 0 || !Matrix3x2.Invert(new Matrix3x2(across.X, across.Y, down.X, down.Y, first.X, first.Y), out Matrix3x2 back))
        {
            return null;
        }
        Vector2 least = new(float.MaxValue), most = new(float.MinValue);
        for (int row = 0; row < mask.Height; row++)
        {
            ReadOnlySpan<byte> pixels = mask.Row(row);
            int left = pixels.IndexOfAnyInRange((byte)128, (byte)255);
            if (left >= 0)
            {
                Vector2 start = Vector2.Transform(new(left, row), back), stop = Vector2.Transform(new(pixels.LastIndexOfAnyInRange((byte)128, (byte)255), row), back);
                (least, most) = (Vector2.Min(least, Vector2.Min(start, stop)), Vector2.Max(most, Vector2.Max(start, stop)));
            }
        }
        return most.X < least.X ? null : new(least.X, least.Y, most.X - least.X, most.Y - least.Y);
    }

    private void MoveMask(Span<float> x, Span<float> y, int spacing, byte[] mask)
    {
        Span<byte> before = Room(ref spareHand, Size * Size), after = mask.AsSpan(0, Size * Size);
        after.CopyTo(before);
        Warp.Sample(before, Size, Size, 1, x, y, spacing, Border.Black, [], after, Size, Size);
    }

    private float[] maskXs = [], maskYs = [];

    // The full picture's pixels to one of the square's, in the middle of it.
    private float Shrink(Span<float> x, Span<float> y, int nodes, int spacing, Image full)
    {
        int right = Math.Min(nodes - 1, Math.Max(1, Size / spacing)), middle = right / 2;
        Vector2 a = new(x[middle * nodes], y[middle * nodes]), b = new(x[(middle * nodes) + right], y[(middle * nodes) + right]);
        Vector2 c = new(x[middle], y[middle]), d = new(x[(right * nodes) + middle], y[(right * nodes) + middle]);
        float pixels = Math.Min(full.Width, full.Height) / (float)(right * spacing);
        return MathF.Sqrt(Vector2.Distance(a, b) * Vector2.Distance(c, d)) * pixels;
    }
}
