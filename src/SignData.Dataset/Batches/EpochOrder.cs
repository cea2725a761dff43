namespace SignData.Dataset.Batches;

/// <summary>A sample's turn in an epoch.</summary>
/// <param name="Sample">Its place among the samples.</param>
/// <param name="Turn">How often the epoch has shown it before.</param>
public readonly record struct Draw(int Sample, int Turn = 0)
{
    // No step of a recipe has such a number.
    private const int FirstTurn = int.MinValue;

    /// <summary>The random numbers of this turn: each shows the sample in another way.</summary>
    internal SampleRandom Random(int seed, int epoch)
    {
        SampleRandom random = new(seed, epoch, Sample);
        return Turn == 0 ? random : random.Fork(FirstTurn + Turn);
    }
}

/// <summary>Which samples an epoch shows, and in what order: (seed, epoch) decide it.</summary>
public static class EpochOrder
{
    /// <summary>All samples once.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    public static Draw[] Of(int count, int seed, int epoch)
    {
        Draw[] order = [.. Enumerable.Range(0, count).Select(sample => new Draw(sample))];
        SampleRandom random = new(seed, epoch, -1);
        Shuffle(order, ref random);
        return order;
    }

    /// <summary>
    /// As many as there are samples, each label equally often, but for a remainder that goes to some: of a label with many frames a part, which changes
    /// from epoch to epoch, of one with few all of them again and again.
    /// </summary>
    /// <param name="samples">The samples.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    public static Draw[] Balanced(IReadOnlyList<Sample> samples, int seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        SampleRandom random = new(seed, epoch, -1);
        int[][] labels = [.. samples.Index().GroupBy(sample => sample.Item.Label).OrderBy(label => label.Key).Select(label => label.Select(sample => sample.Index).ToArray())];
        Shuffle(labels, ref random);
        List<Draw> order = new(samples.Count);
        foreach ((int place, int[] own) in labels.Index())
        {
            int share = (samples.Count / labels.Length) + (place < samples.Count % labels.Length ? 1 : 0);
            for (int turn = 0; share > 0; share -= own.Length, turn++)
            {
                Shuffle(own, ref random);
                order.AddRange(own.Take(share).Select(sample => new Draw(sample, turn)));
            }
        }
        Draw[] mixed = [.. order];
        Shuffle(mixed, ref random);
        return mixed;
    }

    private static void Shuffle<T>(T[] items, ref SampleRandom random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
