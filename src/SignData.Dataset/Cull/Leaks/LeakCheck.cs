using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Finds what parts of data share that must share nothing: between the splits of a manifest, and between any two sets. A classifier that is
/// judged by pictures which it has learnt from, or by their neighbours, is judged too well.
/// </summary>
public sealed class LeakCheck
{
    /// <summary>Pairs of pictures kept for the page, of exact and of near duplicates each, for two sides.</summary>
    public const int MostPairs = 24;

    /// <summary>Crossing pairs of a distance among which those to show are chosen.</summary>
    private const int MostCrossing = 100_000;

    /// <summary>Frames of a moment among which the pair to show is chosen.</summary>
    private const int Few = 16;

    private readonly LeakCheckOptions options;
    private readonly IProgress<Progress>? progress;
    private readonly CheckedFrames checkedFrames = new();
    private readonly Dictionary<(int A, int B), PairsFound> found = [];
    private readonly Dictionary<LeakKind, int> counts = [];

    /// <summary>A check to be.</summary>
    /// <param name="options">What to look at.</param>
    /// <param name="progress">Told of images read.</param>
    /// <exception cref="InputException">The distance is out of range.</exception>
    public LeakCheck(LeakCheckOptions options, IProgress<Progress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Distance is < 0 or > LeakCheckOptions.MaxDistance)
        {
            throw new InputException($"--distance {options.Distance} is out of range: give 0 to {LeakCheckOptions.MaxDistance} of 64 bits.");
        }
        (this.options, this.progress) = (options, progress);
    }

    private List<CheckedFrame> Frames => checkedFrames.Frames;

    /// <summary>Reads all sets and compares their parts. Time grows about linearly with the frames.</summary>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="InputException">A set is missing, damaged or empty.</exception>
    public LeakSummary Run(CancellationToken cancelled = default)
    {
        foreach (var set in options.Sets)
        {
            checkedFrames.Add(set, progress, cancelled);
        }
        if (Frames.Count == 0)
        {
            throw new InputException($"{string.Join(" and ", options.Sets.Select(set => $"'{set}'"))} hold no kept frame: there is nothing to check.");
        }
        var exact = FindExact();
        FindNear(exact, cancelled);
        FindMoments();
        var leaks = new List<Leak>();
        for (var a = 0; a < checkedFrames.Sides.Count; a++)
        {
            for (var b = a + 1; b < checkedFrames.Sides.Count; b++)
            {
                if (Between(a, b) is { } leak && leak.Kinds.Any())
                {
                    leaks.Add(leak);
                }
            }
        }
        if (checkedFrames.Sides.Count == 1)
        {
            checkedFrames.Warnings.Add($"'{checkedFrames.Sides[0].Name}' has no splits: nothing is there to compare it with.");
        }
        var without = Frames.Count(frame => frame.Hash is null);
        if (without > 0)
        {
            checkedFrames.Warnings.Add($"{without} frames have no perceptual hash: their look-alikes stay unseen. Run cull over them first.");
        }
        return new LeakSummary(Frames.Count, counts.GetValueOrDefault(LeakKind.Exact), counts.GetValueOrDefault(LeakKind.Near), counts.GetValueOrDefault(LeakKind.Moment), checkedFrames.Sides, leaks, [.. found.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Pairs).Select(Pair)],
            leaks.Any(leak => leak.Kinds.Except(options.Allowed).Any()), checkedFrames.Warnings);
    }

    /// <summary>Tells of each frame on which other sides its very bytes are, a bit a side.</summary>
    private ulong[] FindExact()
    {
        var twins = new ulong[Frames.Count];
        var order = Enumerable.Range(0, Frames.Count).Where(i => Frames[i].Bytes is not null).ToArray();
        Array.Sort(order, (a, b) => Frames[a].Bytes!.Value.CompareTo(Frames[b].Bytes!.Value) is not 0 and var by ? by : a - b);
        for (var (start, end) = (0, 0); start < order.Length; start = end)
        {
            var sides = 0UL;
            for (end = start; end < order.Length && Frames[order[end]].Bytes == Frames[order[start]].Bytes; end++)
            {
                sides |= Bit(order[end]);
            }
            if (ulong.PopCount(sides) < 2)
            {
                continue;
            }
            var same = order.AsSpan(start..end);
            var first = FirstOfSides(same);
            foreach (var frame in same)
            {
                twins[frame] = sides & ~Bit(frame);
                Count(LeakKind.Exact, Earlier(frame, twins[frame]).Any() ? 1 : 0);
                foreach (var other in Earlier(frame, twins[frame]))
                {
                    var between = FoundBetween(other, Frames[frame].Side);
                    between.Exact++;
                    between.Show(LeakKind.Exact, first[other], frame);
                }
            }
        }
        return twins;
    }

    private void FindNear(ulong[] exact, CancellationToken cancelled)
    {
        var order = Enumerable.Range(0, Frames.Count).Where(i => Frames[i].Hash is not null).ToArray();
        Array.Sort(order, (a, b) => Frames[a].Hash!.Value.CompareTo(Frames[b].Hash!.Value) is not 0 and var by ? by : a - b);
        var starts = Enumerable.Range(0, order.Length).Where(i => i == 0 || Frames[order[i]].Hash != Frames[order[i - 1]].Hash).Append(order.Length).ToArray();
        var sides = new ulong[starts.Length - 1];
        for (var hash = 0; hash < sides.Length; hash++)
        {
            for (var i = starts[hash]; i < starts[hash + 1]; i++)
            {
                sides[hash] |= Bit(order[i]);
            }
        }
        var near = (ulong[])sides.Clone();
        var crossing = Enumerable.Range(0, options.Distance + 1).Select(_ => new List<(int A, int B)>()).ToArray();
        var hashes = sides.Select((_, hash) => Frames[order[starts[hash]]].Hash!.Value).ToArray();
        foreach (var (a, b) in new HashIndex(hashes).Pairs<(int, int)>(options.Distance, Judge, progress: null, cancelled))
        {
            near[a] |= sides[b];
            near[b] |= sides[a];
            var distance = PerceptualHash.Distance(hashes[a], hashes[b]);
            if (ulong.PopCount(sides[a] | sides[b]) > 1 && crossing[distance].Count < MostCrossing)
            {
                crossing[distance].Add((a, b));
            }
        }
        crossing[0].AddRange(Enumerable.Range(0, sides.Length).Where(hash => ulong.PopCount(sides[hash]) > 1).Select(hash => (hash, hash)).Take(MostCrossing));
        for (var hash = 0; hash < sides.Length; hash++)
        {
            foreach (var frame in order.AsSpan(starts[hash]..starts[hash + 1]))
            {
                Count(LeakKind.Near, Earlier(frame, near[hash] & ~exact[frame]).Any() ? 1 : 0);
                foreach (var other in Earlier(frame, near[hash] & ~exact[frame]))
                {
                    FoundBetween(other, Frames[frame].Side).Near++;
                }
            }
        }
        foreach (var pairs in crossing)
        {
            foreach (var (a, b) in pairs)
            {
                AddExamples(order.AsSpan(starts[a]..starts[a + 1]), order.AsSpan(starts[b]..starts[b + 1]), exact);
            }
        }

        void Judge(int a, int b, List<(int, int)> alikes)
        {
            // In front of a plain wall hashes come near by chance.
            if (Frames[order[starts[a]]].Layout is not { } x || Frames[order[starts[b]]].Layout is not { } y || x.Similarity(y) >= NearDuplicates.Alike)
            {
                alikes.Add((a, b));
            }
        }
    }

    private void FindMoments()
    {
        foreach (var moment in Enumerable.Range(0, Frames.Count).Where(i => Frames[i].Moment is not null)
            .GroupBy(i => (checkedFrames.Sides[Frames[i].Side].Set, Frames[i].Moment)))
        {
            var sides = moment.GroupBy(i => Frames[i].Side).OrderBy(side => side.Key).Select(side => side.ToArray()).ToList();
            for (var b = 1; b < sides.Count; b++)
            {
                Count(LeakKind.Moment, sides[b].Length);
                for (var a = 0; a < b; a++)
                {
                    var between = FoundBetween(Frames[sides[a][0]].Side, Frames[sides[b][0]].Side);
                    between.Moments += sides[b].Length;
                    var (x, y) = (from i in sides[a].Take(Few) from j in sides[b].Take(Few) select (i, j)).MinBy(pair => Distance(pair.i, pair.j));
                    between.Show(LeakKind.Moment, x, y);
                }
            }
        }
    }

    private void Count(LeakKind kind, int frames) => counts[kind] = counts.GetValueOrDefault(kind) + frames;

    private int Distance(int a, int b) => PerceptualHash.Distance(Frames[a].Hash ?? 0, Frames[b].Hash ?? 0);

    /// <summary>Of frames with one hash and frames with another, one pair for each two sides.</summary>
    private void AddExamples(ReadOnlySpan<int> some, ReadOnlySpan<int> others, ulong[] exact)
    {
        var (first, second) = (FirstOfSides(some), FirstOfSides(others));
        foreach (var (a, x) in first)
        {
            foreach (var (b, y) in second)
            {
                if (a < b && (exact[y] & (1UL << a)) == 0)
                {
                    FoundBetween(a, b).Show(LeakKind.Near, x, y);
                }
                else if (b < a && (exact[x] & (1UL << b)) == 0)
                {
                    FoundBetween(b, a).Show(LeakKind.Near, y, x);
                }
            }
        }
    }

    private Dictionary<int, int> FirstOfSides(ReadOnlySpan<int> frames)
    {
        var first = new Dictionary<int, int>();
        foreach (var frame in frames)
        {
            first.TryAdd(Frames[frame].Side, frame);
        }
        return first;
    }

    private Leak? Between(int a, int b)
    {
        var pairs = found.GetValueOrDefault((a, b));
        var (one, other) = (checkedFrames.Sides[a], checkedFrames.Sides[b]);
        return new Leak(one.Name, other.Name, other.Frames, pairs?.Exact ?? 0, pairs?.Near ?? 0, pairs?.Moments ?? 0, Shared(LeakKind.Signer), Shared(LeakKind.Session), Shared(LeakKind.Source));

        string[] Shared(LeakKind kind)
        {
            var own = checkedFrames.GroupsOf(a, kind);
            return [.. checkedFrames.GroupsOf(b, kind).Where(group => own.ContainsKey(group.Key)).Select(group => group.Value).Order(StringComparer.Ordinal)];
        }
    }

    private LeakPair Pair((LeakKind Kind, int A, int B) pair)
    {
        var (a, b) = (Frames[pair.A], Frames[pair.B]);
        return new LeakPair(pair.Kind, checkedFrames.Sides[a.Side].Name, checkedFrames.FileOf(a), a.Label, checkedFrames.Sides[b.Side].Name, checkedFrames.FileOf(b), b.Label, Distance(pair.A, pair.B));
    }

    private ulong Bit(int frame) => 1UL << Frames[frame].Side;

    /// <summary>Of the sides in a mask those before a frame's own: each two sides are counted once, by the frames of the later.</summary>
    private IEnumerable<int> Earlier(int frame, ulong mask)
    {
        for (mask &= Bit(frame) - 1; mask != 0; mask &= mask - 1)
        {
            yield return (int)ulong.TrailingZeroCount(mask);
        }
    }

    private PairsFound FoundBetween(int a, int b)
    {
        if (!found.TryGetValue((a, b), out var pairs))
        {
            found[(a, b)] = pairs = new PairsFound();
        }
        return pairs;
    }

    /// <summary>What two sides share of pictures: counts, and a few pairs in which no picture comes twice.</summary>
    private sealed class PairsFound
    {
        private readonly List<(LeakKind Kind, int A, int B)> pairs = [];
        private readonly HashSet<int> shown = [];
        private readonly Dictionary<LeakKind, int> counts = [];

        public int Exact { get; set; }

        public int Near { get; set; }

        public int Moments { get; set; }

        public IReadOnlyList<(LeakKind Kind, int A, int B)> Pairs => pairs;

        public void Show(LeakKind kind, int a, int b)
        {
            var count = counts.GetValueOrDefault(kind);
            if (count < MostPairs && !shown.Contains(a) && !shown.Contains(b))
            {
                shown.Add(a);
                shown.Add(b);
                pairs.Add((kind, a, b));
                counts[kind] = count + 1;
            }
        }
    }
}
