using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Finds hashes that differ in few of 64 bits. Cut into four bands of 16 bits, two hashes that differ in d bits agree to within d / 4
/// in one of them: only what lies in those buckets is compared.
/// </summary>
internal sealed class HashIndex
{
    private const int Bands = 4, Keys = 1 << 16;

    private readonly ulong[] hashes;
    private readonly int[][] starts = new int[Bands][], members = new int[Bands][];

    /// <summary>An index of hashes that are all different.</summary>
    public HashIndex(ulong[] hashes)
    {
        this.hashes = hashes;
        for (var band = 0; band < Bands; band++)
        {
            var start = new int[Keys + 1];
            foreach (var hash in hashes)
            {
                start[Key(hash, band) + 1]++;
            }
            for (var key = 0; key < Keys; key++)
            {
                start[key + 1] += start[key];
            }
            (starts[band], members[band]) = (start, new int[hashes.Length]);
            var next = start.AsSpan(0, Keys).ToArray();
            for (var i = 0; i < hashes.Length; i++)
            {
                members[band][next[Key(hashes[i], band)]++] = i;
            }
        }
    }

    /// <summary>Every two hashes within a distance, once each, the lower index first.</summary>
    /// <param name="distance">In bits, 0 to 11.</param>
    /// <param name="found">Gets the two indices.</param>
    /// <param name="cancelled">Ends the search.</param>
    public void Pairs(int distance, Action<int, int> found, CancellationToken cancelled)
    {
        var reach = distance / Bands;
        int[] probes = [.. Enumerable.Range(0, Keys).Where(key => int.PopCount(key) <= reach)];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (i % 4096 == 0)
            {
                cancelled.ThrowIfCancellationRequested();
            }
            for (var band = 0; band < Bands; band++)
            {
                foreach (var probe in probes)
                {
                    var key = Key(hashes[i], band) ^ probe;
                    foreach (var j in members[band].AsSpan(starts[band][key]..starts[band][key + 1]))
                    {
                        if (j > i && PerceptualHash.Distance(hashes[i], hashes[j]) <= distance && !Earlier(hashes[i] ^ hashes[j], band, reach))
                        {
                            found(i, j);
                        }
                    }
                }
            }
        }
    }

    private static int Key(ulong hash, int band) => (int)(hash >> (16 * band)) & (Keys - 1);

    private static bool Earlier(ulong difference, int band, int reach)
    {
        for (var earlier = 0; earlier < band; earlier++)
        {
            if (int.PopCount(Key(difference, earlier)) <= reach)
            {
                return true;
            }
        }
        return false;
    }
}
