using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Mixing;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Dataset.Tests.Augmenting;

public sealed class MixTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(0.3f), InlineData(1), InlineData(4)]
    public void The_label_of_CutMix_is_the_area_that_is_left_and_its_shares_are_of_the_Beta_distribution(float alpha)
    {
        const int size = 32, draws = 10_000;
        CutMix mix = new() { Alpha = alpha };
        byte[] other = [.. Enumerable.Repeat((byte)1, size * size * 3)], picture = new byte[other.Length];
        double sum = 0;
        for (int i = 0; i < draws; i++)
        {
            picture.AsSpan().Clear();
            SampleRandom random = new(1, 0, i);
            float share = mix.Apply(ref random, picture, other, size);
            Assert.Equal(picture.Count(b => b == 0) / (double)picture.Length, share, 1e-6);
            sum += share;
        }
        // A box of area 1 - l whose middle lies anywhere keeps, side by side, s - s^2/4 of its side s: E of what is covered follows from Beta's moments by sampling.
        Random even = new(5);
        double expected = Enumerable.Range(0, 200_000).Average(_ =>
        {
            double s = Math.Sqrt(1 - Beta(even, alpha)), kept = s - (s * s / 4);
            return 1 - (kept * kept);
        });
        Assert.InRange(sum / draws, expected - 0.015, expected + 0.015);
    }

    [Fact]
    public void MixUp_shows_both_by_their_shares()
    {
        SampleRandom random = new(1, 0, 3);
        byte[] picture = [.. Enumerable.Repeat((byte)200, 48)], other = new byte[48];
        float share = new MixUp { Alpha = 1 }.Apply(ref random, picture, other, 4);
        Assert.InRange(share, 0.01f, 0.99f);
        Assert.All(picture, b => Assert.Equal(200 * share, b, 0.51));
    }

    [Theory, InlineData("cut-mix"), InlineData("mix-up")]
    public void Targets_sum_to_one_and_are_the_same_for_any_threads_and_batch_sizes(string mix)
    {
        Sample[] samples = Samples(13);
        Recipe recipe = RecipeFile.Parse($"steps:\n  - zoom: {{ scale: [0.8, 1.2] }}\n  - noise\nmix:\n  - {mix}: {{ p: 0.7 }}\n", "test");
        Dictionary<int, (byte[] Pixels, float[] Targets)> All(int batchSize, int threads)
        {
            Dictionary<int, (byte[], float[])> all = [];
            foreach (Batch batch in new BatchLoader(samples, 24, batchSize, threads, FrameCache.For(24, 1 << 20)).Shuffled(recipe, 3, 1, null, 5, 0.1f))
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    all[batch.Indices[i]] = (batch.Pixels.AsSpan(i * 1728, 1728).ToArray(), batch.Targets.AsSpan(i * 5, 5).ToArray());
                }
            }
            return all;
        }
        Dictionary<int, (byte[] Pixels, float[] Targets)> one = All(13, 1), two = All(13, 2), small = All(4, 2);
        Assert.Equal(13, one.Count);
        Assert.Equal(12, small.Count);
        Assert.All(one, o => Assert.Equal(1, o.Value.Targets.Sum(), 1e-5f));
        Assert.All(one, o => Assert.All(o.Value.Targets, t => Assert.True(t >= 0.0199f)));
        Assert.Contains(one.Values, o => o.Targets.Count(t => t > 0.05f) == 2);
        Assert.All(two, o => Assert.Equal(one[o.Key].Pixels, o.Value.Pixels));
        Assert.All(small, o => Assert.Equal(one[o.Key].Pixels, o.Value.Pixels));
        Assert.All(small, o => Assert.Equal(one[o.Key].Targets, o.Value.Targets));
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_mixed_with_none_and_has_no_target()
    {
        Sample[] samples = Samples(6);
        File.WriteAllBytes(samples[2].Path, [1, 2, 3]);
        Recipe recipe = RecipeFile.Parse("mix:\n  - mix-up: { p: 1 }\n", "test");
        Batch batch = new BatchLoader(samples, 24, 6, 1).Shuffled(recipe, 1, 0, null, 5, 0).Single();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(batch.Indices[i] == 2 ? 0 : 1, batch.Targets.AsSpan(i * 5, 5).ToArray().Sum(), 1e-5f);
        }
    }

    [Fact]
    public void Every_recipe_gives_the_same_batches_for_one_and_two_threads()
    {
        Sample[] samples = Samples(6);
        foreach (string name in Recipe.Names)
        {
            byte[][] drawn = [.. ((int[])[1, 2]).Select(threads =>
                new BatchLoader(samples, 32, 6, threads, FrameCache.For(32, 1 << 20)).Shuffled(Recipe.Named(name), 2, 3, null, 5).Single().Pixels)];
            Assert.Equal(drawn[0], drawn[1]);
        }
    }

    private Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        string path = Path.Combine(folder, $"{i}.png");
        Image image = new(40, 30);
        new Random(i).NextBytes(image.Pixels);
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, i % 5);
    })];

    private static double Beta(Random random, double alpha)
    {
        // Jöhnk 1964.
        while (true)
        {
            double a = Math.Pow(random.NextDouble(), 1 / alpha), b = Math.Pow(random.NextDouble(), 1 / alpha);
            if (a + b is > 0 and <= 1)
            {
                return a / (a + b);
            }
        }
    }
}
