using SignData.Core;

namespace SignData.Dataset;

/// <summary>Frames that look the same, wherever they come from: they must share a split.</summary>
internal sealed class Twins
{
    /// <summary>Bits in which their hashes differ, at most.</summary>
    public const int Distance = 4;

    /// <summary>
    /// The most of all frames in one set. Before one wall, or in the dark, everything looks like something that looks like something else:
    /// sets are joined from the nearest pairs on, as long as there is something left to split.
    /// </summary>
    private const double Largest = 0.3;

    /// <summary>Frames that may always be one set.</summary>
    private const int Smallest = 10;

    private readonly Dictionary<Item, int> sets = [];

    /// <summary>Finds them.</summary>
    public Twins(IReadOnlyList<Item> items, CancellationToken cancelled)
    {
        var alike = items.Where(item => item.PerceptualHash is not null).GroupBy(item => item.PerceptualHash!.Value).OrderBy(same => same.Key).Select(same => same.ToList()).ToList();
        var pairs = Enumerable.Range(0, Distance + 1).Select(_ => new List<(int A, int B)>()).ToArray();
        var hashes = alike.Select(same => same[0].PerceptualHash!.Value).ToArray();
        new HashIndex(hashes).Pairs(Distance, (a, b) => pairs[PerceptualHash.Distance(hashes[a], hashes[b])].Add((a, b)), cancelled);
        var (parent, size) = (Enumerable.Range(0, alike.Count).ToArray(), alike.Select(same => same.Count).ToArray());
        foreach (var (a, b) in pairs.SelectMany(pair => pair))
        {
            var (x, y) = (Root(a), Root(b));
            if (x != y && size[x] + size[y] <= Math.Max(Smallest, Largest * items.Count))
            {
                (parent[y], size[x]) = (x, size[x] + size[y]);
            }
            else if (x != y)
            {
                TooMany = true;
            }
        }
        for (var i = 0; i < alike.Count; i++)
        {
            var root = Root(i);
            if (size[root] > 1)
            {
                alike[i].ForEach(item => sets[item] = root);
            }
        }

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }
            return i;
        }
    }

    /// <summary>Whether frames look the same that are not in one set, as it would be too large.</summary>
    public bool TooMany { get; }

    /// <summary>The number of a frame's set; null for one that looks like no other.</summary>
    public int? Of(Item item) => sets.TryGetValue(item, out var set) ? set : null;
}
