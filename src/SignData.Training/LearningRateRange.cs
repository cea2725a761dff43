using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;

namespace SignData.Training;

/// <summary>A learning rate of a range test, and the loss there.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The loss, averaged over the steps before.</param>
public readonly record struct RatePoint(double Rate, double Loss);

/// <summary>
/// The learning rate range test (Smith 2015, Cyclical Learning Rates for Training Neural Networks): one step at each of growing rates, until the loss
/// leaves its course.
/// </summary>
/// <param name="Points">The rates in their order.</param>
/// <param name="Suggestion">Half way down the longest fall of the loss on a logarithmic axis (fastai's valley): a peak for a schedule.</param>
public sealed record LearningRateRange(IReadOnlyList<RatePoint> Points, double Suggestion)
{
    private const double First = 1e-7, Last = 10, Smoothing = 0.98, Lost = 4;

    // What the first steps say is noise, what the last say is the end.
    private const int Steps = 100, Skipped = 5, Fewest = 10;

    /// <summary>Tests a range of rates on a manifest; whatever the options say of rates, schedules and epochs.</summary>
    /// <param name="manifestPath">The manifest, or its folder.</param>
    /// <param name="options">What is trained, and how.</param>
    /// <param name="progress">Where progress is shown, or null.</param>
    /// <param name="say">Where a line about a decision goes, or null.</param>
    /// <param name="cancelled">Ends the test between two steps.</param>
    /// <exception cref="InputException">The manifest, an option or the device cannot be used, or the loss never fell.</exception>
    public static LearningRateRange Test(string manifestPath, TrainOptions options, IProgress<Progress>? progress = null, Action<string>? say = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TrainingData data = TrainingData.Open(manifestPath);
        try
        {
            using TrainingSession session = new(manifestPath, data, options with { Average = 0 }, null, null, profile: false, say, cancelled);
            return Of(Losses(session, progress, cancelled));
        }
        catch (TorchException e) when (OutOfMemory.Says(e))
        {
            throw OutOfMemory.Told(options, e);
        }
    }

    /// <summary>What losses at growing rates suggest.</summary>
    /// <param name="points">The rates in their order.</param>
    /// <exception cref="InputException">There are too few, or the loss never fell.</exception>
    public static LearningRateRange Of(IReadOnlyList<RatePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        RatePoint[] seen = [.. points.Skip(points.Count > 2 * Fewest ? Skipped : 0)];
        // The longest row of falling losses, others in between; length[i] is how many points the longest that ends at i has.
        int[] length = [.. Enumerable.Repeat(1, seen.Length)];
        int end = 0;
        for (int i = 1; i < seen.Length; i++)
        {
            for (int before = 0; before < i; before++)
            {
                length[i] = seen[i].Loss < seen[before].Loss ? Math.Max(length[i], length[before] + 1) : length[i];
            }
            end = length[i] > length[end] ? i : end;
        }
        if (seen.Length < Fewest || length[end] < Fewest / 2)
        {
            throw new InputException($"The loss did not fall at any learning rate, in {points.Count} steps: try a larger --batch, or more frames.");
        }
        int start = Math.Max(0, end - length[end]);
        return new(points, seen[start + ((end - start) / 2)].Rate);
    }

    /// <summary>The losses step by step; the learner and all random numbers are then as before.</summary>
    /// <param name="session">What learns.</param>
    /// <param name="progress">Where progress is shown, or null.</param>
    /// <param name="cancelled">Ends the test between two steps.</param>
    internal static IReadOnlyList<RatePoint> Losses(TrainingSession session, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        using StateDict before = Copy(session.Learner);
        using Tensor random = torch.get_rng_state().DetachFromDisposeScope();
        List<RatePoint> points = [];
        double average = 0, sum = 0, best = double.MaxValue;
        int batches = 0;
        foreach (Batch batch in Enumerable.Range(0, int.MaxValue).SelectMany(session.Epoch))
        {
            cancelled.ThrowIfCancellationRequested();
            sum += session.Learner.Learn(batch) / session.Options.Accumulate;
            if (++batches % session.Options.Accumulate != 0)
            {
                continue;
            }
            double rate = First * Math.Pow(Last / First, (double)points.Count / (Steps - 1));
            average = (Smoothing * average) + ((1 - Smoothing) * sum);
            double loss = average / (1 - Math.Pow(Smoothing, points.Count + 1));
            sum = 0;
            best = Math.Min(best, loss);
            if (!double.IsFinite(loss) || loss > Lost * best)
            {
                break;
            }
            points.Add(new(rate, loss));
            progress?.Report(new Progress("Trying learning rates", points.Count, Steps, FormattableString.Invariant($"rate {rate:0.0e0}  loss {loss:0.000}")));
            if (points.Count == Steps)
            {
                break;
            }
            session.Learner.Step(rate);
        }
        session.Learner.Load(before);
        torch.set_rng_state(random);
        return points;
    }

    // What the learner saves shares its memory.
    private static StateDict Copy(Learner learner)
    {
        using StateDict shared = new();
        learner.Save(shared);
        StateDict copy = new();
        foreach ((string name, Tensor tensor) in shared)
        {
            copy.Add(name, tensor.clone());
        }
        return copy;
    }
}
