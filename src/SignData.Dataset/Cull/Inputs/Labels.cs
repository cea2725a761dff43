using SignData.Core;

namespace SignData.Dataset;

/// <summary>Labels as people write them, reconciled: <c>a</c> is A, <c>Delete</c> is del, and of forms that differ in case alone the commonest wins.</summary>
internal static class Labels
{
    /// <summary>The label of frames that show no sign.</summary>
    public const string Nothing = "nothing";

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["del"] = "del", ["delete"] = "del", ["backspace"] = "del",
        ["space"] = "space", [""] = "space", ["_"] = "space",
        ["nothing"] = Nothing, ["blank"] = Nothing, ["none"] = Nothing, ["empty"] = Nothing, ["background"] = Nothing,
    };

    /// <summary>Gives every frame its reconciled label.</summary>
    /// <param name="items">All frames.</param>
    /// <param name="renames">New labels by old ones, which may be given as found or as reconciled, in any case.</param>
    /// <returns>What was taken as one, a line each.</returns>
    /// <exception cref="InputException">No frame has a label that is to be renamed.</exception>
    public static IReadOnlyList<string> Reconcile(IReadOnlyList<Item> items, IReadOnlyDictionary<string, string> renames)
    {
        var counts = items.CountBy(item => item.Label).ToDictionary();
        var known = counts.Keys.ToDictionary(label => label, Known);
        var commonest = counts.GroupBy(label => known[label.Key], StringComparer.OrdinalIgnoreCase).ToDictionary(forms => forms.Key,
            forms => Aliases.ContainsValue(known[forms.First().Key]) ? known[forms.First().Key] : forms.GroupBy(form => known[form.Key]).OrderByDescending(form => form.Sum(count => count.Value)).ThenBy(form => form.Key, StringComparer.Ordinal).First().Key,
            StringComparer.OrdinalIgnoreCase);
        var labels = counts.Keys.ToDictionary(label => label, label => commonest[known[label]]);
        foreach (var (old, renamed) in renames)
        {
            var hit = counts.Keys.Where(label => label.Equals(old, StringComparison.OrdinalIgnoreCase) || commonest[known[label]].Equals(old, StringComparison.OrdinalIgnoreCase)).ToList();
            if (hit.Count == 0)
            {
                throw new InputException($"--rename {Files.Printable(old)}={Files.Printable(renamed)}: no frame has the label '{Files.Printable(old)}', there are {string.Join(", ", labels.Values.Distinct().Order(StringComparer.Ordinal).Take(40).Select(Files.Printable))}.");
            }
            hit.ForEach(label => labels[label] = renamed);
        }
        foreach (var item in items)
        {
            item.Label = labels[item.Label];
        }
        return [.. labels.GroupBy(label => label.Value, label => label.Key).Where(forms => forms.Any(form => form != forms.Key)).OrderBy(forms => forms.Key, StringComparer.Ordinal)
            .Select(forms => $"label {Files.Printable(forms.Key)}: also written {string.Join(", ", forms.Where(form => form != forms.Key).Order(StringComparer.Ordinal).Take(12).Select(form => $"'{Files.Printable(form)}'"))}")];
    }

    private static string Known(string label)
    {
        var trimmed = label.Trim();
        return Aliases.TryGetValue(trimmed, out var alias) ? alias : trimmed.Length == 1 ? trimmed.ToUpperInvariant() : trimmed;
    }
}
