namespace SignData.Dataset.Batches;

/// <summary>Pictures and their labels on the way to a model; the buffers are used again for the next batch.</summary>
public sealed class Batch
{
    /// <summary>The label of a picture that could not be read: losses leave it out (PyTorch's ignore_index).</summary>
    public const int Ignored = -100;

    internal Batch(int capacity, int size)
    {
        Size = size;
        // One place more: for a picture that the last one is mixed with.
        Pixels = new byte[(capacity + 1) * size * size * 3];
        Labels = new long[capacity];
        Indices = new int[capacity];
        Boxes = new HandBox?[capacity];
    }

    /// <summary>Pictures in this batch; the last one of an epoch may hold fewer than the buffers could.</summary>
    public int Count { get; internal set; }

    /// <summary>The side of each picture in pixels.</summary>
    public int Size { get; internal set; }

    /// <summary>RGB samples, Count x Size x Size x 3 (NHWC) from the start of the buffer.</summary>
    public byte[] Pixels { get; }

    /// <summary>Each picture's class number, or <see cref="Ignored"/>.</summary>
    public long[] Labels { get; }

    /// <summary>Each picture's place in the loader's samples.</summary>
    public int[] Indices { get; }

    /// <summary>
    /// Where pictures were mixed, what each shows: Count x classes shares, row by row, each row of sum 1 (0 where the picture could not be read); else empty, and
    /// <see cref="Labels"/> say it.
    /// </summary>
    public float[] Targets { get; internal set; } = [];

    /// <summary>The box of the hand in each picture, as far as it is shown; null where it is not known, or the picture is mixed with another.</summary>
    public HandBox?[] Boxes { get; }
}
