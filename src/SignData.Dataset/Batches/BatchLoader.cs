using System.Collections.Concurrent;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>
/// Decodes, augments and gathers pictures into batches. All cores work on one batch while the model waits: on a CPU that
/// computes with the same cores, a decoder beside it would slow every step far more than it helps.
/// </summary>
public sealed class BatchLoader
{
    // Above the model's side, so that a crop still has a pixel for each of the square's.
    private const double CacheMargin = 1.25;

    private readonly IReadOnlyList<Sample> samples;
    private readonly FrameCache frames;
    private readonly Batch batch;
    private readonly int side;
    private readonly ParallelOptions threads;
    private readonly ConcurrentDictionary<string, string> failed = new(StringComparer.Ordinal);

    /// <summary>A loader over samples.</summary>
    /// <param name="samples">The pictures and their labels.</param>
    /// <param name="size">The side of the squares that the model sees, in pixels.</param>
    /// <param name="batchSize">Pictures in a batch, at least 1.</param>
    /// <param name="threads">Threads that decode and augment.</param>
    /// <param name="cacheBytes">Memory for decoded frames; 0 keeps none.</param>
    public BatchLoader(IReadOnlyList<Sample> samples, int size, int batchSize, int threads, long cacheBytes)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.samples = samples;
        this.threads = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) };
        frames = new FrameCache((int)Math.Ceiling(size * CacheMargin), cacheBytes);
        side = size;
        batch = new Batch(Math.Min(batchSize, Math.Max(1, samples.Count)), size);
    }

    /// <summary>Files that could not be read so far, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Failed => failed;

    /// <summary>All samples in their order, whole and unchanged.</summary>
    public IEnumerable<Batch> InOrder()
    {
        batch.Size = side;
        return Batches([.. Enumerable.Range(0, samples.Count)], Augmentation.None, 0, 0, samples.Count);
    }

    /// <summary>All samples once in an order and with changes that (seed, epoch) decide; a last batch that is not full is left out.</summary>
    /// <param name="augmentation">What may be changed.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="size">The side of the squares in this epoch, at most the loader's; null for the loader's.</param>
    public IEnumerable<Batch> Shuffled(Augmentation augmentation, int seed, int epoch, int? size = null)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        batch.Size = Math.Min(size ?? side, side);
        int[] order = [.. Enumerable.Range(0, samples.Count)];
        SampleRandom random = new(seed, epoch, -1);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        int full = batch.Labels.Length;
        return Batches(order, augmentation, seed, epoch, order.Length / full * full);
    }

    private IEnumerable<Batch> Batches(int[] order, Augmentation augmentation, int seed, int epoch, int count)
    {
        for (int start = 0; start < count; start += batch.Labels.Length)
        {
            batch.Count = Math.Min(batch.Labels.Length, count - start);
            Parallel.For(0, batch.Count, threads, i => Load(i, order[start + i], augmentation, new SampleRandom(seed, epoch, order[start + i])));
            yield return batch;
        }
    }

    private void Load(int place, int index, Augmentation augmentation, SampleRandom random)
    {
        Sample sample = samples[index];
        int bytes = batch.Size * batch.Size * 3;
        Span<byte> square = batch.Pixels.AsSpan(place * bytes, bytes);
        batch.Indices[place] = index;
        try
        {
            Pyramid picture = frames.Read(sample.Path);
            View view = augmentation.Draw(ref random, picture.Full.Width, picture.Full.Height);
            view.Sample(picture.Level(view.Shrink(picture.Full, batch.Size)), square, batch.Size);
            batch.Labels[place] = sample.Label;
        }
        catch (InputException e)
        {
            failed.TryAdd(sample.Path, e.Message);
            square.Clear();
            batch.Labels[place] = Batch.Ignored;
        }
    }
}
