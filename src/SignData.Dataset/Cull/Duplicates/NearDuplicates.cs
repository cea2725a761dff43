using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Finds pictures that look the same though their pixels differ: re-encoded, scaled, lighter or darker, cropped a little. Perceptual hashes within
/// <see cref="Distance"/> bits make a candidate, the correlation of the two layouts decides.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>Bits within which a crop of 3 % a side stays; strangers come as near now and then, which is why the layouts decide.</summary>
    public const int Distance = 12;

    /// <summary>Pictures whose hashes are as near as this are told of whatever their layouts say: a split keeps them together.</summary>
    public const int SureDistance = 4;

    /// <summary>The least similarity at which two pictures under two labels are one picture rather than two signs before one wall.</summary>
    private const double Surely = 0.99;

    /// <summary>The most pairs that <see cref="Find"/> gives.</summary>
    public const int MostPairs = 16_000_000;

    /// <summary>Of pictures of one hash this many kinds of layout are told apart.</summary>
    private const int MostKinds = 8;

    /// <summary>Every two pictures that look the same, or a chain of such pairs where many look the same.</summary>
    /// <param name="items">Frames; those without a perceptual hash look like no other.</param>
    /// <param name="similarity">The least correlation of layouts, up to 1; frames without a layout are judged by hash alone.</param>
    /// <param name="found">Gets the two indices, the lower first, and the similarity.</param>
    /// <param name="cancelled">Ends the search.</param>
    public static void Pairs(IReadOnlyList<Item> items, double similarity, Action<int, int, double> found, CancellationToken cancelled)
    {
        int[] order = [.. Enumerable.Range(0, items.Count).Where(i => items[i].PerceptualHash is not null)];
        var hashes = Array.ConvertAll(order, i => items[i].PerceptualHash!.Value);
        Array.Sort(hashes, order);
        var (distinct, kinds) = (new List<ulong>(), new List<int[]>());
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && hashes[to] == hashes[from]; to++)
            {
            }
            order.AsSpan(from, to - from).Sort();
            distinct.Add(hashes[from]);
            kinds.Add(KindsOf(items, order.AsSpan(from, to - from), similarity, found));
        }
        new HashIndex([.. distinct]).Pairs(Distance, (a, b) =>
        {
            foreach (var i in kinds[a])
            {
                foreach (var j in kinds[b])
                {
                    var distance = PerceptualHash.Distance(distinct[a], distinct[b]);
                    var alike = Similarity(items[i], items[j], distance);
                    if (alike >= similarity || distance <= SureDistance)
                    {
                        found(Math.Min(i, j), Math.Max(i, j), alike);
                    }
                }
            }
        }, cancelled);
    }

    /// <summary>Applies the check: of look-alikes of one label the first by sharpness stays, and with it whatever looks like none that stays.</summary>
    /// <param name="items">Frames that are not culled.</param>
    /// <param name="check">Its threshold is the similarity.</param>
    /// <param name="pairs">As they were found; those below the threshold do not count.</param>
    public static void Apply(IReadOnlyList<Item> items, Check check, List<(int A, int B, float Similarity)> pairs)
    {
        if (check.Action == CheckAction.Off)
        {
            return;
        }
        var near = pairs.Where(pair => pair.Similarity > check.Threshold && (items[pair.A].Label == items[pair.B].Label || SamePicture(items[pair.A], items[pair.B], pair.Similarity))).SelectMany(pair => ((int I, int Other, float Similarity)[])[(pair.A, pair.B, pair.Similarity), (pair.B, pair.A, pair.Similarity)])
            .GroupBy(pair => pair.I).OrderByDescending(own => items[own.Key].Sharpness ?? 0).ThenBy(own => own.Key);
        var stays = new HashSet<int>();
        foreach (var own in near)
        {
            var (item, like) = (items[own.Key], own.Where(pair => stays.Contains(pair.Other)).ToList());
            if (like.Count == 0)
            {
                stays.Add(own.Key);
                continue;
            }
            var (_, other, similarity) = like.OrderBy(pair => items[pair.Other].Label == item.Label ? 0 : 1).ThenByDescending(pair => pair.Similarity).ThenBy(pair => pair.Other).First();
            var reason = FormattableString.Invariant($"{check.Words}: similarity {similarity:0.###} to {Files.Printable(items[other].Name)}, above {check.Threshold:0.###}");
            if (items[other].Label == item.Label)
            {
                check.Apply(item, reason);
            }
            else
            {
                // One of the two labels may be wrong, and nobody knows which.
                item.Flag($"{reason}, and that is under {Files.Printable(items[other].Label)}");
                stays.Add(own.Key);
            }
        }
    }

    /// <summary>Whether two frames show not just the same scene but the same sign in it, as far as hashes and layouts tell.</summary>
    public static bool SamePicture(Item a, Item b, double similarity) =>
        similarity >= Surely && a.PerceptualHash is { } x && b.PerceptualHash is { } y && PerceptualHash.Distance(x, y) <= SureDistance / 2;

    /// <summary>The pairs in a list, as long as it may be.</summary>
    public static List<(int A, int B, float Similarity)> Find(IReadOnlyList<Item> items, double similarity, CancellationToken cancelled)
    {
        var pairs = new List<(int, int, float)>();
        Pairs(items, similarity, (a, b, alike) =>
        {
            if (pairs.Count < MostPairs)
            {
                pairs.Add((a, b, (float)alike));
            }
        }, cancelled);
        return pairs;
    }

    /// <summary>Joins pictures of one hash; gives one of each kind of layout among them.</summary>
    private static int[] KindsOf(IReadOnlyList<Item> items, ReadOnlySpan<int> same, double similarity, Action<int, int, double> found)
    {
        if (same.Length == 1)
        {
            return [same[0]];
        }
        var kinds = new List<int>();
        foreach (var i in same)
        {
            var like = kinds.FindIndex(kind => Similarity(items[kind], items[i], 0) >= similarity);
            if (like >= 0)
            {
                found(kinds[like], i, Similarity(items[kinds[like]], items[i], 0));
            }
            else if (kinds.Count < MostKinds)
            {
                kinds.ForEach(kind => found(kind, i, Similarity(items[kind], items[i], 0)));
                kinds.Add(i);
            }
        }
        return [.. kinds];
    }

    private static double Similarity(Item a, Item b, int distance) =>
        a.Layout is { } x && b.Layout is { } y ? x.Similarity(y) : distance <= SureDistance ? 1 - (distance / 64.0) : 0;
}
