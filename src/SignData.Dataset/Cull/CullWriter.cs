using System.Text.Json;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>Writes what culling came to under another name, then puts it in place: a killed run leaves the old manifest or the new one.</summary>
internal sealed class CullWriter(CullOptions options, string output, IProgress<Progress>? progress)
{
    private readonly string folder = Path.GetDirectoryName(output)!;
    private readonly Dictionary<string, string> relative = new(StringComparer.Ordinal);

    /// <summary>Writes all frames, or with <see cref="CullOptions.Copy"/> the kept ones and their pictures.</summary>
    /// <param name="items">In the order of their files.</param>
    /// <param name="steps">What made the sources.</param>
    /// <param name="parents">The content hashes of the manifests among the sources.</param>
    /// <param name="cancelled">Stops before the output is touched.</param>
    /// <exception cref="InputException">The disk is full, or the output is no manifest and not to be overwritten.</exception>
    public void Write(IReadOnlyList<Item> items, IReadOnlyList<ProvenanceRow> steps, IReadOnlyList<string> parents, CancellationToken cancelled)
    {
        Files.MakeFolder(folder);
        using var alone = DatasetLock.Take(folder);
        var unfinished = Path.Combine(folder, ".part-" + Path.GetFileNameWithoutExtension(output) + ".db");
        Remove(unfinished);
        try
        {
            var copies = options.Copy ? new CullCopies(output, items) : null;
            copies?.Write(progress, cancelled);
            bool replace;
            using (var manifest = Manifest.Create(unfinished))
            {
                manifest.Fill(() => Fill(manifest, copies?.Items ?? items, item => copies?.PathOf(item) ?? Relative(item), steps, parents));
                replace = IsToBeReplacedBy(manifest);
            }
            cancelled.ThrowIfCancellationRequested();
            if (replace)
            {
                File.Delete(output + "-wal");
                File.Delete(output + "-shm");
                File.Move(unfinished, output, overwrite: true);
            }
            copies?.RemoveOthers();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{output}' cannot be written ({Files.Reason(failure)}): free some space or choose another output.", failure);
        }
        finally
        {
            Remove(unfinished);
        }
    }

    private string Relative(Item item)
    {
        if (!relative.TryGetValue(item.Folder, out var known))
        {
            relative[item.Folder] = known = Path.GetRelativePath(folder, item.Folder);
        }
        return known == "." ? item.Name : Path.Join(known, item.Name);
    }

    private void Fill(Manifest manifest, IReadOnlyCollection<Item> items, Func<Item, string> pathOf, IReadOnlyList<ProvenanceRow> steps, IReadOnlyList<string> parents)
    {
        foreach (var step in steps)
        {
            manifest.Add(step);
        }
        manifest.Add(new ProvenanceRow("cull", typeof(Culler).Assembly.GetName().Version!.ToString(3), JsonSerializer.Serialize(new
        {
            sources = options.Sources,
            per_label = options.PerLabel,
            oversample = options.Oversample,
            max_per_source = options.MaxPerSource,
            pick = options.Pick.ToString().ToLowerInvariant(),
            labels = options.Labels,
            renames = new SortedDictionary<string, string>(options.Renames.ToDictionary(), StringComparer.Ordinal),
            label_pattern = options.LabelPattern,
            where = options.Where?.Text,
            valid = options.Valid,
            test = options.Test,
            valid_signer = options.ValidSigners,
            test_signer = options.TestSigners,
            valid_session = options.ValidSessions,
            test_session = options.TestSessions,
            valid_source = options.ValidSources,
            test_source = options.TestSources,
            cull_leaks = options.CullLeaks,
            checks = options.Checks.Where(check => check.Action != CheckAction.Off)
                .Select(check => $"{check.Action.ToString().ToLowerInvariant()} {check.Name}{(check.Score.Length > 0 ? FormattableString.Invariant($"={check.Threshold}") : "")}"),
            copy = options.Copy,
        }), options.Seed, parents));
        var sources = new Dictionary<SourceRow, long>(ReferenceEqualityComparer.Instance);
        foreach (var source in items.Select(item => item.Source).Distinct((IEqualityComparer<SourceRow>)ReferenceEqualityComparer.Instance)
            .OrderBy(source => source.Path, StringComparer.Ordinal).ThenBy(source => source.Sha256, StringComparer.Ordinal).ThenBy(source => source.Settings, StringComparer.Ordinal))
        {
            sources[source] = manifest.Put(source with { Id = 0, Path = Path.GetRelativePath(folder, source.Path) }).Id;
        }
        foreach (var row in items.Select((item, i) => item.Row(i + 1, pathOf(item), sources[item.Source])).Ahead())
        {
            manifest.Add(row);
            if (row.Id % Culler.RowsBetweenReports == 0)
            {
                progress?.Report(new Progress("write", row.Id, items.Count));
            }
        }
    }

    /// <summary>Whether the output may and need be overwritten. Opening the old one also ends what a killed writer left beside it.</summary>
    private bool IsToBeReplacedBy(Manifest manifest)
    {
        if (!File.Exists(output))
        {
            return true;
        }
        try
        {
            using var old = Manifest.Open(output);
            return JsonSerializer.Serialize(old.Provenance()) != JsonSerializer.Serialize(manifest.Provenance()) || old.ContentHash() != manifest.ContentHash();
        }
        catch (InputException failure)
        {
            throw new InputException($"the output is there and is not to be overwritten: {failure.Message} Remove it or choose another output.", failure);
        }
    }

    private static void Remove(string unfinished)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(unfinished + suffix);
        }
    }
}
