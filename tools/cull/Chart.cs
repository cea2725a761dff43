using SignData.Dataset;

namespace SignData.Cull;

/// <summary>What culling came to as text: counts per split and label with a bar for each label, at most 80 columns.</summary>
internal static class Chart
{
    private const int Width = 80;
    private const int LongestLabel = 16;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    private static readonly string[] Order = ["train", "valid", "test"];

    public static IEnumerable<string> Lines(CullSummary summary)
    {
        var splits = Order.Where(summary.Splits.ContainsKey).ToArray();
        var name = Math.Clamp(summary.Labels.Keys.Max(label => label.Length), 5, LongestLabel);
        var bar = Width - name - (8 * (splits.Length + 1)) - 1;
        var most = summary.Labels.Values.Max();
        yield return $"{"label".PadRight(name)}{string.Concat(splits.Select(split => $"{split,8}"))}{"all",8}";
        foreach (var (label, count) in summary.Labels)
        {
            var shown = label.Length > name ? label[..(name - 1)] + "…" : label.PadRight(name);
            var counts = string.Concat(splits.Select(split => $"{summary.SplitLabels[split].GetValueOrDefault(label),8}"));
            yield return $"{shown}{counts}{count,8} {Bar((double)count / most * bar)}";
        }
        yield return $"{"all".PadRight(name)}{string.Concat(splits.Select(split => $"{summary.Splits[split],8}"))}{summary.Kept,8}";
        foreach (var note in summary.Notes)
        {
            yield return note;
        }
        yield return $"{summary.Kept} of {summary.Frames} frames kept{string.Concat(summary.Culled.Select(reason => $", {reason.Value} {reason.Key.Replace('_', ' ')}"))}";
        if (summary.Flagged.Count > 0)
        {
            yield return $"flagged but kept{string.Concat(summary.Flagged.Select(reason => $", {reason.Value} {reason.Key.Replace('_', ' ')}"))}";
        }
        yield return summary.Manifest;
    }

    private static string Bar(double length)
    {
        var whole = (int)length;
        return new string('█', whole) + (Eighths[(int)((length - whole) * 8)] is var part and not ' ' ? part : "");
    }
}
