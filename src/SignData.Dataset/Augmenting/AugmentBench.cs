using System.Diagnostics;
using SignData.Core;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting;

/// <summary>How fast recipes and steps are: images a second on one core, from pictures in memory to bytes for a model.</summary>
public static class AugmentBench
{
    private const int Rounds = 3, Batch = 16;

    /// <summary>Pictures to measure with where there are no others: a hand's shape before a wall.</summary>
    /// <param name="size">Their side in pixels.</param>
    public static IReadOnlyList<Pyramid> Pictures(int size) => [.. Enumerable.Range(0, 8).Select(i => new Pyramid(Picture(size, i)))];

    /// <summary>Images a second: the best of three rounds.</summary>
    /// <param name="recipe">How they are varied; what it does to batches is left out.</param>
    /// <param name="pictures">What is varied.</param>
    /// <param name="size">The side of the result, in pixels.</param>
    /// <param name="seconds">How long a round is at least.</param>
    /// <param name="cancelled">Ends the measuring.</param>
    public static double Rate(Recipe recipe, IReadOnlyList<Pyramid> pictures, int size, double seconds, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(pictures);
        Rendering rendering = new();
        byte[] square = new byte[size * size * 3];
        int number = 0;
        void Some()
        {
            for (int i = 0; i < Batch; i++, number++)
            {
                recipe.Render(rendering, new SampleRandom(1, 0, number), pictures[number % pictures.Count], square, 0, size);
            }
        }
        Some();
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            cancelled.ThrowIfCancellationRequested();
            // The processor's time, not the clock's: others may be at work on the same core.
            TimeSpan started = Environment.CpuUsage.TotalTime;
            int before = number;
            double passed;
            do
            {
                Some();
                passed = (Environment.CpuUsage.TotalTime - started).TotalSeconds;
            }
            while (passed < seconds);
            best = Math.Max(best, (number - before) / passed);
        }
        return best;
    }

    /// <summary>Images a second from files to batches on all cores, nothing kept in memory: by the clock, over one epoch.</summary>
    /// <param name="recipe">How they are varied.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="size">The side of the result, in pixels.</param>
    /// <param name="classes">How many labels there are.</param>
    /// <param name="cancelled">Ends the measuring.</param>
    public static double LoaderRate(Recipe recipe, IReadOnlyList<Sample> samples, int size, int classes, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        BatchLoader loader = new(samples, size, 64, Environment.ProcessorCount);
        Stopwatch clock = Stopwatch.StartNew();
        int count = 0;
        foreach (Batch batch in loader.Shuffled(recipe, 1, 0, null, classes))
        {
            cancelled.ThrowIfCancellationRequested();
            count += batch.Count;
        }
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Each step by itself, with the parameters that it has when a recipe gives none.</summary>
    public static IEnumerable<Recipe> Steps() => RecipeSchema.Steps.Where(s => s.Value != typeof(OneOf)).Select(s =>
    {
        AugmentStep step = (AugmentStep)Activator.CreateInstance(s.Value)!;
        return new Recipe { Name = s.Key, Steps = step is Crop ? [new Resize(), step] : [step] };
    });

    private static Image Picture(int size, int seed)
    {
        SampleRandom random = new(seed, 0, 0);
        Image image = new(size, size);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float u = ((x + 0.5f) / size) - 0.5f, v = ((y + 0.5f) / size) - 0.5f;
                bool hand = (u * u / 0.04f) + (v * v / 0.09f) < 1;
                float light = 1 - (0.4f * ((u * u) + (v * v))) + random.Next(-0.04f, 0.04f);
                (float red, float green, float blue) = hand ? (205, 150, 120) : (90f + (60 * u), 110, 130 + (40 * v));
                Span<byte> pixel = image.Row(y).Slice(3 * x, 3);
                (pixel[0], pixel[1], pixel[2]) = ((byte)(red * light), (byte)(green * light), (byte)(blue * light));
            }
        }
        return image;
    }
}
