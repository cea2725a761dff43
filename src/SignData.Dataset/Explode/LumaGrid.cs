using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Mean luma in some 45 rows of square cells: small enough to hold and compare by the dozen, fine enough to see a finger move.
/// A hand is a small part of the picture, so change is measured where there is most of it.
/// </summary>
internal sealed class LumaGrid
{
    private const int Rows = 45;

    // A large hand that moves fast changes a third of the picture by some 50 levels, and leaves the rest.
    private const int CutChange = 16;
    private const double CutCorrelation = 0.5;

    private readonly byte[] cells;
    private readonly int columns;
    private (byte[] Low, byte[] High)? around;

    /// <summary>The grid of a picture.</summary>
    /// <param name="thumbnail">The picture's.</param>
    public LumaGrid(Thumbnail thumbnail)
    {
        var side = Math.Max(1, Math.Min(thumbnail.Width, thumbnail.Height) / Rows);
        columns = thumbnail.Width / side;
        var rows = thumbnail.Height / side;
        cells = new byte[columns * rows];
        BlockMeans.Of(thumbnail.Pixels, thumbnail.Width, side, side, cells);
    }

    /// <summary>
    /// How much differs between two pictures of one size where they differ most: the mean over the hundredth of cells that changed most, in levels of luma,
    /// after a change of the whole picture's brightness is taken off.
    /// </summary>
    /// <returns>0 to 255.</returns>
    public double ChangeFrom(LumaGrid other)
    {
        if (other.cells.Length != cells.Length)
        {
            return 255;
        }
        var shift = ShiftFrom(other);
        Span<int> histogram = stackalloc int[511];
        histogram.Clear();
        for (var i = 0; i < cells.Length; i++)
        {
            histogram[Math.Abs(cells[i] - other.cells[i] - shift)]++;
        }
        return MeanOfMost(histogram);
    }

    /// <summary>The same, but what only moved by a cell is no change: a head that sways or a camera that shakes makes no new picture.</summary>
    /// <returns>0 to 255.</returns>
    public double NoveltyFrom(LumaGrid other) => Math.Max(AppearedSince(other), other.AppearedSince(this));

    /// <summary>One half of <see cref="NoveltyFrom"/>: what is here and was not near there.</summary>
    /// <returns>0 to 255.</returns>
    public double AppearedSince(LumaGrid before)
    {
        if (before.cells.Length != cells.Length)
        {
            return 255;
        }
        var shift = ShiftFrom(before);
        var (low, high) = before.Around;
        Span<int> histogram = stackalloc int[511];
        histogram.Clear();
        for (var i = 0; i < cells.Length; i++)
        {
            var here = cells[i] - shift;
            histogram[Math.Max(0, Math.Max(here - high[i], low[i] - here))]++;
        }
        return MeanOfMost(histogram);
    }

    /// <summary>Whether a cut lies between two frames: most of the picture changed, and what was there tells nothing of what is.</summary>
    public bool IsCutFrom(LumaGrid before)
    {
        if (before.cells.Length != cells.Length)
        {
            return true;
        }
        var (shift, change) = (ShiftFrom(before), 0L);
        for (var i = 0; i < cells.Length; i++)
        {
            change += Math.Abs(cells[i] - before.cells[i] - shift);
        }
        return change > CutChange * cells.Length && Correlation(before) < CutCorrelation;
    }

    /// <summary>The least and the most luma of each cell and the eight around it.</summary>
    private (byte[] Low, byte[] High) Around
    {
        get
        {
            if (around is { } known)
            {
                return known;
            }
            var (low, high, rows) = (new byte[cells.Length], new byte[cells.Length], cells.Length / columns);
            for (var i = 0; i < cells.Length; i++)
            {
                var (row, column) = (i / columns, i % columns);
                var (least, most) = (byte.MaxValue, byte.MinValue);
                for (var y = Math.Max(0, row - 1); y <= Math.Min(rows - 1, row + 1); y++)
                {
                    for (var x = Math.Max(0, column - 1); x <= Math.Min(columns - 1, column + 1); x++)
                    {
                        least = Math.Min(least, cells[(y * columns) + x]);
                        most = Math.Max(most, cells[(y * columns) + x]);
                    }
                }
                (low[i], high[i]) = (least, most);
            }
            around = (low, high);
            return (low, high);
        }
    }

    private double Correlation(LumaGrid other)
    {
        double a = 0, b = 0, aa = 0, bb = 0, ab = 0, count = cells.Length;
        for (var i = 0; i < cells.Length; i++)
        {
            double x = cells[i], y = other.cells[i];
            (a, b, aa, bb, ab) = (a + x, b + y, aa + (x * x), bb + (y * y), ab + (x * y));
        }
        var spread = ((count * aa) - (a * a)) * ((count * bb) - (b * b));
        return spread > 0 ? ((count * ab) - (a * b)) / Math.Sqrt(spread) : 0;
    }

    private int ShiftFrom(LumaGrid other)
    {
        var total = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            total += cells[i] - other.cells[i];
        }
        return (int)Math.Round((double)total / cells.Length);
    }

    private double MeanOfMost(ReadOnlySpan<int> histogram)
    {
        var wanted = Math.Max(1, cells.Length / 100);
        var (taken, sum) = (0, 0L);
        for (var level = histogram.Length - 1; level > 0 && taken < wanted; level--)
        {
            var count = Math.Min(histogram[level], wanted - taken);
            taken += count;
            sum += (long)count * level;
        }
        return Math.Min(255, (double)sum / wanted);
    }
}
