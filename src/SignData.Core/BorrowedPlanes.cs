namespace SignData.Core;

/// <summary>The planes of a frame (8 bits, 4:2:0) where a decoder wrote them, until they are given back.</summary>
public sealed unsafe class BorrowedPlanes
{
    private readonly byte* luma, u, v;
    private readonly int stride, chromaStride;
    private Action? giveBack;

    /// <summary>Planes in memory that outlives this object's <see cref="GiveBack"/>.</summary>
    /// <param name="luma">The first sample.</param>
    /// <param name="stride">Bytes from one row of luma to the next, at least the frame's width.</param>
    /// <param name="u">The first sample.</param>
    /// <param name="v">The first sample.</param>
    /// <param name="chromaStride">Bytes from one row of u and of v to the next, at least half the frame's width.</param>
    /// <param name="giveBack">Called once.</param>
    public BorrowedPlanes(byte* luma, int stride, byte* u, byte* v, int chromaStride, Action giveBack)
    {
        this.luma = luma;
        this.u = u;
        this.v = v;
        (this.stride, this.chromaStride, this.giveBack) = (stride, chromaStride, giveBack);
    }

    /// <summary>The luma plane, height x width, if its rows touch each other; else nothing.</summary>
    /// <param name="width">The frame's.</param>
    /// <param name="height">The frame's.</param>
    public ReadOnlySpan<byte> Luma(int width, int height) => stride == width ? new(luma, width * height) : default;

    /// <summary>A row of the U plane.</summary>
    /// <param name="row">0 to height / 2 - 1.</param>
    /// <param name="width">The frame's.</param>
    /// <param name="height">The frame's.</param>
    public ReadOnlySpan<byte> URow(int row, int width, int height) => Row(u, row, width, height);

    /// <summary>A row of the V plane.</summary>
    /// <param name="row">0 to height / 2 - 1.</param>
    /// <param name="width">The frame's.</param>
    /// <param name="height">The frame's.</param>
    public ReadOnlySpan<byte> VRow(int row, int width, int height) => Row(v, row, width, height);

    /// <summary>Copies all three planes, Y then U then V.</summary>
    /// <param name="width">The frame's.</param>
    /// <param name="height">The frame's.</param>
    /// <param name="planes">width x height x 3 / 2 bytes.</param>
    public void CopyTo(int width, int height, Span<byte> planes)
    {
        Copy(luma, stride, width, height, planes);
        Copy(u, chromaStride, width / 2, height / 2, planes[(width * height)..]);
        Copy(v, chromaStride, width / 2, height / 2, planes[(width * height / 4 * 5)..]);
    }

    /// <summary>Ends the loan.</summary>
    public void GiveBack()
    {
        var action = giveBack;
        giveBack = null;
        action?.Invoke();
    }

    private ReadOnlySpan<byte> Row(byte* plane, int row, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)height / 2, nameof(row));
        return new ReadOnlySpan<byte>(plane + ((long)row * chromaStride), width / 2);
    }

    private static void Copy(byte* from, int stride, int width, int height, Span<byte> to)
    {
        for (var row = 0; row < height; row++)
        {
            new ReadOnlySpan<byte>(from + ((long)row * stride), width).CopyTo(to.Slice(row * width, width));
        }
    }
}
