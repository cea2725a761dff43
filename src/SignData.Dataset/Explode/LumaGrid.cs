using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Mean luma in some 45 rows of square cells: small enough to hold and compare by the dozen, fine enough to see a finger move.
/// A hand is a small part of the picture, so change is measured where there is most of it.
/// </summary>
internal sealed class LumaGrid
{
    private const int Rows = 45;

    private readonly byte[] cells;

    /// <summary>The grid of a picture.</summary>
    /// <param name="thumbnail">The picture's.</param>
    public LumaGrid(Thumbnail thumbnail)
    {
        var side = Math.Max(1, Math.Min(thumbnail.Width, thumbnail.Height) / Rows);
        var (columns, rows) = (thumbnail.Width / side, thumbnail.Height / side);
        cells = new byte[columns * rows];
        Span<int> sums = stackalloc int[Thumbnail.LongestSide];
        for (var row = 0; row < rows; row++)
        {
            sums[..columns].Clear();
            for (var y = row * side; y < (row + 1) * side; y++)
            {
                var line = thumbnail.Pixels.Slice(y * thumbnail.Width, columns * side);
                for (var column = 0; column < columns; column++)
                {
                    foreach (var value in line.Slice(column * side, side))
                    {
                        sums[column] += value;
                    }
                }
            }
            for (var column = 0; column < columns; column++)
            {
                cells[(row * columns) + column] = (byte)(sums[column] / (side * side));
            }
        }
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
        var total = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            total += cells[i] - other.cells[i];
        }
        var shift = (int)Math.Round((double)total / cells.Length);
        Span<int> histogram = stackalloc int[511];
        histogram.Clear();
        for (var i = 0; i < cells.Length; i++)
        {
            histogram[Math.Abs(cells[i] - other.cells[i] - shift)]++;
        }
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
