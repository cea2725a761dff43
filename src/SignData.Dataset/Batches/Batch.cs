namespace SignData.Dataset.Batches;

/// <summary>Pictures and their labels on the way to a model; the buffers are used again for the next batch.</summary>
public sealed class Batch
{
    /// <summary>The label of a picture that could not be read: losses leave it out (PyTorch's ignore_index).</summary>
    public const int Ignored = -100;

    internal Batch(int capacity, int size)
    {
        Size = size;
        Pixels = new byte[capacity * size * size * 3];
        Labels = new long[capacity];
        Indices = new int[capacity];
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
}
