using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Finds hashes that differ in few of 64 bits, far below comparing all with all. Cut into four bands, two hashes that differ in
/// at most d bits differ in few in one of the bands at least (Norouzi et al. 2012, Fast search in Hamming space with multi-index hashing):
/// only buckets of near keys are compared with each other, whole against whole, on all cores. The first band, in which they may differ
/// in one bit more than in the others, is the widest: more and smaller buckets.
/// </summary>
internal sealed class HashIndex
{
    /// <summary>The most bits that a search may go to; beyond them nearly all buckets are near.</summary>
    public const int MaxDistance = 15;

    private const int KeysAtOnce = 256, ChunksAtOnce = 32;

    private static readonly Band[] Bands = [new(0, 18), new(18, 16), new(34, 15), new(49, 15)];

    private readonly ReadOnlyMemory<ulong> hashes;

    /// <summary>An index of hashes that are all different.</summary>
    /// <param name="hashes">Kept, not copied.</param>
    public HashIndex(ReadOnlyMemory<ulong> hashes) => this.hashes = hashes;

    /// <summary>Every two hashes within a distance, once each, the lower index first, in an order that depends on the hashes alone.</summary>
    /// <param name="distance">In bits, 0 to <see cref="MaxDistance"/>.</param>
    /// <param name="found">Gets the two indices.</param>
    /// <param name="cancelled">Ends the search.</param>
    public void Pairs(int distance, Action<int, int> found, CancellationToken cancelled)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, MaxDistance);
        // If every band differed in more than its reach, the reaches and one more for each would exceed the distance.
        int[] reach = [.. Bands.Select((_, band) => ((distance + 1) / Bands.Length) + (band < (distance + 1) % Bands.Length ? 1 : 0) - 1)];
        // Vectors may read beyond the last hash.
        var (members, sorted) = (new int[hashes.Length], new ulong[hashes.Length + Vector512<ulong>.Count]);
        for (var band = 0; band < Bands.Length && reach[band] >= 0; band++)
        {
            var starts = Sort(Bands[band], members, sorted);
            int[] probes = [.. Enumerable.Range(1, Bands[band].Keys - 1).Where(key => int.PopCount(key) <= reach[band])];
            foreach (var (i, j) in Search(band, distance, reach, starts, sorted, probes, cancelled).Ahead())
            {
                found(Math.Min(members[i], members[j]), Math.Max(members[i], members[j]));
            }
        }
    }

    /// <summary>What a band finds, by key: so many chunks of keys at a time, on all cores.</summary>
    private static IEnumerable<(int, int)> Search(int band, int distance, int[] reach, int[] starts, ulong[] sorted, int[] probes, CancellationToken cancelled)
    {
        var found = new List<(int, int)>[ChunksAtOnce];
        for (var first = 0; first < Bands[band].Keys / KeysAtOnce; first += ChunksAtOnce)
        {
            var from = first;
            Parallel.For(0, ChunksAtOnce, new ParallelOptions { CancellationToken = cancelled },
                chunk => found[chunk] = Search((from + chunk) * KeysAtOnce, band, distance, reach, starts, sorted, probes));
            foreach (var pair in found.SelectMany(pairs => pairs))
            {
                yield return pair;
            }
        }
    }

    private static List<(int, int)> Search(int firstKey, int band, int distance, int[] reach, int[] starts, ulong[] sorted, int[] probes)
    {
        var pairs = new List<(int, int)>();
        for (var key = firstKey; key < firstKey + KeysAtOnce; key++)
        {
            var (start, end) = (starts[key], starts[key + 1]);
            if (start == end)
            {
                continue;
            }
            for (var i = start; i < end; i++)
            {
                Compare(i, i + 1, end);
            }
            foreach (var probe in probes)
            {
                var other = key ^ probe;
                var (from, to) = (starts[other], starts[other + 1]);
                if (other > key && from < to)
                {
                    for (var i = start; i < end; i++)
                    {
                        Compare(i, from, to);
                    }
                }
            }
        }
        return pairs;

        void Compare(int i, int from, int to)
        {
            var (hash, j) = (sorted[i], from);
            if (Avx512BW.IsSupported)
            {
                var (own, most) = (Vector512.Create(hash), Vector512.Create((ulong)distance));
                for (; j < to; j += Vector512<ulong>.Count)
                {
                    var near = Vector512.LessThanOrEqual(BitCounts(own ^ Vector512.LoadUnsafe(ref sorted[j])), most).ExtractMostSignificantBits();
                    if (to - j < Vector512<ulong>.Count)
                    {
                        near &= (1UL << (to - j)) - 1;
                    }
                    for (; near != 0; near &= near - 1)
                    {
                        Add(i, j + BitOperations.TrailingZeroCount(near));
                    }
                }
            }
            for (; j < to; j++)
            {
                if (PerceptualHash.Distance(hash, sorted[j]) <= distance)
                {
                    Add(i, j);
                }
            }
        }

        void Add(int i, int j)
        {
            if (!Earlier(sorted[i] ^ sorted[j], band, reach))
            {
                pairs.Add((i, j));
            }
        }
    }

    /// <summary>The bits that are set in each of eight values, by a table of the 16 halves of a byte.</summary>
    private static Vector512<ulong> BitCounts(Vector512<ulong> values)
    {
        var bits = Vector512.Create(Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
        var half = Vector512.Create((byte)15);
        var counts = Vector512.ShuffleNative(bits, values.AsByte() & half) + Vector512.ShuffleNative(bits, (values >>> 4).AsByte() & half);
        return Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64();
    }

    /// <summary>The hashes and their indices by key, and where each key's begin.</summary>
    private int[] Sort(Band band, int[] members, ulong[] sorted)
    {
        var all = hashes.Span;
        var starts = new int[band.Keys + 1];
        foreach (var hash in all)
        {
            starts[band.KeyOf(hash) + 1]++;
        }
        for (var key = 0; key < band.Keys; key++)
        {
            starts[key + 1] += starts[key];
        }
        var next = starts.AsSpan(0, band.Keys).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            var place = next[band.KeyOf(all[i])]++;
            (members[place], sorted[place]) = (i, all[i]);
        }
        return starts;
    }

    /// <summary>Whether an earlier band has found the pair.</summary>
    private static bool Earlier(ulong difference, int band, int[] reach)
    {
        for (var earlier = 0; earlier < band; earlier++)
        {
            if (int.PopCount(Bands[earlier].KeyOf(difference)) <= reach[earlier])
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Some bits of a hash.</summary>
    /// <param name="Shift">The lowest.</param>
    /// <param name="Bits">How many.</param>
    private readonly record struct Band(int Shift, int Bits)
    {
        public int Keys => 1 << Bits;

        public int KeyOf(ulong hash) => (int)(hash >> Shift) & (Keys - 1);
    }
}
