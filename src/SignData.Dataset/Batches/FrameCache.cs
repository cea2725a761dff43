using System.Collections.Concurrent;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset.Batches;

/// <summary>
/// Decoded frames, shrunk so that the shorter side is at most <paramref name="side"/>, kept in memory up to a bound: what
/// the first epoch decodes, later ones need not. Frames beyond the bound are decoded each time.
/// </summary>
/// <param name="side">The shorter side of what is kept, in pixels.</param>
/// <param name="bytes">The most memory to hold.</param>
public sealed class FrameCache(int side, long bytes)
{
    private readonly ConcurrentDictionary<string, Pyramid> kept = new(StringComparer.Ordinal);
    private long held;

    // Above the model's side, so that a crop still has a pixel for each of the square's.
    private const double Margin = 1.25;

    /// <summary>Frames as large as squares of a size need them.</summary>
    /// <param name="size">The side of the squares in pixels.</param>
    /// <param name="bytes">The most memory to hold.</param>
    public static FrameCache For(int size, long bytes) => new((int)Math.Ceiling(size * Margin), bytes);

    /// <summary>Bytes of pixels in memory.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>The frame's pixels, RGB.</summary>
    /// <param name="path">The image file.</param>
    /// <exception cref="InputException">The file is missing or no picture.</exception>
    public Pyramid Read(string path)
    {
        if (kept.TryGetValue(path, out Pyramid? pyramid))
        {
            return pyramid;
        }
        pyramid = Decode(ImageFile.ReadBytes(path), path);
        if (Interlocked.Add(ref held, pyramid.Bytes) > bytes || !kept.TryAdd(path, pyramid))
        {
            Interlocked.Add(ref held, -pyramid.Bytes);
        }
        return pyramid;
    }

    /// <summary>The pixels of a frame whose file is read already; they are not kept.</summary>
    /// <param name="file">The file's content.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <exception cref="InputException">It is no picture.</exception>
    public Pyramid Decode(ReadOnlySpan<byte> file, string path)
    {
        Image image = ImageFile.Decode(file, path, side);
        int shorter = Math.Min(image.Width, image.Height);
        if (shorter > side)
        {
            int width = (int)Math.Round((double)image.Width * side / shorter), height = (int)Math.Round((double)image.Height * side / shorter);
            image = Resample.Resize(image, Math.Min(width, Image.MaxSide), Math.Min(height, Image.MaxSide));
        }
        return new Pyramid(image);
    }
}
