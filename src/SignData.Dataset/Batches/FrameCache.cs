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
        Image image = ImageFile.Read(path, side);
        int shorter = Math.Min(image.Width, image.Height);
        if (shorter > side)
        {
            int width = (int)Math.Round((double)image.Width * side / shorter), height = (int)Math.Round((double)image.Height * side / shorter);
            image = Resample.Resize(image, Math.Min(width, Image.MaxSide), Math.Min(height, Image.MaxSide));
        }
        pyramid = new Pyramid(image);
        if (Interlocked.Add(ref held, pyramid.Bytes) > bytes || !kept.TryAdd(path, pyramid))
        {
            Interlocked.Add(ref held, -pyramid.Bytes);
        }
        return pyramid;
    }
}
