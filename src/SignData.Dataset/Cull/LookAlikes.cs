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

    /// <summary>Pictures that differ in no more bits are the same, wherever they are.</summary>
    private const int Same = 4;

    /// <summary>Runs are joined unless the result holds more than this part of its label.</summary>
    private const double Largest = 0.3;

    /// <summary>How far along a label's order the same picture is looked for.</summary>
    private const int Reach = 2000;

    /// <summary>Numbers the runs from 1, in <see cref="Item.LookAlikes"/>.</summary>
    /// <param name="items">In any order.</param>
    public static void Number(IReadOnlyList<Item> items)
    {
        var order = items.OrderBy(item => item.Label, StringComparer.Ordinal).ThenBy(item => item.Source.Path, StringComparer.Ordinal)
            .ThenBy(item => item.Source.Id).ThenBy(item => item.Position ?? 0).ThenBy(item => item, Comparer<Item>.Create(Item.CompareFiles)).ToArray();
        var runs = new Runs(order.Length);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && order[end].Label == order[start].Label)
            {
                end++;
            }
            Cut(order, runs, start, end);
            JoinSame(order, runs, start, end);
            start = end;
        }
        JoinIdentical(order, runs);
        var numbers = new Dictionary<int, int>();
        for (var i = 0; i < order.Length; i++)
        {
            numbers.TryAdd(runs.Of(i), numbers.Count + 1);
            order[i].LookAlikes = numbers[runs.Of(i)];
        }
    }

    private static void Cut(Item[] order, Runs runs, int start, int end)
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

    private static void JoinSame(Item[] order, Runs runs, int start, int end)
    {
        var most = Largest * (end - start);
        for (var i = start; i < end; i++)
        {
            for (var j = i + 1; j < Math.Min(end, i + Reach) && order[i].PerceptualHash is { } hash; j++)
            {
                if (order[j].PerceptualHash is { } other && PerceptualHash.Distance(hash, other) <= Same && runs.SizeOf(i) + runs.SizeOf(j) <= most)
                {
                    runs.Join(i, j);
                }
            }
        }
    }

    /// <summary>The same picture under two labels must not be on both sides either; a hash that very many share is of an empty picture and tells nothing.</summary>
    private static void JoinIdentical(Item[] order, Runs runs)
    {
        var first = new Dictionary<ulong, int>();
        for (var i = 0; i < order.Length; i++)
        {
            if (order[i].PerceptualHash is { } hash && !first.TryAdd(hash, i) && order[first[hash]].Label != order[i].Label
                && runs.SizeOf(first[hash]) + runs.SizeOf(i) <= Largest * order.Length)
            {
                runs.Join(first[hash], i);
            }
        }
    }

    /// <summary>Sets that are only ever joined.</summary>
    private sealed class Runs
    {
        private readonly int[] parent, size;

        public Runs(int count) => (parent, size) = ([.. Enumerable.Range(0, count)], [.. Enumerable.Repeat(1, count)]);

        public int Of(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }
            return i;
        }

        public int SizeOf(int i) => size[Of(i)];

        public void Join(int a, int b)
        {
            var (x, y) = (Of(a), Of(b));
            if (x != y)
            {
                parent[Math.Max(x, y)] = Math.Min(x, y);
                size[Math.Min(x, y)] += size[Math.Max(x, y)];
            }
        }
    }
}
