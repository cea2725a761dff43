using System.Text.RegularExpressions;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Benchmarks.Culling;

/// <summary>
/// How well altered copies of frames lead back to their originals. A query is an altered copy; a right answer is its original, or a frame of the same
/// label at most a second (ten kept frames) from it, which truly looks alike; anything else is a wrong one. Recall counts originals found,
/// precision right answers among all.
/// </summary>
internal static partial class AlteredCopies
{
    /// <summary>Numbers in file names count frames of the video; every sixth was taken.</summary>
    private const int OneMoment = 60;

    private static readonly (string Name, Func<Image, byte[]> Alter)[] Alterations =
    [
        ("re-encoded at quality 60", image => ImageFile.EncodeJpeg(image, 60)),
        ("scaled to 50 %", image => ImageFile.EncodeJpeg(Resample.Resize(image, image.Width / 2, image.Height / 2), 90)),
        ("10 % brighter", image => ImageFile.EncodeJpeg(Scaled(image, 1.1), 90)),
        ("10 % darker", image => ImageFile.EncodeJpeg(Scaled(image, 0.9), 90)),
        ("cropped by 3 %", image => ImageFile.EncodeJpeg(Cropped(image, 0.015), 90)),
        ("cropped by 3 % on each side", image => ImageFile.EncodeJpeg(Cropped(image, 0.03), 90)),
    ];

    private static readonly (string Name, Func<Frame, Frame, bool> Match)[] Methods =
    [
        ("ours", (a, b) => PerceptualHash.Distance(a.Hash, b.Hash) <= NearDuplicates.Distance && a.Layout.Similarity(b.Layout) >= Check.Defaults.First(check => check.Name == "near-duplicate").Threshold),
        ("equal pHash (CleanVision)", (a, b) => a.CleanVision == b.CleanVision),
        ("pHash within 10 (imagededup)", (a, b) => PerceptualHash.Distance(a.Imagededup, b.Imagededup) <= 10),
    ];

    /// <summary>Writes the copies, a folder for each alteration.</summary>
    public static void Write(string folder, string copies) => Parallel.ForEach(Pictures(folder), file =>
    {
        var image = ImageFile.Read(file);
        for (var i = 0; i < Alterations.Length; i++)
        {
            var copy = CopyOf(file, folder, copies, i);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, Alterations[i].Alter(image));
        }
    });

    /// <summary>Prints a table of recall and precision.</summary>
    /// <param name="folder">The originals.</param>
    /// <param name="copies">What <see cref="Write"/> wrote.</param>
    /// <param name="peers">The lines of peers.py for both.</param>
    public static void Compare(string folder, string copies, string peers)
    {
        var hashes = File.ReadLines(peers).Select(line => line.Split('\t')).ToDictionary(line => line[0], line => (Hash(line[1]), Hash(line[2])));
        var files = Pictures(folder);
        var originals = files.AsParallel().AsOrdered().Select(file => Measured(file, hashes)).ToArray();
        Console.WriteLine($"{files.Length} frames; recall / precision\n\n| altered copies | {string.Join(" | ", Methods.Select(method => method.Name))} |\n|---|{string.Concat(Methods.Select(_ => "---|"))}");
        var totals = new (long Found, long Right, long Wrong)[Methods.Length];
        for (var alteration = 0; alteration < Alterations.Length; alteration++)
        {
            var own = alteration;
            var queries = files.AsParallel().AsOrdered().Select(file => Measured(CopyOf(file, folder, copies, own), hashes)).ToArray();
            var sums = Array.ConvertAll(Methods, method => queries.Index().AsParallel().Select(query => Judge(query.Item, query.Index, originals, method.Match))
                .Aggregate((0L, 0L, 0L), (a, b) => (a.Item1 + b.Found, a.Item2 + b.Right, a.Item3 + b.Wrong)));
            Console.WriteLine($"| {Alterations[alteration].Name} | {string.Join(" | ", sums.Select(sum => Shown(sum, files.Length)))} |");
            totals = [.. totals.Zip(sums, (a, b) => (a.Found + b.Item1, a.Right + b.Item2, a.Wrong + b.Item3))];
        }
        Console.WriteLine($"| all | {string.Join(" | ", totals.Select(sum => Shown(sum, files.Length * Alterations.Length)))} |");
    }

    private static (long Found, long Right, long Wrong) Judge(Frame query, int own, Frame[] originals, Func<Frame, Frame, bool> match)
    {
        var (found, right, wrong) = (0L, 0L, 0L);
        for (var i = 0; i < originals.Length; i++)
        {
            if (match(query, originals[i]))
            {
                var isRight = originals[i].Label == query.Label && Math.Abs(originals[i].Number - query.Number) <= OneMoment;
                found += i == own ? 1 : 0;
                right += isRight ? 1 : 0;
                wrong += isRight ? 0 : 1;
            }
        }
        return (found, right, wrong);
    }

    private static string[] Pictures(string folder) => [.. Directory.GetFiles(Path.GetFullPath(folder), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string CopyOf(string file, string folder, string copies, int alteration) =>
        Path.GetFullPath(Path.Combine(copies, $"{alteration}", Path.GetRelativePath(Path.GetFullPath(folder), file)));

    private static ulong Hash(string hex) => ulong.Parse(hex, System.Globalization.NumberStyles.AllowHexSpecifier, null);

    private static string Shown((long Found, long Right, long Wrong) sum, int queries) =>
        $"{(double)sum.Found / queries:0.000} / {(double)sum.Right / Math.Max(1, sum.Right + sum.Wrong):0.0000}";

    private static Frame Measured(string file, Dictionary<string, (ulong CleanVision, ulong Imagededup)> peers)
    {
        var scores = FrameScores.Of(ImageFile.Read(file));
        return new Frame(Path.GetFileName(Path.GetDirectoryName(file)!), int.Parse(Number().Match(Path.GetFileName(file)).Value, null), scores.PerceptualHash, scores.Layout!.Value, peers[file].CleanVision, peers[file].Imagededup);
    }

    private static Image Scaled(Image image, double by) =>
        new(image.Width, image.Height, image.Channels, [.. image.Pixels.Select(value => (byte)Math.Min(255, Math.Round(value * by)))]);

    private static Image Cropped(Image image, double side)
    {
        var (x, y) = ((int)Math.Round(side * image.Width), (int)Math.Round(side * image.Height));
        var cropped = new Image(image.Width - (2 * x), image.Height - (2 * y), image.Channels);
        for (var row = 0; row < cropped.Height; row++)
        {
            image.Row(row + y).Slice(x * image.Channels, cropped.Stride).CopyTo(cropped.Row(row));
        }
        return cropped;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    private sealed record Frame(string Label, int Number, ulong Hash, Layout Layout, ulong CleanVision, ulong Imagededup);
}
