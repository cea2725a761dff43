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

    /// <summary>Pictures whose hashes are as near as this, and whose layouts are alike, must not be on both sides of a split.</summary>
    public const int SureDistance = 4;

    /// <summary>The similarity of layouts from which on a split keeps frames together.</summary>
    public const double Alike = 0.95;

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
    /// <param name="progress">Told of the part that is done, 0 to 1.</param>
    /// <param name="cancelled">Ends the search.</param>
    private static void Search(IReadOnlyList<Item> items, double similarity, Action<int, int, double> found, Action<double>? progress, CancellationToken cancelled)
    {
        int[] order = [.. Enumerable.Range(0, items.Count).Where(i => items[i].PerceptualHash is not null)];
        var hashes = Array.ConvertAll(order, i => items[i].PerceptualHash!.Value);
        Array.Sort(hashes, order);
        // One of each hash, and of each kind of layout with it, moves to the front: there may be millions.
        var (starts, distinct, kinds) = (new int[order.Length + 1], 0, 0);
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && hashes[to] == hashes[from]; to++)
            {
            }
            order.AsSpan(from, to - from).Sort();
            (hashes[distinct], starts[distinct++]) = (hashes[from], kinds);
            kinds += Kinds(items, order.AsSpan(from, to - from), similarity, found, order.AsSpan(kinds));
        }
        starts[distinct] = kinds;
        foreach (var (a, b, alike) in new HashIndex(hashes.AsMemory(0, distinct)).Pairs<(int, int, float)>(Distance, Judge, progress, cancelled))
        {
            found(a, b, alike);
        }

        void Judge(int a, int b, List<(int, int, float)> alikes)
        {
            var distance = PerceptualHash.Distance(hashes[a], hashes[b]);
            for (var k = starts[a]; k < starts[a + 1]; k++)
            {
                for (var l = starts[b]; l < starts[b + 1]; l++)
                {
                    var (i, j) = (order[k], order[l]);
                    if (Similarity(items[i], items[j], distance) is var alike && alike >= similarity)
                    {
                        alikes.Add((Math.Min(i, j), Math.Max(i, j), (float)alike));
                    }
                }
            }
        }
    }

    /// <summary>Applies the check: of look-alikes of one label the first by sharpness stays, and with it whatever looks like none that stays.</summary>
    /// <param name="items">Frames that are not culled.</param>
    /// <param name="check">Its threshold is the similarity.</param>
    /// <param name="pairs">As they were found; those below the threshold do not count.</param>
    public static void Apply(IReadOnlyList<Item> items, Check check, Pairs pairs)
    {
        if (check.Action == CheckAction.Off)
        {
            return;
        }
        var (order, rank) = (SharpestFirst(items), new int[items.Count]);
        for (var i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }
        var (starts, likes) = BetterLikesOf(items, pairs, check.Threshold, rank);
        var stays = new bool[items.Count];
        foreach (var own in order)
        {
            var item = items[own];
            var (other, similarity) = (-1, 0f);
            foreach (var like in likes.AsSpan(starts[own], starts[own + 1] - starts[own]))
            {
                if (stays[like.Other] && (other < 0 || Before(like, (other, similarity), item.Label)))
                {
                    (other, similarity) = like;
                }
            }
            if (other < 0)
            {
                stays[own] = true;
                continue;
            }
            var found = new Likeness(check, items[other], similarity);
            if (items[other].Label == item.Label && check.Action == CheckAction.Cull)
            {
                item.Culled ??= found.Reason(item.Label);
                continue;
            }
            item.Flag(found);
            // Under two labels one of them may be wrong, and nobody knows which.
            stays[own] = items[other].Label != item.Label;
        }

        bool Before((int Other, float Similarity) one, (int Other, float Similarity) two, string label)
        {
            var (own, same) = (items[one.Other].Label == label, items[two.Other].Label == label);
            return own != same ? own : one.Similarity != two.Similarity ? one.Similarity > two.Similarity : one.Other < two.Other;
        }
    }

    private static int[] SharpestFirst(IReadOnlyList<Item> items)
    {
        // The bits of positive numbers are in the order of the numbers; equals stay in the order of the frames.
        var keys = new ulong[items.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)~BitConverter.SingleToUInt32Bits((float)(items[i].Sharpness ?? 0)) << 32) | (uint)i;
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(uint)key);
    }

    /// <summary>For each frame those that look like it and rank before it, frame after frame, and where each frame's begin.</summary>
    private static (int[] Starts, (int Other, float Similarity)[] Likes) BetterLikesOf(IReadOnlyList<Item> items, Pairs pairs, double threshold, int[] rank)
    {
        var starts = new int[items.Count + 1];
        foreach (var pair in pairs)
        {
            if (Counts(pair))
            {
                starts[Worse(pair) + 1]++;
            }
        }
        for (var i = 0; i < items.Count; i++)
        {
            starts[i + 1] += starts[i];
        }
        var (next, likes) = (starts.AsSpan(0, items.Count).ToArray(), new (int, float)[starts[^1]]);
        foreach (var pair in pairs)
        {
            if (Counts(pair))
            {
                var worse = Worse(pair);
                likes[next[worse]++] = (pair.A + pair.B - worse, pair.Similarity);
            }
        }
        return (starts, likes);

        int Worse((int A, int B, float) pair) => rank[pair.A] > rank[pair.B] ? pair.A : pair.B;

        bool Counts((int A, int B, float Similarity) pair) =>
            pair.Similarity > threshold && (items[pair.A].Label == items[pair.B].Label || SamePicture(items[pair.A], items[pair.B], pair.Similarity));
    }

    /// <summary>Whether two frames show not just the same scene but the same sign in it, as far as hashes and layouts tell.</summary>
    public static bool SamePicture(Item a, Item b, double similarity) =>
        similarity >= Surely && a.PerceptualHash is { } x && b.PerceptualHash is { } y && PerceptualHash.Distance(x, y) <= SureDistance / 2;

    /// <summary>The pairs in a list, as long as it may be.</summary>
    public static Pairs Find(IReadOnlyList<Item> items, double similarity, Action<double>? progress, CancellationToken cancelled)
    {
        var pairs = new Pairs();
        Search(items, similarity, (a, b, alike) =>
        {
            if (pairs.Count < MostPairs)
            {
                pairs.Add((a, b, (float)alike));
            }
        }, progress, cancelled);
        return pairs;
    }

    /// <summary>Joins pictures of one hash; puts one of each kind of layout into <c>kinds</c>, which may begin where <c>same</c> does, or before.</summary>
    /// <returns>How many.</returns>
    private static int Kinds(IReadOnlyList<Item> items, ReadOnlySpan<int> same, double similarity, Action<int, int, double> found, Span<int> kinds)
    {
        var count = 0;
        foreach (var i in same)
        {
            var like = 0;
            while (like < count && Similarity(items[kinds[like]], items[i], 0) < similarity)
            {
                like++;
            }
            if (like < count)
            {
                found(kinds[like], i, Similarity(items[kinds[like]], items[i], 0));
            }
            else if (count < MostKinds)
            {
                for (var kind = 0; kind < count; kind++)
                {
                    found(kinds[kind], i, Similarity(items[kinds[kind]], items[i], 0));
                }
                kinds[count++] = i;
            }
        }
        return count;
    }

    private static double Similarity(Item a, Item b, int distance) =>
        a.Layout is { } x && b.Layout is { } y ? x.Similarity(y) : distance <= SureDistance ? 1 - (distance / 64.0) : 0;
}
