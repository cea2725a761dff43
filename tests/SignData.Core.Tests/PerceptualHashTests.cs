namespace SignData.Core.Tests;

public sealed class PerceptualHashTests
{
    private static ulong Hash(byte[] luma, int width = 640, int height = 480) => PerceptualHash.Of(luma, width, height);

    [Fact]
    public void The_same_picture_at_half_the_size_brighter_noisy_or_flatter_is_nearly_the_same()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var picture = Pictures.Rectangles(seed, 640, 480);
            var hash = Hash(picture);
            Assert.InRange(PerceptualHash.Distance(hash, Hash(Pictures.Halved(picture, 640, 480), 320, 240)), 0, 4);
            Assert.InRange(PerceptualHash.Distance(hash, Hash([.. picture.Select(value => (byte)(value + 25))])), 0, 2);
            Assert.InRange(PerceptualHash.Distance(hash, Hash([.. picture.Select(value => (byte)(value / 2 + 60))])), 0, 4);
            Assert.InRange(PerceptualHash.Distance(hash, Hash(Pictures.Noisy(picture, seed, 6))), 0, 4);
        }
    }

    [Fact]
    public void Different_pictures_are_far_apart()
    {
        var hashes = Enumerable.Range(0, 20).Select(seed => Hash(Pictures.Rectangles(seed, 640, 480))).ToArray();
        for (var i = 0; i < hashes.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.InRange(PerceptualHash.Distance(hashes[i], hashes[j]), 14, 50);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 200)]
    [InlineData(31, 33)]
    public void Any_shape_has_a_hash(int width, int height)
    {
        var luma = new byte[width * height];
        new Random(1).NextBytes(luma);
        Assert.Equal(Hash(luma, width, height), Hash(luma, width, height));
    }

    [Fact]
    public void The_distance_counts_bits()
    {
        Assert.Equal(0, PerceptualHash.Distance(5, 5));
        Assert.Equal(64, PerceptualHash.Distance(0, ulong.MaxValue));
        Assert.Equal(2, PerceptualHash.Distance(0b1001, 0));
    }
}
