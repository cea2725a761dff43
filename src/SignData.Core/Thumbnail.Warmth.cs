namespace SignData.Core;

public sealed partial class Thumbnail
{
    /// <summary>The side in pixels of the square cells in which colour and sharpness are told; those at the right and the bottom may be narrower.</summary>
    public const int CellSide = 16;

    // So many rows of each cell are looked at, and every pixel of them.
    private const int RowsLookedAt = 4;

    private readonly sbyte[] warmth = new sbyte[MostCells];
    private bool coloured;

    /// <summary>The most cells there can be.</summary>
    internal const int MostCells = LongestSide / CellSide * (LongestSide / CellSide);

    /// <summary>Cells in a row.</summary>
    public int CellsAcross => (Width + CellSide - 1) / CellSide;

    /// <summary>Rows of cells.</summary>
    public int CellsDown => (Height + CellSide - 1) / CellSide;

    /// <summary>
    /// How much redder than blue each cell is, CellsDown x CellsAcross: the mean of Cr - Cb, in levels. Skin of every tone is warmer than most of what
    /// is behind it. Empty where only luma was given.
    /// </summary>
    public ReadOnlySpan<sbyte> Warmth => coloured ? warmth.AsSpan(0, CellsAcross * CellsDown) : [];

    /// <summary>Makes this the thumbnail of a frame, with its colour.</summary>
    /// <param name="frame">Not disposed.</param>
    public void Set(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Set(frame.Luma, frame.Width, frame.Height);
        SetWarmth(frame.Height / 2, 2, (row, sums, wide) =>
        {
            var u = frame.URow(row);
            var v = frame.VRow(row);
            for (var x = 0; x < sums.Length; x++)
            {
                var end = Math.Min(u.Length, (x + 1) * wide);
                for (var i = x * wide; i < end; i++)
                {
                    sums[x] += v[i] - u[i];
                }
            }
            return u.Length;
        });
    }

    /// <summary>Makes this the thumbnail of a picture, with its colour unless it is grey.</summary>
    /// <param name="luma">The picture in grey.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="ArgumentException">The two are not of one size.</exception>
    public void Set(Image luma, Image image)
    {
        ArgumentNullException.ThrowIfNull(luma);
        ArgumentNullException.ThrowIfNull(image);
        if (luma.Channels != 1 || luma.Width != image.Width || luma.Height != image.Height)
        {
            throw new ArgumentException($"{luma.Width}x{luma.Height}x{luma.Channels} is not the grey of a picture of {image.Width}x{image.Height}.", nameof(luma));
        }
        Set(luma.Pixels, luma.Width, luma.Height);
        if (image.Channels == 1)
        {
            return;
        }
        SetWarmth(image.Height, 1, (row, sums, wide) =>
        {
            var rgb = image.Row(row);
            for (var x = 0; x < sums.Length; x++)
            {
                var (red, green, blue, end) = (0, 0, 0, Math.Min(image.Width, (x + 1) * wide));
                for (var i = 3 * x * wide; i < 3 * end; i += 3)
                {
                    red += rgb[i];
                    green += rgb[i + 1];
                    blue += rgb[i + 2];
                }
                // ITU-R BT.601's Cr - Cb.
                sums[x] += ((171 * red) - (22 * green) - (149 * blue)) >> 8;
            }
            return image.Width;
        });
    }

    /// <summary>Adds a row's Cr - Cb to the sums of its cells, which are so many samples wide; says how many samples the row has.</summary>
    private delegate int RowAdder(int row, Span<int> sums, int wide);

    private void SetWarmth(int rows, int subsampling, RowAdder add)
    {
        var (across, down) = (CellsAcross, CellsDown);
        var (wide, high) = (Math.Max(1, CellSide * blockWidth / subsampling), Math.Max(1, CellSide * blockHeight / subsampling));
        Span<int> sums = stackalloc int[across];
        for (var cell = 0; cell < down; cell++)
        {
            sums.Clear();
            var (looked, samples) = (0, 0);
            for (var row = cell * high; row < Math.Min(rows, (cell + 1) * high); row += Math.Max(1, high / RowsLookedAt))
            {
                samples = add(row, sums, wide);
                looked++;
            }
            for (var x = 0; x < across; x++)
            {
                var count = looked * Math.Clamp(samples - (x * wide), 0, wide);
                warmth[(cell * across) + x] = (sbyte)(count > 0 ? Math.Clamp(sums[x] / count, sbyte.MinValue, sbyte.MaxValue) : 0);
            }
        }
        coloured = true;
    }
}
