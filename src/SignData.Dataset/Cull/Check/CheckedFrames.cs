using System.Globalization;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>What a check needs of a frame: little, as there may be millions.</summary>
/// <param name="Side">The number of its side.</param>
/// <param name="Path">Relative to its set's folder.</param>
/// <param name="Label">The sign.</param>
/// <param name="Bytes">The first half of its file's SHA-256; null when unknown.</param>
/// <param name="Hash">The perceptual hash; null when unknown.</param>
/// <param name="Moment">The number of its run of look-alikes within its set; null when none was looked for.</param>
internal readonly record struct CheckedFrame(int Side, string Path, string Label, UInt128? Bytes, ulong? Hash, int? Moment);

/// <summary>The kept frames of all sets, in the order of their sides: by set as given, then train, valid, test and none.</summary>
internal sealed class CheckedFrames
{
    private const int MostSides = 64;

    private static readonly string?[] Splits = ["train", "valid", "test", null];

    private readonly List<string> folders = [];
    private readonly List<Dictionary<LeakKind, Dictionary<string, string>>> groups = [];

    /// <summary>Every frame.</summary>
    public List<CheckedFrame> Frames { get; } = [];

    /// <summary>Every side that has a frame.</summary>
    public List<CheckedSide> Sides { get; } = [];

    /// <summary>What was odd.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Adds a set's frames.</summary>
    /// <exception cref="InputException">It is missing, damaged, or one too many.</exception>
    public void Add(string set, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(set));
        var file = Manifest.FileAt(full);
        if (File.Exists(file))
        {
            using var manifest = Manifest.Open(file);
            // Runs of look-alikes are numbered across a manifest by cull alone.
            var rows = manifest.Provenance().Any(step => step.Tool == "cull") ? manifest.Select() : [.. manifest.Select().Select(row => row with { Burst = null })];
            // A path that climbs to nowhere is refused here, not when its picture is wanted.
            Add(set, manifest.Folder, rows, row => Path.GetRelativePath(manifest.Folder, manifest.PathOf(row)), manifest.Sources().ToDictionary(source => source.Id));
        }
        else if (Directory.Exists(full))
        {
            var items = new Indexer([], progress, cancelled).Measure(ImageFolder.Find(full, Warnings), Path.GetFileName(full), text => text);
            var unreadable = items.Count(item => item.Culled is not null);
            if (unreadable > 0)
            {
                Warnings.Add($"{unreadable} images of '{set}' cannot be read and are left out.");
            }
            Add(set, full, items.Where(item => item.Culled is null).Select(item => item.Row), row => Path.GetRelativePath(full, row.Path), []);
        }
        else
        {
            throw new InputException($"'{set}' does not exist: name manifests, datasets or folders of label folders.");
        }
    }

    /// <summary>Where a frame's picture lies.</summary>
    public string FileOf(CheckedFrame frame) => Path.GetFullPath(frame.Path, folders[frame.Side]);

    /// <summary>A side's signers, sessions or videos: what tells each from others, and its name.</summary>
    public IReadOnlyDictionary<string, string> GroupsOf(int side, LeakKind kind) => groups[side][kind];

    private void Add(string set, string folder, IEnumerable<FrameRow> rows, Func<FrameRow, string> pathOf, Dictionary<long, SourceRow> sources)
    {
        var bySplit = rows.ToLookup(row => row.Split ?? "");
        if (bySplit.Count == 0)
        {
            Warnings.Add($"'{set}' holds no kept frame.");
        }
        var labels = new Dictionary<string, string>();
        foreach (var split in Splits.Where(split => bySplit.Contains(split ?? "")))
        {
            if (Sides.Count == MostSides)
            {
                throw new InputException($"'{set}' makes more than {MostSides} parts to compare: name fewer sets at once.");
            }
            var own = new Dictionary<LeakKind, Dictionary<string, string>> { [LeakKind.Signer] = [], [LeakKind.Session] = [], [LeakKind.Source] = [] };
            var before = Frames.Count;
            foreach (var row in bySplit[split ?? ""])
            {
                labels.TryAdd(row.Label, row.Label);
                Frames.Add(new CheckedFrame(Sides.Count, pathOf(row), labels[row.Label], Half(row.Sha256), row.PerceptualHash, row.Burst));
            }
            foreach (var id in bySplit[split ?? ""].Select(row => row.SourceId).Distinct())
            {
                if (sources.TryGetValue(id, out var source))
                {
                    Note(own[LeakKind.Signer], source.Signer, source.Signer);
                    Note(own[LeakKind.Session], source.Session is null ? null : $"{source.Signer}\u001f{source.Session}", source.Signer is null ? source.Session : $"{source.Session} of {source.Signer}");
                    Note(own[LeakKind.Source], source.Kind == "folder" ? null : source.Sha256 ?? Path.GetFullPath(source.Path, folder), Path.GetFileName(source.Path));
                }
            }
            groups.Add(own);
            folders.Add(folder);
            Sides.Add(new CheckedSide(set, split, Frames.Count - before));
        }
    }

    private static void Note(Dictionary<string, string> group, string? key, string? name)
    {
        if (key is not null)
        {
            group.TryAdd(key, name!);
        }
    }

    private static UInt128? Half(string? sha256) =>
        sha256 is { Length: >= 32 } && UInt128.TryParse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var half) ? half : null;
}
