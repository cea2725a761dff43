using SignData.Core;

namespace SignData.Dataset;

/// <summary>Counts what there is of each label and tells what to record next.</summary>
public sealed class Coach
{
    /// <summary>So many bursts that look alike are worth a word.</summary>
    private const int Alike = 3;

    private readonly Dictionary<string, int> counts;
    private readonly Confusions? confusions;
    private readonly Dictionary<string, List<(int Burst, ulong Look)>> looks = [];

    internal Coach(IReadOnlyList<string> labels, IEnumerable<FrameRow> there, int target, Confusions? confusions)
    {
        counts = labels.ToDictionary(label => label, _ => 0);
        foreach (var (label, count) in there.CountBy(frame => frame.Label).Where(pair => counts.ContainsKey(pair.Key)))
        {
            counts[label] = count;
        }
        (Labels, Target, this.confusions) = (labels, target, confusions);
    }

    /// <summary>In the order of the keys.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Frames wanted of each.</summary>
    public int Target { get; }

    /// <summary>
    /// Of the labels that lack frames, the one that the judged classifier knows least, else the one with the fewest; null when all have what is wanted.
    /// </summary>
    public string? Next => Labels.Where(label => counts[label] < Target).MinBy(label => (confusions?.RecallOf(label), counts[label]));

    /// <summary>Why <see cref="Next"/> is next; null when it has the fewest frames.</summary>
    public string? Why => Next is { } next && confusions?.MistakenFor(next) is { } other ? $"often taken for {other}" : null;

    /// <summary>Frames in the dataset, with this session's.</summary>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    public int CountOf(string label) => counts[label];

    /// <summary>Whether the last bursts of a label look like one another.</summary>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    public bool IsMonotonous(string label)
    {
        if (!looks.TryGetValue(label, out var all) || all.Count < Alike)
        {
            return false;
        }
        var last = all[^Alike..];
        return last.All(a => last.All(b => PerceptualHash.Distance(a.Look, b.Look) <= ClipSelection.SameScene));
    }

    internal void Kept(Burst burst)
    {
        counts[burst.Label]++;
        if (burst.Kept == 1)
        {
            if (!looks.TryGetValue(burst.Label, out var all))
            {
                looks[burst.Label] = all = [];
            }
            all.Add((burst.Number, burst.Look!.Value));
        }
    }

    internal void Undone(Burst burst)
    {
        counts[burst.Label] -= burst.Kept;
        looks.GetValueOrDefault(burst.Label)?.RemoveAll(look => look.Burst == burst.Number);
    }
}
