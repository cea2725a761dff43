using System.Collections.Concurrent;
using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Mixing;

namespace SignData.Dataset.Batches;

/// <summary>
/// Decodes, augments and gathers pictures into batches. All cores work on one batch while the model waits: on a CPU that
/// computes with the same cores, a decoder beside it would slow every step far more than it helps.
/// </summary>
public sealed class BatchLoader
{
    // What a picture's mixing draws from: no step of a recipe has this number.
    private const int MixPart = -2;

    private readonly IReadOnlyList<Sample> samples;
    private readonly FrameCache frames;
    private readonly OtherFrames others;
    private readonly Batch batch;
    private readonly int side;
    private readonly bool balanced;
    private readonly ParallelOptions threads;
    private readonly ConcurrentBag<Rendering> idle = [];
    private readonly ConcurrentDictionary<string, string> failed = new(StringComparer.Ordinal);

    /// <summary>A loader over samples.</summary>
    /// <param name="samples">The pictures and their labels.</param>
    /// <param name="size">The side of the squares that the model sees, in pixels.</param>
    /// <param name="batchSize">Pictures in a batch, at least 1.</param>
    /// <param name="threads">Threads that decode and augment.</param>
    /// <param name="frames">Where decoded frames are kept, of the same size; null decodes each time.</param>
    /// <param name="balanced">Whether a shuffled epoch shows each label equally often.</param>
    public BatchLoader(IReadOnlyList<Sample> samples, int size, int batchSize, int threads, FrameCache? frames = null, bool balanced = false)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (this.samples, this.balanced) = (samples, balanced);
        this.threads = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) };
        this.frames = frames ?? FrameCache.For(size, 0);
        others = new OtherFrames(samples, this.frames);
        side = size;
        batch = new Batch(Math.Min(batchSize, Math.Max(1, samples.Count)), size);
    }

    /// <summary>The most pictures in a batch.</summary>
    public int BatchSize => batch.Labels.Length;

    private int Bytes => batch.Size * batch.Size * 3;

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
        return InOrder(looks.Count, (look, _, picture) => looks.Of(look, picture.Full.Width, picture.Full.Height, aspect));
    }

    /// <summary>All samples in their order, each by several views, which may depend on what the views before it have shown.</summary>
    /// <param name="looks">Views of each sample.</param>
    /// <param name="view">The view of a look (from 0) at the picture in a place of the batch; called for several places at once.</param>
    /// <param name="boxes">Whether the batches shall hold the box of each hand, in the sides of the whole picture.</param>
    public IEnumerable<Batch> InOrder(int looks, Func<int, int, Pyramid, View> view, bool boxes = false)
    {
        ArgumentNullException.ThrowIfNull(view);
        (batch.Size, batch.Targets) = (side, []);
        Pyramid?[] pictures = new Pyramid?[batch.Labels.Length];
        for (int start = 0; start < samples.Count; start += batch.Labels.Length)
        {
            batch.Count = Math.Min(batch.Labels.Length, samples.Count - start);
            Parallel.For(0, batch.Count, threads, i => pictures[i] = Read(i, start + i));
            for (int look = 0; look < looks; look++)
            {
                Parallel.For(0, batch.Count, threads, i =>
                {
                    if (Square(i, pictures[i]) is { } picture)
                    {
                        View shown = view(look, i, picture);
                        shown.Sample(picture.Level(shown.Shrink(picture.Full, side)), batch.Pixels.AsSpan(i * Bytes, Bytes), side);
                        batch.Boxes[i] = boxes && samples[batch.Indices[i]].HasHand ? picture.HandBox : null;
                    }
                });
                yield return batch;
            }
        }
    }

    /// <summary>All samples once, or those that <see cref="EpochOrder.Balanced"/> takes, in an order and with changes that (seed, epoch) decide; a last batch that is not full is left out.</summary>
    /// <param name="recipe">How pictures are varied.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="size">The side of the squares in this epoch, at most the loader's; null for the loader's.</param>
    /// <param name="classes">How many labels there are: needed where the recipe mixes pictures.</param>
    /// <param name="smoothing">The share of each soft target that is spread over all labels, where the recipe mixes.</param>
    /// <param name="boxes">Whether the hand is looked for in every picture, for its box, and not only where a step needs it.</param>
    public IEnumerable<Batch> Shuffled(Recipe recipe, int seed, int epoch, int? size = null, int classes = 0, float smoothing = 0, bool boxes = false)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Mix.Count > 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        }
        batch.Size = Math.Min(size ?? side, side);
        batch.Targets = recipe.Mix.Count > 0 ? new float[batch.Labels.Length * classes] : [];
        Draw[] order = balanced ? EpochOrder.Balanced(samples, seed, epoch) : EpochOrder.Of(samples.Count, seed, epoch);
        int full = batch.Labels.Length, count = order.Length / full * full;
        batch.Count = full;
        for (int start = 0; start < count; start += full)
        {
            Parallel.For(0, full, threads, i => Show(i, order[start + i]));
            if (recipe.Mix.Count > 0)
            {
                Mix(recipe.Mix, start);
            }
            yield return batch;
        }

        void Show(int place, Draw draw)
        {
            Pyramid? picture = Square(place, Read(place, draw.Sample));
            if (picture is not null)
            {
                batch.Boxes[place] = Render(draw, picture, place);
            }
        }

        HandBox? Render(Draw draw, Pyramid picture, int place)
        {
            Rendering rendering = idle.TryTake(out Rendering? used) ? used : new Rendering(others);
            bool hasHand = samples[draw.Sample].HasHand;
            recipe.Render(rendering, draw.Random(seed, epoch), picture, batch.Pixels, place * Bytes, batch.Size, boxes, hasHand);
            idle.Add(rendering);
            // What is taken for a hand where none need be may be anything of skin's colours.
            return hasHand ? rendering.Box : null;
        }

        // Each picture with the next of the epoch's order, whichever batch that is in. The last of a batch needs one that is not there yet.
        void Mix(IReadOnlyList<MixStep> steps, int start)
        {
            Draw beyond = order[(start + full) % order.Length];
            for (int i = 0; i < full; i++)
            {
                SoftTargets.Fill(batch.Targets.AsSpan(i * classes, classes), batch.Labels[i], batch.Labels[i], 1, smoothing);
            }
            for (int i = 0; i < full; i++)
            {
                SampleRandom random = order[start + i].Random(seed, epoch).Fork(MixPart);
                MixStep? step = null;
                for (int k = 0; k < steps.Count && step is null; k++)
                {
                    step = random.NextUnit() < steps[k].P ? steps[k] : null;
                }
                if (step is null || batch.Labels[i] == Batch.Ignored || Partner(i, beyond) is not { } partner)
                {
                    continue;
                }
                float share = step.Apply(ref random, batch.Pixels.AsSpan(i * Bytes, Bytes), batch.Pixels.AsSpan((i + 1) * Bytes, Bytes), batch.Size);
                SoftTargets.Fill(batch.Targets.AsSpan(i * classes, classes), batch.Labels[i], partner, share, smoothing);
                batch.Boxes[i] = null;
            }
        }

        long? Partner(int i, Draw beyond)
        {
            if (i + 1 < full)
            {
                return batch.Labels[i + 1] == Batch.Ignored ? null : batch.Labels[i + 1];
            }
            if (Picture(beyond.Sample) is not { } picture)
            {
                return null;
            }
            Render(beyond, picture, full);
            return samples[beyond.Sample].Label;
        }
    }

    private Pyramid? Read(int place, int index)
    {
        batch.Indices[place] = index;
        Pyramid? picture = Picture(index);
        batch.Labels[place] = picture is null ? Batch.Ignored : samples[index].Label;
        return picture;
    }

    private Pyramid? Picture(int index)
    {
        string path = samples[index].Path;
        try
        {
            return frames.Read(path);
        }
        catch (InputException e)
        {
            failed.TryAdd(path, e.Message);
            return null;
        }
    }

    // Where there is no picture the square is black.
    private Pyramid? Square(int place, Pyramid? picture)
    {
        batch.Boxes[place] = null;
        if (picture is null)
        {
            batch.Pixels.AsSpan(place * Bytes, Bytes).Clear();
        }
        return picture;
    }
}
