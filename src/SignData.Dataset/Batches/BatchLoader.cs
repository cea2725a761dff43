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

    /// <summary>
    /// All samples in their order, each by all looks: a batch of the first look is followed by the same samples by the second, and so on.
    /// </summary>
    /// <param name="looks">The views of each sample.</param>
    /// <param name="aspect">Width over height of what is shown, 0.5 to 2.</param>
    public IEnumerable<Batch> InOrder(Looks looks, float aspect)
    {
        ArgumentNullException.ThrowIfNull(looks);
        batch.Size = side;
        Func<int, Image, View> Look(int look) => (_, picture) => looks.Of(look, picture.Width, picture.Height, aspect);
        return Batches([.. Enumerable.Range(0, samples.Count)], [.. Enumerable.Range(0, looks.Count).Select(Look)], samples.Count);
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
        return Batches(order, [Draw], order.Length / full * full);

        View Draw(int index, Image picture)
        {
            SampleRandom own = new(seed, epoch, index);
            return augmentation.Draw(ref own, picture.Width, picture.Height);
        }
    }

    private IEnumerable<Batch> Batches(int[] order, IReadOnlyList<Func<int, Image, View>> looks, int count)
    {
        Pyramid?[] pictures = new Pyramid?[batch.Labels.Length];
        for (int start = 0; start < count; start += batch.Labels.Length)
        {
            batch.Count = Math.Min(batch.Labels.Length, count - start);
            Parallel.For(0, batch.Count, threads, i => pictures[i] = Read(i, order[start + i]));
            foreach (Func<int, Image, View> look in looks)
            {
                Parallel.For(0, batch.Count, threads, i => Show(pictures[i], i, look));
                yield return batch;
            }
        }
    }

    private Pyramid? Read(int place, int index)
    {
        Sample sample = samples[index];
        batch.Indices[place] = index;
        batch.Labels[place] = sample.Label;
        try
        {
            return frames.Read(sample.Path);
        }
        catch (InputException e)
        {
            failed.TryAdd(sample.Path, e.Message);
            batch.Labels[place] = Batch.Ignored;
            return null;
        }
    }

    private void Show(Pyramid? picture, int place, Func<int, Image, View> look)
    {
        int bytes = batch.Size * batch.Size * 3;
        Span<byte> square = batch.Pixels.AsSpan(place * bytes, bytes);
        if (picture is null)
        {
            square.Clear();
            return;
        }
        View view = look(batch.Indices[place], picture.Full);
        view.Sample(picture.Level(view.Shrink(picture.Full, batch.Size)), square, batch.Size);
    }
}
