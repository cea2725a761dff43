using System.Globalization;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>What a check needs of a frame: little, as there may be millions.</summary>
/// <param name="Side">The number of its side.</param>
/// <param name="Path">Relative to its set's folder.</param>
/// <param name="Label">The sign.</param>
/// <param name="Bytes">The first half of its file's SHA-256; null when unknown.</param>
/// <param name="Hash">The perceptual hash; null when unknown.</param>
/// <param name="Layout">Where it is light and dark; null when unknown.</param>
/// <param name="Moment">The number of its run of look-alikes within its set; null when none was looked for.</param>
internal readonly record struct CheckedFrame(int Side, string Path, string Label, UInt128? Bytes, ulong? Hash, Layout? Layout, int? Moment);

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
    public List<LeakSide> Sides { get; } = [];

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
            var numbered = manifest.Provenance().Any(step => step.Tool == "cull");
            var frames = new List<(string Split, long Source, CheckedFrame Frame)>();
            var (labels, moments) = (new Dictionary<string, string>(), new Dictionary<(long Source, int Run), int>());
            manifest.Read(row =>
            {
                if (row.Culled is null)
                {
                    cancelled.ThrowIfCancellationRequested();
                    labels.TryAdd(row.Label, row.Label);
                    int? moment = null;
                    if (numbered && row.Burst is { } run)
                    {
                        // A label of many short clips has fewer runs than clips: only within a source is a run one moment.
                        moments.TryAdd((row.SourceId, run), moments.Count);
                        moment = moments[(row.SourceId, run)];
                    }
                    // A path that climbs to nowhere is refused here, not when its picture is wanted.
                    var path = Path.GetRelativePath(manifest.Folder, manifest.PathOf(row));
                    frames.Add((row.Split ?? "", row.SourceId, new CheckedFrame(0, path, labels[row.Label], Half(row.Sha256), row.PerceptualHash, row.Layout, moment)));
                }
            });
            Add(set, manifest.Folder, frames, manifest.Sources().ToDictionary(source => source.Id));
        }
        else if (Directory.Exists(full))
        {
            var items = new Indexer([], progress, cancelled).Measure(ImageFolder.Find(full, Warnings), Path.GetFileName(full), new Texts());
            var unreadable = items.Count(item => item.Culled is not null);
            if (unreadable > 0)
            {
                Warnings.Add($"{unreadable} images of '{set}' cannot be read and are left out.");
            }
            Add(set, full, [.. items.Where(item => item.Culled is null)
                .Select(item => ("", 0L, new CheckedFrame(0, Path.GetRelativePath(full, item.File), item.Label, item.FileKey, item.PerceptualHash, item.Layout, null)))], []);
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

    private void Add(string set, string folder, List<(string Split, long Source, CheckedFrame Frame)> frames, Dictionary<long, SourceRow> sources)
    {
        if (frames.Count == 0)
        {
            Warnings.Add($"'{set}' holds no kept frame.");
        }
        foreach (var split in Splits)
        {
            var own = new Dictionary<LeakKind, Dictionary<string, string>> { [LeakKind.Signer] = [], [LeakKind.Session] = [], [LeakKind.Source] = [] };
            var (before, seen) = (Frames.Count, new HashSet<long>());
            foreach (var (_, id, frame) in frames.Where(frame => frame.Split == (split ?? "")))
            {
                Frames.Add(frame with { Side = Sides.Count });
                if (seen.Add(id) && sources.TryGetValue(id, out var source))
                {
                    Note(own[LeakKind.Signer], source.Signer, source.Signer);
                    Note(own[LeakKind.Session], source.Session is null ? null : $"{source.Signer}\u001f{source.Session}", source.Signer is null ? source.Session : $"{source.Session} of {source.Signer}");
                    Note(own[LeakKind.Source], source.Kind is "folder" or "csv" ? null : source.Sha256 ?? Path.GetFullPath(source.Path, folder), Path.GetFileName(source.Path));
                }
            }
            if (Frames.Count == before)
            {
                continue;
            }
            if (Sides.Count == MostSides)
            {
                throw new InputException($"'{set}' makes more than {MostSides} parts to compare: name fewer sets at once.");
            }
            groups.Add(own);
            folders.Add(folder);
            Sides.Add(new LeakSide(set, split, Frames.Count - before));
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
