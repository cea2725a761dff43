namespace SignData.Dataset;

/// <summary>Pictures that are there more than once: of the same bytes, or of the same pixels.</summary>
internal static class ExactDuplicates
{
    /// <summary>Of frames of one picture under one label keeps the first; a picture under two labels is in conflict with itself.</summary>
    /// <param name="items">In the order of preference.</param>
    /// <param name="checks">What is done with either.</param>
    public static void Apply(IReadOnlyList<Item> items, IReadOnlyList<Check> checks)
    {
        var duplicate = checks.First(check => check.Name == "exact-duplicate");
        var conflict = checks.First(check => check.Name == "label-conflict");
        Apply(items, item => item.FileKey, "bytes", duplicate, conflict);
        Apply(items, item => item.PixelHash is { } hash ? new UInt128(((ulong)item.Width << 32) | (uint)item.Height, hash) : null, "pixels", duplicate, conflict);
    }

    private static void Apply(IReadOnlyList<Item> items, Func<Item, UInt128?> key, string what, Check duplicate, Check conflict)
    {
        foreach (var same in Equal(items, key))
        {
            var labels = same.Select(item => item.Label).Distinct().Order(StringComparer.Ordinal).ToList();
            if (labels.Count > 1 && conflict.Action != CheckAction.Off)
            {
                var reason = $"{conflict.Words}: the same {what} are under {string.Join(" and ", labels.Take(10).Select(Files.Printable))}";
                foreach (var item in same)
                {
                    // A picture of the same bytes is one of the same pixels: said once.
                    if (item.Flags?.StartsWith(conflict.Words, StringComparison.Ordinal) != true)
                    {
                        conflict.Apply(item, reason);
                    }
                }
            }
            foreach (var alike in same.Where(item => item.Culled is null).GroupBy(item => item.Label))
            {
                var reason = $"{duplicate.Words}: the same {what} as {Files.Printable(alike.First().Name)}";
                foreach (var item in alike.Skip(1).Where(item => item.Flags?.Contains(duplicate.Words, StringComparison.Ordinal) != true))
                {
                    duplicate.Apply(item, reason);
                }
            }
        }
    }

    /// <summary>The sets of two and more items of one key, in the order of their first item.</summary>
    private static List<List<Item>> Equal(IReadOnlyList<Item> items, Func<Item, UInt128?> key)
    {
        var (keys, order, count) = (new UInt128[items.Count], new int[items.Count], 0);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Culled is null && key(items[i]) is { } own)
            {
                (keys[count], order[count++]) = (own, i);
            }
        }
        Array.Sort(keys, order, 0, count);
        var sets = new List<List<Item>>();
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && keys[to] == keys[from]; to++)
            {
            }
            if (to - from > 1)
            {
                order.AsSpan(from, to - from).Sort();
                sets.Add([.. order[from..to].Select(i => items[i])]);
            }
        }
        return sets;
    }
}
