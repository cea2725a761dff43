using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignData.Dataset;

/// <summary>
/// Mean luma in some 40 rows of square cells: small enough to hold and compare by the dozen, fine enough to see a finger move.
/// A hand is a small part of the picture, so change is measured where there is most of it.
/// </summary>
internal sealed class LumaGrid
{
    private const int Rows = 45;

    private readonly byte[] cells;

    /// <summary>The grid of a picture.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public LumaGrid(ReadOnlySpan<byte> luma, int width, int height)
    {
        var side = Math.Max(1, Math.Min(width, height) / Rows);
        // Sixteen rows at most are read of a cell: their sums fit 16 bits, and more would tell no more.
        var step = Math.Max(1, (side + 7) / 8);
        var (columns, rows) = (width / side, height / side);
        cells = new byte[columns * rows];
        var sums = new ushort[width];
        for (var row = 0; row < rows; row++)
        {
            Array.Clear(sums);
            var lines = 0;
            for (var y = row * side; y < (row + 1) * side; y += step, lines++)
            {
                AddTo(sums, luma.Slice(y * width, width));
            }
            for (var column = 0; column < columns; column++)
            {
                var sum = 0;
                foreach (var value in sums.AsSpan(column * side, side))
                {
                    sum += value;
                }
                cells[(row * columns) + column] = (byte)(sum / (lines * side));
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
            histogram[Math.Min(510, Math.Abs(cells[i] - other.cells[i] - shift))]++;
        }
        var wanted = Math.Max(1, cells.Length / 100);
        var (taken, sum) = (0, 0L);
        for (var level = 510; level > 0 && taken < wanted; level--)
        {
            var count = Math.Min(histogram[level], wanted - taken);
            taken += count;
            sum += (long)count * level;
        }
        return Math.Min(255, (double)sum / wanted);
    }

    private static void AddTo(Span<ushort> sums, ReadOnlySpan<byte> line)
    {
        ref var from = ref MemoryMarshal.GetReference(line);
        ref var to = ref MemoryMarshal.GetReference(sums);
        var x = 0;
        for (; x <= line.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)x));
            (Vector128.LoadUnsafe(ref to, (nuint)x) + low).StoreUnsafe(ref to, (nuint)x);
            (Vector128.LoadUnsafe(ref to, (nuint)x + 8) + high).StoreUnsafe(ref to, (nuint)x + 8);
        }
        for (; x < line.Length; x++)
        {
            Unsafe.Add(ref to, x) += Unsafe.Add(ref from, x);
        }
    }
}
