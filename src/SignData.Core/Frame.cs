using System.Buffers;

namespace SignData.Core;

/// <summary>The weights by which a video's luma and chroma are made of red, green and blue.</summary>
public enum YuvMatrix
{
    /// <summary>ITU-R BT.601: what a source is taken for that does not say.</summary>
    Bt601,

    /// <summary>ITU-R BT.709: most HD video.</summary>
    Bt709,

    /// <summary>ITU-R BT.2020: wide-gamut and HDR video.</summary>
    Bt2020,
}

/// <summary>
/// One moment of a video or camera as it is decoded: planar YUV 4:2:0 (I420), upright, with its true time.
/// The pixels are rented or borrowed: dispose a frame that is done with, keep it undisposed for as long as its pixels are wanted.
/// </summary>
public sealed class Frame : IDisposable
{
    private byte[]? buffer;
    private BorrowedPlanes? borrowed;

    /// <summary>A frame with a rented buffer of undefined content, to be filled through <see cref="Data"/>.</summary>
    /// <param name="width">In pixels, even.</param>
    /// <param name="height">In pixels, even.</param>
    /// <param name="position">The frame's number in its source, from 0.</param>
    /// <param name="time">The presentation time in its source.</param>
    public Frame(int width, int height, int position, TimeSpan time)
        : this(width, height, position, time, null) => buffer = ArrayPool<byte>.Shared.Rent(Size(width, height));

    /// <summary>A frame whose pixels lie where a decoder wrote them; they are copied when <see cref="Data"/> is asked for.</summary>
    /// <param name="width">In pixels, even.</param>
    /// <param name="height">In pixels, even.</param>
    /// <param name="position">The frame's number in its source, from 0.</param>
    /// <param name="time">The presentation time in its source.</param>
    /// <param name="planes">Given back when the frame is disposed.</param>
    public Frame(int width, int height, int position, TimeSpan time, BorrowedPlanes? planes)
    {
        if (width is < 2 or > Image.MaxSide || height is < 2 or > Image.MaxSide || (width | height) % 2 != 0)
        {
            throw new ArgumentException($"A frame of {width}x{height} is not of even size between 2 and {Image.MaxSide}.", nameof(width));
        }
        (Width, Height, Position, Time, borrowed) = (width, height, position, time, planes);
    }

    /// <summary>Columns of luma, even.</summary>
    public int Width { get; }

    /// <summary>Rows of luma, even.</summary>
    public int Height { get; }

    /// <summary>The frame's number in its source, from 0.</summary>
    public int Position { get; }

    /// <summary>The presentation time in its source.</summary>
    public TimeSpan Time { get; }

    /// <summary>How the planes are made of red, green and blue.</summary>
    public YuvMatrix Matrix { get; init; }

    /// <summary>Whether black to white is 0 to 255 rather than the usual 16 to 235.</summary>
    public bool FullRange { get; init; }

    /// <summary>All three planes, Y then U then V: width x height x 3 / 2 bytes of the frame's own.</summary>
    /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
    public Span<byte> Data
    {
        get
        {
            if (borrowed is { } planes)
            {
                buffer = ArrayPool<byte>.Shared.Rent(Size(Width, Height));
                planes.CopyTo(Width, Height, buffer.AsSpan(0, Size(Width, Height)));
                borrowed = null;
                planes.GiveBack();
            }
            return (buffer ?? throw new ObjectDisposedException(nameof(Frame))).AsSpan(0, Size(Width, Height));
        }
    }

    /// <summary>The luma plane, height x width.</summary>
    /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
    public ReadOnlySpan<byte> Luma => borrowed is { } planes && planes.Luma(Width, Height) is { IsEmpty: false } luma ? luma : Data[..(Width * Height)];

    /// <summary>A row of the U plane (Cb), Width / 2 samples.</summary>
    /// <param name="row">0 to Height / 2 - 1.</param>
    /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
    public ReadOnlySpan<byte> URow(int row) => borrowed is { } planes ? planes.URow(row, Width, Height) : ChromaRow(row);

    /// <summary>A row of the V plane (Cr), Width / 2 samples.</summary>
    /// <param name="row">0 to Height / 2 - 1.</param>
    /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
    public ReadOnlySpan<byte> VRow(int row) => borrowed is { } planes ? planes.VRow(row, Width, Height) : ChromaRow(row + (Height / 2));

    /// <summary>The bytes of a frame of that size.</summary>
    /// <param name="width">In pixels, even.</param>
    /// <param name="height">In pixels, even.</param>
    public static int Size(int width, int height) => checked(width * height / 2 * 3);

    private ReadOnlySpan<byte> ChromaRow(int row) => Data.Slice((Width * Height) + (row * (Width / 2)), Width / 2);

    /// <summary>Gives the pixels back.</summary>
    public void Dispose()
    {
        borrowed?.GiveBack();
        borrowed = null;
        if (buffer is { } rented)
        {
            buffer = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
