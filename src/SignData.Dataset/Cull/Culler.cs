using System.Diagnostics;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>
/// Makes one manifest of many sources: sets aside what cannot be read, what is there twice and what is not wanted, each with its reason,
/// and splits the rest. The same inputs, options and seed give the same rows. The output is there whole or not at all.
/// </summary>
public sealed class Culler
{
    /// <summary>From so many frames on, memory and the time of each phase matter.</summary>
    private const int Many = 100_000;

    /// <summary>Progress over rows is told after so many.</summary>
    internal const int RowsBetweenReports = 65_536;

    private readonly CullOptions options;
    private readonly IProgress<Progress>? progress;
    private readonly Stopwatch indexing = new();
    private readonly List<string> warnings = [];
    private readonly List<string> parents = [];
    private readonly List<ProvenanceRow> steps = [];
    private readonly Texts texts = new();
    private Indexer? indexer;

    /// <summary>A run to be.</summary>
    /// <param name="options">What to take and how to choose.</param>
    /// <param name="progress">Told of images read and copied.</param>
    /// <exception cref="InputException">The options contradict each other.</exception>
    public Culler(CullOptions options, IProgress<Progress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Valid is not (>= 0 and < 1) || options.Test is not (>= 0 and < 1) || options.Valid + options.Test >= 1)
        {
            throw new InputException($"--valid {options.Valid} and --test {options.Test} leave nothing to train on: give parts that add up to less than 1.");
        }
        foreach (var (what, both) in new[]
        {
            ("signer", options.TestSigners.Intersect(options.ValidSigners)), ("session", options.TestSessions.Intersect(options.ValidSessions)), ("source", options.TestSources.Intersect(options.ValidSources)),
        }.SelectMany(held => held.Item2.Select(name => (held.Item1, name))))
        {
            throw new InputException($"{what} '{both}' is to be in test and in valid: name it for one of them.");
        }
        if (options.PerLabel < 1)
        {
            throw new InputException($"--per-label {options.PerLabel} keeps nothing: give at least 1.");
        }
        if (options.MaxPerSource < 1)
        {
            throw new InputException($"--max-per-source {options.MaxPerSource} keeps nothing: give at least 1.");
        }
        if (options.Oversample && options.PerLabel is null)
        {
            throw new InputException("--oversample repeats frames up to a number: give --per-label too.");
        }
        (this.options, this.progress) = (options, progress);
    }

    /// <summary>Reads, chooses, splits and writes.</summary>
    /// <param name="cancelled">Stops before the output is touched.</param>
    /// <exception cref="InputException">A source is missing or nothing in it can be used; the output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the output is as it was.</exception>
    public CullSummary Run(CancellationToken cancelled = default)
    {
        var output = Manifest.FileAt(options.Output);
        var items = Read(output, cancelled);
        var taken = Labels.Reconcile(items, options.Renames);
        ChooseLabels(items);
        ChooseWhere(items);
        QualityChecks.Apply(items, options.Checks);
        ExactDuplicates.Apply(items, options.Checks);
        var kept = items.Where(item => item.Culled is null).ToList();
        GiveBack(items);
        FindLookAlikes(kept, cancelled);
        GiveBack(items);
        kept.RemoveAll(item => item.Culled is not null);
        var chooser = new Chooser(options);
        chooser.Apply(kept, cancelled);
        kept.RemoveAll(item => item.Culled is not null);
        if (kept.Count == 0)
        {
            throw new InputException($"of {items.Count} frames none can be used ({string.Join(", ", Reasons(items).Select(r => $"{r.Value} {r.Key.Replace('_', ' ')}"))}): name other sources or options.");
        }
        var splitter = new Splitter(options);
        splitter.Assign(kept);
        kept.RemoveAll(item => item.Culled is not null);
        if (options.Oversample)
        {
            foreach (var label in chooser.Repeat(kept))
            {
                warnings.Add($"label '{Files.Printable(label)}' has no frame to learn from: it is not repeated.");
            }
        }
        cancelled.ThrowIfCancellationRequested();
        new CullWriter(options, output, progress).Write(items, steps, parents, cancelled);
        return new CullSummary(items.Count, kept.Count, Reasons(items), Counts(kept.CountBy(item => item.Label)), Counts(kept.CountBy(item => item.Split!)),
            new SortedDictionary<string, IReadOnlyDictionary<string, int>>(
                kept.GroupBy(item => item.Split!).ToDictionary(split => split.Key, split => Counts(split.CountBy(item => item.Label))), StringComparer.Ordinal),
            output, [.. taken, .. splitter.Notes], [.. warnings, .. splitter.Warnings], Flags(kept))
        {
            Items = items,
            Indexed = indexer?.Count ?? 0,
            Known = indexer?.Known ?? 0,
            IndexSeconds = Math.Round(indexing.Elapsed.TotalSeconds, 3),
        };
    }

    /// <summary>Between two phases over very many frames, lets go of the memory of the one before.</summary>
    private static void GiveBack(List<Item> items)
    {
        if (items.Count > Many)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        }
    }

    /// <summary>Numbers the frames that look alike, and sets aside those that look too much so. The pairs, millions, are held no longer than this takes.</summary>
    private void FindLookAlikes(List<Item> kept, CancellationToken cancelled)
    {
        var near = options.Checks.First(check => check.Name == "near-duplicate");
        var pairs = NearDuplicates.Find(kept, Math.Min(near.Threshold, NearDuplicates.Alike),
            kept.Count > Many ? part => progress?.Report(new Progress("compare", (long)(part * kept.Count), kept.Count)) : null, cancelled);
        GiveBack(kept);
        if (pairs.Count == NearDuplicates.MostPairs)
        {
            warnings.Add($"more than {NearDuplicates.MostPairs:N0} pairs of frames look the same: the others are not looked at; thin the videos, as with explode --min-distance.");
        }
        var apart = LookAlikes.Number(kept, pairs);
        if (apart > 0)
        {
            warnings.Add($"{apart} pairs of look-alikes are not kept on one side, since most of their label looks alike: record it in more places.");
        }
        Twins.Number(kept, pairs, warnings);
        NearDuplicates.Apply(kept, near, pairs);
    }

    private List<Item> Read(string output, CancellationToken cancelled)
    {
        var items = new List<Item>();
        var pattern = options.LabelPattern is { } text ? ImageFolder.LabelPattern(text) : null;
        foreach (var source in options.Sources)
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
            var file = Manifest.FileAt(full);
            if (file == output)
            {
                throw new InputException($"'{source}' is a source and the output: choose another output.");
            }
            if (File.Exists(full) && full.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                var pictures = Path.Combine(Path.GetDirectoryName(output)!, Files.NameOf(Path.GetFileNameWithoutExtension(full)) + "-pictures");
                Index(items, output, () => CsvFrames.Find(full, pictures, cancelled), Path.GetFileName(full), cancelled);
            }
            else if (File.Exists(file))
            {
                ReadManifest(file, items, cancelled);
            }
            else if (Directory.Exists(full))
            {
                Index(items, output, () => ImageFolder.Find(full, warnings, pattern), Path.GetFileName(full), cancelled);
            }
            else
            {
                throw new InputException($"'{source}' does not exist: name datasets, manifests, CSVs or folders of label folders.");
            }
        }
        return InOrder(items);
    }

    private void Index(List<Item> items, string output, Func<IReadOnlyList<Found>> find, string name, CancellationToken cancelled)
    {
        indexing.Start();
        var earlier = indexer is null ? Task.Run(() => Earlier(output)) : null;
        var found = find();
        indexer ??= new Indexer(earlier!.GetAwaiter().GetResult(), progress, cancelled);
        items.AddRange(indexer.Measure(found, name, texts));
        indexing.Stop();
    }

    /// <summary>A picture may be reached through two manifests: it counts once. The order of the sources must not matter.</summary>
    private static List<Item> InOrder(List<Item> items)
    {
        var sorted = true;
        for (var i = 1; i < items.Count && sorted; i++)
        {
            sorted = Item.CompareFiles(items[i - 1], items[i]) < 0;
        }
        if (!sorted)
        {
            var order = items.Select((item, i) => (item, i)).ToArray();
            Array.Sort(order, (a, b) => Item.CompareFiles(a.item, b.item) is var files and not 0 ? files
                : a.item.Culled is null != b.item.Culled is null ? (a.item.Culled is null ? -1 : 1) : a.i.CompareTo(b.i));
            items.Clear();
            items.AddRange(order.Where((pair, i) => i == 0 || Item.CompareFiles(order[i - 1].item, pair.item) != 0).Select(pair => pair.item));
        }
        return items;
    }

    private void ReadManifest(string file, List<Item> items, CancellationToken cancelled)
    {
        using var manifest = Manifest.Open(file);
        steps.AddRange(manifest.Provenance());
        var sources = manifest.Sources().ToDictionary(source => source.Id, source => source with { Path = Path.GetFullPath(source.Path, manifest.Folder) });
        // What explode and capture make holds its pictures itself; only cull points to the pictures of others.
        var (before, inside) = (items.Count, manifest.Folder.TrimEnd('/') + '/');
        var dataset = Path.GetFileName(manifest.Path) == Manifest.FileName && manifest.Provenance().All(step => step.Tool != "cull");
        var count = manifest.FrameCount;
        parents.Add(manifest.ContentHash(row =>
        {
            cancelled.ThrowIfCancellationRequested();
            var file = manifest.PathOf(row);
            if (dataset && !file.StartsWith(inside, StringComparison.Ordinal))
            {
                throw new InputException($"'{manifest.Path}' is a dataset but holds a frame at '{Files.Printable(row.Path)}', outside its folder: it is not to be trusted, make it anew.");
            }
            var item = new Item(file, row with { Split = null, Flags = null }, sources[row.SourceId], texts);
            if (item.Culled is null && !ImageFile.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            {
                // Whoever wrote the manifest, --copy carries pictures away and nothing else.
                item.Culled = "unreadable: by its name it is no picture";
            }
            else if (item.Culled is null && !Manifest.IsPlainFile(file))
            {
                item.Culled = "missing: its file is gone or empty";
            }
            items.Add(item);
            if ((items.Count - before) % RowsBetweenReports == 0)
            {
                progress?.Report(new Progress("read", items.Count - before, count, Path.GetFileName(manifest.Path)));
            }
        }));
        if (items.Count == before)
        {
            warnings.Add($"'{file}' holds no frame.");
        }
        var older = items.Skip(before).Count(item => item.Measured < FrameScores.Version);
        if (older > 0)
        {
            warnings.Add($"{older} frames of '{file}' were measured in an older way: compare their sharpness with each other only, or explode the videos again.");
        }
    }

    /// <summary>What an earlier run left in the output; nothing if that is no manifest, which the writer will say.</summary>
    private List<Item> Earlier(string output)
    {
        var items = new List<Item>();
        if (File.Exists(output))
        {
            try
            {
                using var manifest = Manifest.Open(output);
                var sources = manifest.Sources().ToDictionary(source => source.Id);
                manifest.Read(row => items.Add(new Item(manifest.PathOf(row), row, sources[row.SourceId], texts)));
            }
            catch (InputException)
            {
                items.Clear();
            }
        }
        return items;
    }

    private void ChooseWhere(List<Item> items)
    {
        if (options.Where is not { } where)
        {
            return;
        }
        foreach (var item in items.Where(item => item.Culled is null && !where.Holds(item)))
        {
            item.Culled = $"not asked for: {Files.Printable(where.Text)}";
        }
    }

    private void ChooseLabels(List<Item> items)
    {
        if (options.Labels.Count == 0)
        {
            return;
        }
        foreach (var label in options.Labels.Except(items.Select(item => item.Label)))
        {
            throw new InputException($"no frame has the label '{label}': the sources have {string.Join(", ", items.Select(item => item.Label).Distinct().Order(StringComparer.Ordinal).Take(40).Select(Files.Printable))}.");
        }
        foreach (var item in items.Where(item => item.Culled is null && !options.Labels.Contains(item.Label)))
        {
            item.Culled = "label not chosen";
        }
    }

    private static IReadOnlyDictionary<string, int> Flags(IEnumerable<Item> items) =>
        Counts(items.SelectMany(item => item.FlagReasons).CountBy(reason => reason).Select(reason => KeyValuePair.Create(reason.Key.Replace(' ', '_'), reason.Value)));

    private static IReadOnlyDictionary<string, int> Reasons(IEnumerable<Item> items) =>
        Counts(items.Where(item => item.Culled is not null).CountBy(item => item.Culled!.Split(':')[0].Replace(' ', '_')));

    private static IReadOnlyDictionary<string, int> Counts(IEnumerable<KeyValuePair<string, int>> counts) =>
        new SortedDictionary<string, int>(counts.ToDictionary(), StringComparer.Ordinal);
}
