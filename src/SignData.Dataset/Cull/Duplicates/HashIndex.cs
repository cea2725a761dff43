using System.Collections.Concurrent;
using System.Numerics;
using SignData.Vision;

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

    private const int MostChunks = 4096, HashesAtOnce = 64, Room = 4096;

    private static readonly Band[] Bands = [new(0, 18), new(18, 16), new(34, 15), new(49, 15)];

    private readonly ReadOnlyMemory<ulong> hashes;

    /// <summary>An index of hashes that are all different.</summary>
    /// <param name="hashes">Kept, not copied.</param>
    public HashIndex(ReadOnlyMemory<ulong> hashes) => this.hashes = hashes;

    /// <summary>What there is to say of every two hashes within a distance, each pair judged once, in an order that depends on the hashes alone.</summary>
    /// <param name="distance">In bits, 0 to <see cref="MaxDistance"/>.</param>
    /// <param name="judge">Called by several threads with the two indices, the lower first, and the list to add to.</param>
    /// <param name="progress">Told of the part that is done, 0 to 1.</param>
    /// <param name="cancelled">Ends the search.</param>
    public IEnumerable<T> Pairs<T>(int distance, Action<int, int, List<T>> judge, Action<double>? progress, CancellationToken cancelled)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, MaxDistance);
        // If every band differed in more than its reach, the reaches and one more for each would exceed the distance.
        int[] reach = [.. Bands.Select((_, band) => ((distance + 1) / Bands.Length) + (band < (distance + 1) % Bands.Length ? 1 : 0) - 1)];
        var (members, sorted) = (new int[hashes.Length], new ulong[hashes.Length]);
        using var rooms = new ThreadLocal<(int, int)[]>(() => new (int, int)[Room]);
        for (var band = 0; band < Bands.Length && reach[band] >= 0; band++)
        {
            var own = band;
            var starts = Sort(Bands[band], members, sorted);
            int[] probes = [.. Enumerable.Range(1, Bands[band].Keys - 1).Where(key => int.PopCount(key) <= reach[own])];
            var (done, keys) = (0, Bands[band].Keys / Chunks(Bands[band]));
            var chunks = Bands[band].Keys / keys;
            foreach (var said in Partitioner.Create(Enumerable.Range(0, chunks), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered()
                .WithCancellation(cancelled).WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(chunk => Judged(chunk)))
            {
                foreach (var one in said)
                {
                    yield return one;
                }
                progress?.Invoke((band + ((double)++done / chunks)) / Bands.Length);
            }

            List<T> Judged(int chunk)
            {
                var said = new List<T>();
                var room = rooms.Value!;
                foreach (var (i, j) in NearHashes.Find(sorted, starts, chunk * keys, keys, probes, distance, ref room))
                {
                    if (!Earlier(sorted[i] ^ sorted[j], own, reach))
                    {
                        judge(Math.Min(members[i], members[j]), Math.Max(members[i], members[j]), said);
                    }
                }
                rooms.Value = room;
                return said;
            }
        }
    }

    /// <summary>Parts that a band's keys are searched in: enough for all cores, of some dozens of hashes at least.</summary>
    private int Chunks(Band band) => Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(hashes.Length / HashesAtOnce)), 1, Math.Min(MostChunks, band.Keys));

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
