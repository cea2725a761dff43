using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Finds runs of pictures of one moment or scene where nothing but the pictures tells. In the order of names or times each label is cut
/// where neighbours differ most; then runs that show the same picture are one.
/// </summary>
internal static class LookAlikes
{
    /// <summary>Pictures in a run, on average: two seconds of a video of which every sixth frame was taken.</summary>
    private const int Usual = 10;

    /// <summary>A label is cut into this many runs at least, if it has as many pictures: fewer leave nothing to split.</summary>
    private const int Fewest = 5;

    /// <summary>Runs are joined unless the result holds more than this part of its label.</summary>
    private const double Largest = 0.3;

    /// <summary>Numbers the runs from 1, in <see cref="Item.LookAlikes"/>.</summary>
    /// <param name="items">In any order.</param>
    /// <param name="pairs">Of them, those that look the same, by index.</param>
    /// <returns>How many pairs could not be kept together, since too much of a label would be one run.</returns>
    public static int Number(IReadOnlyList<Item> items, Pairs pairs)
    {
        var order = items.ToArray();
        Array.Sort(order, Compare);
        var runs = new DisjointSets(order.Length);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && order[end].Label == order[start].Label)
            {
                end++;
            }
            Cut(order, runs, start, end);
            start = end;
        }
        var apart = JoinPairs(items, order, runs, pairs);
        var (numbers, count) = (new int[order.Length], 0);
        for (var i = 0; i < order.Length; i++)
        {
            ref var number = ref numbers[runs.Of(i)];
            order[i].LookAlikes = number = number > 0 ? number : ++count;
        }
        return apart;
    }

    private static int Compare(Item a, Item b)
    {
        var order = ReferenceEquals(a.Label, b.Label) ? 0 : string.CompareOrdinal(a.Label, b.Label);
        if (order == 0 && !ReferenceEquals(a.Source, b.Source))
        {
            order = string.CompareOrdinal(a.Source.Path, b.Source.Path) is var paths and not 0 ? paths : a.Source.Id.CompareTo(b.Source.Id);
        }
        return order != 0 ? order : (a.Position ?? 0).CompareTo(b.Position ?? 0) is var positions and not 0 ? positions : Item.CompareFiles(a, b);
    }

    private static void Cut(Item[] order, DisjointSets runs, int start, int end)
    {
        var count = end - start;
        var wanted = Math.Max(Math.Min(Fewest, count), count / Usual);
        var cuts = Enumerable.Range(start, count - 1)
            .OrderByDescending(i => ReferenceEquals(order[i].Source, order[i + 1].Source) ? Difference(order, i, start, end) : double.MaxValue).ThenBy(i => i)
            .Take(wanted - 1).ToHashSet();
        for (var i = start; i < end - 1; i++)
        {
            if (!cuts.Contains(i))
            {
                runs.Join(i, i + 1);
            }
        }
    }

    /// <summary>How much the pictures up to one differ from those after it: of two and two, the nearest, so that one odd picture ends no run.</summary>
    private static double Difference(Item[] order, int at, int start, int end)
    {
        var least = double.MaxValue;
        for (var before = Math.Max(start, at - 1); before <= at; before++)
        {
            for (var after = at + 1; after <= Math.Min(end - 1, at + 2); after++)
            {
                least = Math.Min(least, Difference(order[before], order[after]));
            }
        }
        return least;
    }

    private static double Difference(Item a, Item b) =>
        (a.PerceptualHash is { } x && b.PerceptualHash is { } y ? PerceptualHash.Distance(x, y) : 32)
        + (100 * Math.Abs((a.Brightness ?? 0) - (b.Brightness ?? 0))) + (100 * Math.Abs((a.Contrast ?? 0) - (b.Contrast ?? 0)));

    /// <summary>Pictures that look the same must not be on both sides, wherever they are; nor one picture under two labels.</summary>
    private static int JoinPairs(IReadOnlyList<Item> items, Item[] order, DisjointSets runs, Pairs pairs)
    {
        for (var i = 0; i < order.Length; i++)
        {
            order[i].LookAlikes = i;
        }
        var labels = items.CountBy(item => item.Label).ToDictionary();
        var apart = 0;
        foreach (var (a, b, similarity) in pairs)
        {
            var (x, y) = (items[a].LookAlikes, items[b].LookAlikes);
            if (runs.Of(x) != runs.Of(y) && (items[a].Label == items[b].Label || NearDuplicates.SamePicture(items[a], items[b], similarity)))
            {
                var all = items[a].Label == items[b].Label ? labels[items[a].Label] : order.Length;
                apart += runs.Join(x, y, Largest * all) ? 0 : 1;
            }
        }
        return apart;
    }
}
