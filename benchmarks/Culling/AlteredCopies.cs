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

    private static readonly (string Name, Func<Image, Image> Alter)[] Alterations =
    [
        ("re-encoded at quality 60", image => Encoded(image, 60)),
        ("scaled to 50 %", image => Encoded(Resample.Resize(image, image.Width / 2, image.Height / 2), 90)),
        ("10 % brighter", image => Encoded(Scaled(image, 1.1), 90)),
        ("10 % darker", image => Encoded(Scaled(image, 0.9), 90)),
        ("cropped by 3 %", image => Encoded(Cropped(image, 0.015), 90)),
        ("cropped by 3 % on each side", image => Encoded(Cropped(image, 0.03), 90)),
    ];

    private static readonly (string Name, Func<Frame, Frame, bool> Match)[] Methods =
    [
        ("ours", (a, b) => PerceptualHash.Distance(a.Hash, b.Hash) <= NearDuplicates.Distance && a.Layout.Similarity(b.Layout) >= Check.Defaults.First(check => check.Name == "near-duplicate").Threshold),
        ("equal pHash", (a, b) => a.Hash == b.Hash),
        ("pHash within 10", (a, b) => PerceptualHash.Distance(a.Hash, b.Hash) <= 10),
    ];

    public static void Compare(string folder)
    {
        var files = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var originals = files.Select(file => Measured(ImageFile.Read(file), file)).ToArray();
        Console.WriteLine($"{files.Length} frames; recall / precision\n\n| altered copies | {string.Join(" | ", Methods.Select(method => method.Name))} |\n|---|{string.Concat(Methods.Select(_ => "---|"))}");
        var totals = new (long Found, long Right, long Wrong)[Methods.Length];
        foreach (var (name, alter) in Alterations)
        {
            var sums = new (long Found, long Right, long Wrong)[Methods.Length];
            for (var i = 0; i < files.Length; i++)
            {
                var query = Measured(alter(ImageFile.Read(files[i])), files[i]);
                for (var method = 0; method < Methods.Length; method++)
                {
                    foreach (var answer in originals.Where(original => Methods[method].Match(query, original)))
                    {
                        var right = answer.Label == query.Label && Math.Abs(answer.Number - query.Number) <= OneMoment;
                        sums[method].Found += answer.File == query.File ? 1 : 0;
                        sums[method].Right += right ? 1 : 0;
                        sums[method].Wrong += right ? 0 : 1;
                    }
                }
            }
            Console.WriteLine($"| {name} | {string.Join(" | ", sums.Select(sum => Shown(sum, files.Length)))} |");
            totals = [.. totals.Zip(sums, (a, b) => (a.Found + b.Found, a.Right + b.Right, a.Wrong + b.Wrong))];
        }
        Console.WriteLine($"| all | {string.Join(" | ", totals.Select(sum => Shown(sum, files.Length * Alterations.Length)))} |");
    }

    private static string Shown((long Found, long Right, long Wrong) sum, int queries) =>
        $"{(double)sum.Found / queries:0.000} / {(double)sum.Right / Math.Max(1, sum.Right + sum.Wrong):0.0000}";

    private static Frame Measured(Image image, string file)
    {
        var grey = Resample.ToGrey(image);
        var scores = FrameScores.Of(grey.Pixels, grey.Width, grey.Height);
        return new Frame(file, Path.GetFileName(Path.GetDirectoryName(file)!), int.Parse(Number().Match(Path.GetFileName(file)).Value, null), scores.PerceptualHash, scores.Layout!.Value);
    }

    private static Image Encoded(Image image, int quality) => ImageFile.Decode(ImageFile.EncodeJpeg(image, quality), "copy");

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

    private sealed record Frame(string File, string Label, int Number, ulong Hash, Layout Layout);
}
