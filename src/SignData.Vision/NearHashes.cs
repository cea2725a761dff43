namespace SignData.Vision;

/// <summary>The inner loop of a search for hashes that differ in few bits.</summary>
public static unsafe class NearHashes
{
    /// <summary>The pairs within the buckets of some keys, and between each of these and those greater keys' that differ from it by a probe.</summary>
    /// <param name="hashes">In the order of their keys.</param>
    /// <param name="starts">Where each key's begin in <paramref name="hashes"/>, and the end of the last; as many as keys, a power of two, and one more.</param>
    /// <param name="firstKey">The first key.</param>
    /// <param name="keys">How many.</param>
    /// <param name="probes">The differences of keys to look at, each below the number of all keys.</param>
    /// <param name="distance">The most bits in which a pair differs.</param>
    /// <param name="room">What the pairs are put into, made longer as needed.</param>
    /// <returns>The pairs, positions in <paramref name="hashes"/>, in <paramref name="room"/>.</returns>
    public static ReadOnlySpan<(int A, int B)> Find(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> starts, int firstKey, int keys, ReadOnlySpan<int> probes, int distance, ref (int A, int B)[] room)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstKey + keys, starts.Length - 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(starts[^1], hashes.Length);
        while (true)
        {
            long count;
            fixed (ulong* all = hashes)
            fixed (int* begins = starts, differences = probes)
            fixed ((int, int)* pairs = room)
            {
                NativeMethods.Check(NativeMethods.sd_near_hashes(all, begins, firstKey, keys, differences, probes.Length, distance, (int*)pairs, room.Length, out count));
            }
            if (count <= room.Length)
            {
                return room.AsSpan(0, (int)count);
            }
            room = new (int, int)[count];
        }
    }
}
