using System.Collections.Concurrent;
using SignData.Core;
using SignData.Vision;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Batches;

/// <summary>
/// Decoded frames, shrunk to what a model sees and a margin, and where the hand is in them: what is decoded or found once is kept, beside the dataset for later runs or in
/// memory for this one, up to a bound. What is beyond it is decoded each time.
/// </summary>
public sealed class FrameCache : IDisposable
{
    /// <summary>The folder beside a manifest that holds decoded frames.</summary>
    public const string Folder = ".signdata-frames";

    // Above the model's side, so that a crop still has a pixel for each of the square's.
    private const double Margin = 1.25;

    private readonly int side;
    private readonly ConcurrentDictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly PicturePack frames, hands;
    private int last;

    private FrameCache(int size, long bytes, IEnumerable<string> paths, string? folder, string hash, Action<string>? say)
    {
        side = (int)Math.Ceiling(size * Margin);
        foreach (string path in paths)
        {
            places.TryAdd(path, places.Count);
        }
        last = places.Count - 1;
        PackRoom room = new(bytes, say);
        frames = new PicturePack(At($"{side}"), $"frames {side} {hash}", places.Count, room, say);
        hands = new PicturePack(At("hands"), $"hands {HandMask.Version} {hash}", places.Count, room, say);

        string? At(string name) => folder is null || bytes == 0 ? null : Path.Combine(folder, $"{name}-{hash[..16]}{PicturePack.Ending}");
    }

    /// <summary>Frames as large as squares of a size need them, kept in memory.</summary>
    /// <param name="size">The side of the squares in pixels.</param>
    /// <param name="bytes">The most to keep; 0 keeps none.</param>
    public static FrameCache For(int size, long bytes) => new(size, bytes, [], null, "", null);

    /// <summary>Frames as large as squares of a size need them, kept in <see cref="Folder"/> beside their manifest for this run and the next ones.</summary>
    /// <param name="manifest">The manifest, or its folder.</param>
    /// <param name="hash">Its content hash.</param>
    /// <param name="paths">The image files, in an order that the manifest decides.</param>
    /// <param name="size">The side of the squares in pixels.</param>
    /// <param name="bytes">The most that this folder may hold, memory included where the disk cannot be written; packs that were not used for the longest time make room. 0 keeps none.</param>
    /// <param name="say">Where a line goes when something there is damaged or cannot be written.</param>
    public static FrameCache Beside(string manifest, string hash, IEnumerable<string> paths, int size, long bytes, Action<string>? say = null) =>
        new(size, bytes, paths, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Manifest.FileAt(manifest)))!, Folder), hash, say);

    /// <summary>The frame's pixels, RGB.</summary>
    /// <param name="path">The image file.</param>
    /// <exception cref="InputException">The file is missing or no picture.</exception>
    public Pyramid Read(string path)
    {
        int place = places.GetOrAdd(path, _ => Interlocked.Increment(ref last));
        if (frames.Read(place, path) is { } kept)
        {
            return new Pyramid(kept.Picture, () => Hand(place, path));
        }
        FileStamp source = FileStamp.Of(path);
        Image image = Shrunk(ImageFile.ReadBytes(path), path);
        frames.Write(place, source, image, 0);
        return new Pyramid(image, () => Hand(place, path));
    }

    /// <summary>The pixels of a frame whose file is read already; they are not kept.</summary>
    /// <param name="file">The file's content.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is no picture.</exception>
    public Pyramid Decode(ReadOnlySpan<byte> file, string path) => new(Shrunk(file, path), () => Found(path));

    /// <inheritdoc/>
    public void Dispose()
    {
        frames.Dispose();
        hands.Dispose();
    }

    private HandMask Hand(int place, string path)
    {
        if (hands.Read(place, path) is { } kept)
        {
            return new HandMask(kept.Picture, kept.Number);
        }
        FileStamp source = FileStamp.Of(path);
        HandMask found = Found(path);
        hands.Write(place, source, found.Mask, found.Confidence);
        return found;
    }

    // From the file and not from the shrunk frame: the same for every size.
    private static HandMask Found(string path) => HandMask.Find(ImageFile.Read(path, HandMask.Side));

    private Image Shrunk(ReadOnlySpan<byte> file, string path)
    {
        Image image = ImageFile.Decode(file, path, side);
        int shorter = Math.Min(image.Width, image.Height);
        if (shorter <= side)
        {
            return image;
        }
        int width = (int)Math.Round((double)image.Width * side / shorter), height = (int)Math.Round((double)image.Height * side / shorter);
        return Resample.Resize(image, Math.Min(width, Image.MaxSide), Math.Min(height, Image.MaxSide));
    }
}
