using System.Security.Cryptography;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>A picture that is to be in the index.</summary>
/// <param name="File">Absolute.</param>
/// <param name="Label">The sign.</param>
/// <param name="Position">Its number among its neighbours.</param>
/// <param name="Source">What it came from.</param>
internal readonly record struct Found(string File, string Label, int Position, SourceRow Source);

/// <summary>
/// Measures pictures on all cores, each file read once. What an earlier run measured is taken from its output: a file of the same length and
/// time is not opened, one of another time but the same content not decoded.
/// </summary>
internal sealed class Indexer
{
    private readonly Dictionary<string, Item> byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Item> byContent = new(StringComparer.Ordinal);
    private readonly IProgress<Progress>? progress;
    private readonly CancellationToken cancelled;
    private int count, known;

    /// <summary>An index that knows what an earlier run did.</summary>
    /// <param name="earlier">The frames of that run.</param>
    /// <param name="progress">Told of pictures looked at.</param>
    /// <param name="cancelled">Stops the reading.</param>
    public Indexer(IEnumerable<Item> earlier, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        (this.progress, this.cancelled) = (progress, cancelled);
        foreach (var item in earlier.Where(item => item.Measured == FrameScores.Version))
        {
            byFile[item.File] = item;
            if (item.Sha256 is { } content)
            {
                byContent.TryAdd(content, item);
            }
        }
    }

    /// <summary>Pictures measured.</summary>
    public int Count => count;

    /// <summary>Pictures of them that an earlier run had measured.</summary>
    public int Known => known;

    /// <summary>Measures.</summary>
    /// <param name="found">The pictures.</param>
    /// <param name="name">What to call them in the progress.</param>
    /// <param name="texts">What their texts are held in.</param>
    /// <returns>As many items, in their order; what cannot be read is culled with its reason.</returns>
    public Item[] Measure(IReadOnlyList<Found> found, string name, Texts texts)
    {
        var items = new Item[found.Count];
        count += items.Length;
        var done = 0;
        Parallel.For(0, items.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancelled }, i =>
        {
            var (file, label, position, source) = found[i];
            var row = Measure(file) with { Label = label, Position = position };
            lock (items)
            {
                items[i] = new Item(file, row, source, texts);
            }
            var soFar = Interlocked.Increment(ref done);
            if (soFar % 64 == 0 || soFar == items.Length)
            {
                progress?.Report(new Progress("index", soFar, items.Length, name));
            }
        });
        return items;
    }

    private FrameRow Measure(string file)
    {
        var row = new FrameRow { Path = file, Label = "", SourceId = 0, Measured = FrameScores.Version };
        try
        {
            var info = new FileInfo(file);
            row = row with { Bytes = info.Length, Modified = info.LastWriteTimeUtc.Ticks };
            if (info.Length == 0)
            {
                // Devices and pipes have no length either.
                return row with { Culled = "unreadable: the file is empty" };
            }
            if (byFile.TryGetValue(file, out var earlier) && earlier.Bytes == row.Bytes && earlier.Modified == row.Modified)
            {
                return Again(earlier, row);
            }
            var bytes = ImageFile.ReadBytes(file);
            row = row with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
            return byContent.TryGetValue(row.Sha256, out earlier) ? Again(earlier, row) : Measure(row, ImageFile.Decode(bytes, file));
        }
        catch (Exception failure) when (failure is InputException or IOException or UnauthorizedAccessException)
        {
            // The path is in the row, and a reason that begins with it would differ from machine to machine.
            return row with { Culled = "unreadable: " + Files.Printable(failure.Message.Replace(file, Path.GetFileName(file), StringComparison.Ordinal)) };
        }
    }

    private static FrameRow Measure(FrameRow row, Image image) => row.With(FrameScores.Of(image)) with
    {
        Width = image.Width,
        Height = image.Height,
        Colour = ColourOf(image),
        PixelHash = PixelHash.Of(image),
    };

    /// <summary>What was measured then, with nothing that was decided then but that it cannot be read.</summary>
    private FrameRow Again(Item earlier, FrameRow row)
    {
        Interlocked.Increment(ref known);
        return earlier.Row(row.Id, row.Path, row.SourceId) with
        {
            Bytes = row.Bytes,
            Modified = row.Modified,
            Time = null,
            Burst = null,
            Split = null,
            Flags = null,
            Culled = earlier.Culled?.StartsWith("unreadable", StringComparison.Ordinal) == true ? earlier.Culled : null,
        };
    }

    /// <summary>The mean difference of the largest and the smallest channel, on a grid of at most about 10,000 pixels.</summary>
    private static double ColourOf(Image image)
    {
        if (image.Channels == 1)
        {
            return 0;
        }
        var step = Math.Max(1, (int)Math.Sqrt(image.Width * (double)image.Height / 10_000));
        var (sum, count) = (0L, 0L);
        for (var y = 0; y < image.Height; y += step)
        {
            var row = image.Row(y);
            for (var x = 0; x < row.Length; x += 3 * step)
            {
                int r = row[x], g = row[x + 1], b = row[x + 2];
                sum += Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b));
                count++;
            }
        }
        return Math.Round(sum / (255.0 * count), FrameScores.Digits);
    }
}
