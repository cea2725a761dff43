using SignData.Core;

namespace SignData.Dataset;

/// <summary>Finds runs of pictures of one moment where nothing but the pictures tells: neighbours by name or time whose perceptual hashes are near.</summary>
internal static class LookAlikes
{
    /// <summary>Neighbours that differ in no more bits belong together, at first.</summary>
    private const int Widest = 16;

    /// <summary>A run may hold this part of a label before nearness is asked more strictly; a label of one run could not be split.</summary>
    private const double Largest = 0.35;

    /// <summary>How far along a label's order look-alikes that are no neighbours are looked for.</summary>
    private const int Reach = 2000;

    /// <summary>Numbers the runs from 1, in <see cref="Item.LookAlikes"/>.</summary>
    /// <param name="items">In any order; a picture without a hash is alone.</param>
    public static void Number(IReadOnlyList<Item> items)
    {
        var order = items.OrderBy(item => item.Label, StringComparer.Ordinal).ThenBy(item => item.Source.Path, StringComparer.Ordinal)
            .ThenBy(item => item.Source.Id).ThenBy(item => item.Row.Position ?? 0).ThenBy(item => item.File, StringComparer.Ordinal).ToArray();
        var parent = new int[order.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && order[end].Label == order[start].Label)
            {
                end++;
            }
            for (var bits = Widest; ; bits -= 2)
            {
                Join(order, parent, start, end, bits);
                if (bits == 0 || end - start < 3 || LargestRun(parent, start, end) <= Math.Max(1, Largest * (end - start)))
                {
                    break;
                }
            }
            start = end;
        }
        JoinIdentical(order, parent);
        var numbers = new Dictionary<int, int>();
        for (var i = 0; i < order.Length; i++)
        {
            var root = Root(parent, i);
            numbers.TryAdd(root, numbers.Count + 1);
            order[i].LookAlikes = numbers[root];
        }
    }

    private static void Join(Item[] order, int[] parent, int start, int end, int bits)
    {
        for (var i = start; i < end; i++)
        {
            parent[i] = i;
        }
        for (var i = start; i < end; i++)
        {
            if (order[i].Row.PerceptualHash is not { } hash)
            {
                continue;
            }
            for (var j = i + 1; j < Math.Min(end, i + Reach); j++)
            {
                var near = j == i + 1 && ReferenceEquals(order[i].Source, order[j].Source) ? bits : bits / 2;
                if (order[j].Row.PerceptualHash is { } other && PerceptualHash.Distance(hash, other) <= near)
                {
                    Union(parent, i, j);
                }
            }
        }
    }

    /// <summary>The same picture under two labels must not be on both sides either.</summary>
    private static void JoinIdentical(Item[] order, int[] parent)
    {
        var first = new Dictionary<ulong, int>();
        for (var i = 0; i < order.Length; i++)
        {
            if (order[i].Row.PerceptualHash is { } hash && !first.TryAdd(hash, i))
            {
                Union(parent, first[hash], i);
            }
        }
    }

    private static int LargestRun(int[] parent, int start, int end) =>
        Enumerable.Range(start, end - start).CountBy(i => Root(parent, i)).Max(run => run.Value);

    private static void Union(int[] parent, int a, int b)
    {
        var (x, y) = (Root(parent, a), Root(parent, b));
        parent[Math.Max(x, y)] = Math.Min(x, y);
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            i = parent[i] = parent[parent[i]];
        }
        return i;
    }
}
