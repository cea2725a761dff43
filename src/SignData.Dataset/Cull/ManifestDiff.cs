using System.Text.Json;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>A frame that two manifests treat differently.</summary>
/// <param name="Path">Its file; absolute.</param>
/// <param name="Change">came, went, split, label or picture.</param>
/// <param name="From">What it was: a split, or a label.</param>
/// <param name="To">What it is.</param>
/// <param name="Why">In words.</param>
public sealed record FrameChange(string Path, string Change, string? From, string? To, string Why);

/// <summary>What differs between two manifests.</summary>
/// <param name="KeptA">Kept frames of the first.</param>
/// <param name="KeptB">Kept frames of the second.</param>
/// <param name="Same">Kept by both, with the same picture, label and split.</param>
/// <param name="Options">How they were made differently, a line each: <c>seed: 1 -> 2</c>.</param>
/// <param name="Changes">By change, then path.</param>
public sealed record DiffSummary(int KeptA, int KeptB, int Same, IReadOnlyList<string> Options, IReadOnlyList<FrameChange> Changes);

/// <summary>Tells what came, went and changed between two manifests, and why. Frames are matched by file, else by the bytes of their pictures.</summary>
public static class ManifestDiff
{
    private static readonly string[] Order = ["came", "went", "split", "label", "picture"];

    private sealed record Side(Dictionary<string, FrameRow> Frames, Dictionary<long, SourceRow> Sources, JsonElement? Arguments, long? Seed);

    /// <summary>Compares.</summary>
    /// <param name="a">The older manifest or dataset.</param>
    /// <param name="b">The newer.</param>
    /// <exception cref="InputException">One is missing or damaged.</exception>
    public static DiffSummary Of(string a, string b)
    {
        var (one, other) = (Read(a), Read(b));
        var options = OptionChanges(one, other);
        var matched = Match(one, other);
        var changes = new List<FrameChange>();
        var same = 0;
        foreach (var (path, was, now) in matched)
        {
            var before = changes.Count;
            switch (was is { Culled: null }, now is { Culled: null })
            {
                case (false, true):
                    changes.Add(new FrameChange(path, "came", null, now!.Split, was is null ? $"not in {a}" : $"was set aside in {a}: {was.Culled}"));
                    break;
                case (true, false):
                    changes.Add(new FrameChange(path, "went", was!.Split, null, now is null ? $"not in {b}" : now.Culled!));
                    break;
                case (true, true):
                    Compare(path, was!, now!);
                    same += changes.Count == before ? 1 : 0;
                    break;
                default:
                    break;
            }
        }
        return new DiffSummary(Kept(one), Kept(other), same, options,
            [.. changes.OrderBy(change => Array.IndexOf(Order, change.Change)).ThenBy(change => change.Path, StringComparer.Ordinal)]);

        void Compare(string path, FrameRow was, FrameRow now)
        {
            if (was.Split != now.Split)
            {
                changes.Add(new FrameChange(path, "split", was.Split ?? "none", now.Split ?? "none", WhySplit(one, was, other, now, options)));
            }
            if (was.Label != now.Label)
            {
                changes.Add(new FrameChange(path, "label", was.Label, now.Label, "labelled anew"));
            }
            if (was.Sha256 is not null && now.Sha256 is not null && was.Sha256 != now.Sha256)
            {
                changes.Add(new FrameChange(path, "picture", was.Sha256, now.Sha256, "its file was changed"));
            }
        }
    }

    private static int Kept(Side side) => side.Frames.Values.Count(row => row.Culled is null);

    private static Side Read(string path)
    {
        using var manifest = Manifest.Open(path);
        var cull = manifest.Provenance().LastOrDefault(step => step.Tool == "cull");
        return new Side(manifest.Select(includeCulled: true).ToDictionary(manifest.PathOf), manifest.Sources().ToDictionary(source => source.Id), cull is null ? null : Parse(cull.Arguments), cull?.Seed);
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<(string Path, FrameRow? Was, FrameRow? Now)> Match(Side one, Side other)
    {
        var matched = new List<(string Path, FrameRow? Was, FrameRow? Now)>();
        var elsewhere = other.Frames.Where(frame => !one.Frames.ContainsKey(frame.Key)).OrderBy(frame => frame.Key, StringComparer.Ordinal)
            .GroupBy(frame => frame.Value.Sha256 ?? "").ToDictionary(same => same.Key, same => new Queue<KeyValuePair<string, FrameRow>>(same));
        foreach (var (path, was) in one.Frames.OrderBy(frame => frame.Key, StringComparer.Ordinal))
        {
            if (other.Frames.TryGetValue(path, out var now))
            {
                matched.Add((path, was, now));
            }
            else if (was.Sha256 is { } bytes && elsewhere.TryGetValue(bytes, out var copies) && copies.TryDequeue(out var copy))
            {
                matched.Add((copy.Key, was, copy.Value));
            }
            else
            {
                matched.Add((path, was, null));
            }
        }
        matched.AddRange(elsewhere.Values.SelectMany(left => left).Select(left => (left.Key, (FrameRow?)null, (FrameRow?)left.Value)));
        return matched;
    }

    private static List<string> OptionChanges(Side a, Side b)
    {
        var changes = new List<string>();
        var (was, now) = (Values(a.Arguments), Values(b.Arguments));
        if (a.Seed != b.Seed)
        {
            changes.Add($"seed: {a.Seed} -> {b.Seed}");
        }
        foreach (var name in was.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (from, to) = (was.GetValueOrDefault(name, "-"), now.GetValueOrDefault(name, "-"));
            if (from != to)
            {
                changes.Add($"{Files.Printable($"{name.Replace('_', '-')}: {from} -> {to}")}");
            }
        }
        return changes;
    }

    private static Dictionary<string, string> Values(JsonElement? arguments) =>
        arguments?.EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value.ValueKind switch
        {
            JsonValueKind.Null => "-",
            JsonValueKind.Array when property.Value.GetArrayLength() == 0 => "-",
            JsonValueKind.Array => string.Join(',', property.Value.EnumerateArray()),
            _ => property.Value.ToString(),
        }) ?? [];

    private static string WhySplit(Side one, FrameRow was, Side other, FrameRow now, List<string> options) =>
        HeldOut(other, now) is { } held ? $"{held} is held out by name"
        : HeldOut(one, was) is { } freed ? $"{freed} is no longer held out by name"
        : options.Count > 0 ? $"drawn anew: {string.Join("; ", options)}"
        : "drawn anew: the frames to divide are others";

    /// <summary>The signer, session or source by which a frame was put into its split.</summary>
    private static string? HeldOut(Side side, FrameRow frame)
    {
        if (!side.Sources.TryGetValue(frame.SourceId, out var source) || frame.Split is null)
        {
            return null;
        }
        return Named("signer", source.Signer) ?? Named("session", source.Session) ?? Named("source", Path.GetFileName(source.Path)) ?? Named("source", Path.GetFileNameWithoutExtension(source.Path));

        string? Named(string kind, string? name) =>
            name is not null && side.Arguments?.TryGetProperty($"{frame.Split}_{kind}", out var names) == true && names.ValueKind == JsonValueKind.Array
            && names.EnumerateArray().Any(held => held.ToString() == name) ? $"{kind} {name}" : null;
    }
}
