using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Batches;

public sealed class EpochOrderTests
{
    private static readonly Sample[] Samples = [.. Enumerable.Range(0, 103).Select(i => new Sample($"{i}.jpg", i < 90 ? 0 : i < 100 ? 1 : 2))];

    [Fact]
    public void A_plain_epoch_shows_every_sample_once()
    {
        Draw[] order = EpochOrder.Of(50, 3, 1);
        Assert.Equal(Enumerable.Range(0, 50), order.Select(draw => draw.Sample).Order());
        Assert.All(order, draw => Assert.Equal(0, draw.Turn));
        Assert.NotEqual(order, EpochOrder.Of(50, 3, 2));
        Assert.Equal(order, EpochOrder.Of(50, 3, 1));
    }

    [Fact]
    public void A_balanced_epoch_shows_each_label_equally_often_and_rare_samples_in_turns()
    {
        Draw[] order = EpochOrder.Balanced(Samples, 3, 1);

        Assert.Equal(Samples.Length, order.Length);
        int[] counts = [.. order.GroupBy(draw => Samples[draw.Sample].Label).Select(label => label.Count())];
        Assert.Equal(3, counts.Length);
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        Assert.Equal(order.Length, order.Distinct().Count());
        // 34 or 35 of 90 once, each of 10 three or four times, each of 3 eleven or twelve times.
        Assert.All(order.Where(draw => Samples[draw.Sample].Label == 0), draw => Assert.Equal(0, draw.Turn));
        foreach ((int label, int least) in ((int, int)[])[(1, 3), (2, 11)])
        {
            int[] turns = [.. order.Where(draw => Samples[draw.Sample].Label == label).GroupBy(draw => draw.Sample).Select(turn => turn.Count())];
            Assert.Equal(Samples.Count(sample => sample.Label == label), turns.Length);
            Assert.All(turns, turn => Assert.InRange(turn, least, least + 1));
        }
    }

    [Fact]
    public void Epochs_take_other_parts_of_a_frequent_label_and_mix_labels()
    {
        int[] Frequent(int epoch) => [.. EpochOrder.Balanced(Samples, 3, epoch).Select(draw => draw.Sample).Where(sample => Samples[sample].Label == 0).Order()];
        Assert.NotEqual(Frequent(0), Frequent(1));
        Assert.True(Enumerable.Range(0, 12).SelectMany(Frequent).Distinct().Count() > 80);
        Assert.Equal(3, EpochOrder.Balanced(Samples, 3, 0).Take(12).Select(draw => Samples[draw.Sample].Label).Distinct().Count());
    }

    [Fact]
    public void Each_turn_of_a_sample_is_varied_in_its_own_way()
    {
        ulong[] bits = [.. Enumerable.Range(0, 5).Select(turn => new Draw(7, turn).Random(1, 2).NextBits())];
        Assert.Equal(5, bits.Distinct().Count());
        Assert.Equal(new SampleRandom(1, 2, 7).NextBits(), bits[0]);
    }
}
