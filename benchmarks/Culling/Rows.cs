using System.Diagnostics;
using SignData.Core;
using SignData.Dataset;

namespace SignData.Benchmarks.Culling;

/// <summary>Rows of a made-up collection: 29 signs by 40 signers in clips of 300 frames, ten frames of a clip look alike.</summary>
internal static class Rows
{
    private const int Labels = 29, Signers = 40, FramesOfClip = 300, FramesOfMoment = 10, FilesOfFolder = 1000;

    /// <summary>Times the search for look-alikes and prints frames, pairs, seconds and the peak of memory.</summary>
    public static void Group(int count)
    {
        var random = new Random(1);
        var source = new SourceRow { Kind = "video", Path = "clip.mp4" };
        var (items, texts) = (new List<Item>(count), new Texts());
        foreach (var row in Make(count, random))
        {
            items.Add(new Item("/" + row.Path, row, source, texts));
        }
        var watch = Stopwatch.StartNew();
        var pairs = NearDuplicates.Find(items, 0.95, progress: null, CancellationToken.None);
        var runs = LookAlikes.Number(items, pairs);
        Console.WriteLine($"{count} hashes: {pairs.Count} pairs, {items.Select(item => item.LookAlikes).Distinct().Count()} groups, {runs} pairs left apart, {watch.Elapsed.TotalSeconds:0.0} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
    }

    /// <summary>Writes a manifest of so many frames. Folders of pictures are links to one: each frame has a path of its own and a file that is there.</summary>
    public static void Write(int count, string folder)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
        for (var i = 0; i < FilesOfFolder; i++)
        {
            File.WriteAllText(Path.Combine(pictures, Name(i)), "x");
        }
        using var manifest = Manifest.Create(folder);
        manifest.Write(() =>
        {
            foreach (var row in Make(count, new Random(1)))
            {
                if (row.Id % FilesOfFolder == 1)
                {
                    Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetDirectoryName(row.Path)!), pictures);
                }
                if (row.Position == 0)
                {
                    manifest.Put(new SourceRow { Id = row.SourceId, Kind = "video", Path = $"{row.SourceId}.mp4", Sha256 = $"{row.SourceId:x64}", Signer = $"s{row.SourceId % Signers}" });
                }
                manifest.Add(row);
            }
        });
    }

    private static IEnumerable<FrameRow> Make(int count, Random random)
    {
        var (hash, cells, brightness, contrast) = (0UL, new byte[Layout.Size], 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            if (i % FramesOfMoment == 0)
            {
                hash = unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
                random.NextBytes(cells);
                (brightness, contrast) = (Score(0.4), Score(0.2));
            }
            var own = hash;
            for (var flips = random.Next(6); flips > 0; flips--)
            {
                own ^= 1UL << random.Next(64);
            }
            var noisy = Array.ConvertAll(cells, cell => (byte)Math.Clamp(cell + random.Next(-9, 10), 0, 255));
            yield return new FrameRow
            {
                Id = i + 1, Path = $"folder{i / FilesOfFolder:D5}/{Name(i % FilesOfFolder)}", Label = $"L{i / FramesOfClip % Labels:D2}", SourceId = (i / FramesOfClip) + 1,
                Position = i % FramesOfClip, Time = i % FramesOfClip / 30.0, Width = 640, Height = 480, Bytes = 30_000 + random.Next(1000),
                Sha256 = $"{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}", PerceptualHash = own, Layout = Layout.From(noisy),
                Sharpness = Score(0.3), Brightness = brightness, Contrast = contrast, Entropy = Score(0.7), Shadows = Score(0), Highlights = Score(0.7), Colour = Score(0.05),
                PixelHash = unchecked((ulong)random.NextInt64()), Modified = 1, Measured = FrameScores.Version,
            };
        }

        double Score(double least) => Math.Round(least + (0.3 * random.NextDouble()), FrameScores.Digits);
    }

    private static string Name(int i) => $"{i:D3}.jpg";
}
