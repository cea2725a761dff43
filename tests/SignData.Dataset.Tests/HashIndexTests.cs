using SignData.Core;

namespace SignData.Dataset.Tests;

public class HashIndexTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(4), InlineData(11), InlineData(12), InlineData(HashIndex.MaxDistance)]
    public void It_finds_the_pairs_that_comparing_all_with_all_finds_each_once(int distance)
    {
        var random = new Random(distance);
        var hashes = new HashSet<ulong>();
        for (var i = 0; i < 100; i++)
        {
            var centre = unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
            for (var j = 0; j < 12; j++)
            {
                var near = centre;
                for (var flips = random.Next(14); flips > 0; flips--)
                {
                    near ^= 1UL << random.Next(64);
                }
                hashes.Add(near);
            }
        }
        ulong[] all = [.. hashes];
        var expected = new List<(int, int)>();
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = i + 1; j < all.Length; j++)
            {
                if (PerceptualHash.Distance(all[i], all[j]) <= distance)
                {
                    expected.Add((i, j));
                }
            }
        }

        List<(int, int)> Found() => [.. new HashIndex(all).Pairs<(int, int)>(distance, (a, b, pairs) => pairs.Add((a, b)), progress: null, CancellationToken.None)];
        var found = Found();

        Assert.Equal(expected, found.Order());
        Assert.Equal(found, Found());
    }
}
