using SignData.Core;

namespace SignData.Training;

/// <summary>The learning rate of each step, by name.</summary>
public sealed class Schedule
{
    private const double StepFactor = 0.1, StepParts = 3;

    private readonly Func<int, double> rate;

    private Schedule(Func<int, double> rate) => this.rate = rate;

    /// <summary>
    /// one-cycle: up over the first 30 % of the steps and down to almost nothing. cosine: down along half a cosine. step: a tenth of itself after each
    /// third of the steps (PyTorch's StepLR).
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["one-cycle", "cosine", "step"];

    /// <summary>A schedule by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="peak">The greatest learning rate.</param>
    /// <param name="steps">Steps in all, at least 1.</param>
    /// <param name="warmUp">First steps over which cosine and step rise to the peak on a line; one-cycle rises by itself.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static Schedule Named(string name, double peak, int steps, int warmUp = 0)
    {
        int rest = Math.Max(1, steps - warmUp);
        return name switch
        {
            "one-cycle" => new(new OneCycle(peak, steps).At),
            "cosine" => Warmed(step => peak * (1 + Math.Cos(Math.PI * step / rest)) / 2),
            "step" => Warmed(step => peak * Math.Pow(StepFactor, Math.Floor(step / Math.Ceiling(rest / StepParts)))),
            _ => throw new InputException($"No schedule is named '{name}'; choose among {string.Join(", ", Names)}."),
        };
        Schedule Warmed(Func<int, double> after) => new(step => step < warmUp ? peak * (step + 1) / warmUp : after(step - warmUp));
    }

    /// <summary>fastai's fine_tune (Howard and Gugger 2020): a cycle for the head alone, then one for all at half the rate.</summary>
    /// <param name="head">Steps of the head alone.</param>
    /// <param name="peak">The greatest rate of the head's cycle.</param>
    /// <param name="all">The schedule of the steps after, made for a peak.</param>
    public static Schedule FineTune(int head, double peak, Func<double, Schedule> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        if (head == 0)
        {
            return all(peak);
        }
        OneCycle first = new(peak, head);
        Schedule second = all(peak / 2);
        return new(step => step < head ? first.At(step) : second.At(step - head));
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">From 0.</param>
    public double At(int step) => rate(step);
}
