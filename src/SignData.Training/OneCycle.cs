namespace SignData.Training;

/// <summary>
/// The one-cycle schedule (Smith and Topin 2017) as PyTorch's OneCycleLR has it: cosine up from a 25th of the peak over the
/// first 30 % of the steps, cosine down to almost nothing over the rest.
/// </summary>
/// <param name="peak">The greatest learning rate.</param>
/// <param name="steps">Steps in all, at least 1.</param>
public readonly struct OneCycle(double peak, int steps)
{
    private const double RisingPart = 0.3, StartDivisor = 25, EndDivisor = 1e4;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">0 to steps - 1.</param>
    public double At(int step)
    {
        double start = peak / StartDivisor, end = start / EndDivisor, top = (RisingPart * steps) - 1, last = steps - 1;
        return step < top ? Cosine(start, peak, step / top)
            : Cosine(peak, end, (step - Math.Max(top, 0)) / Math.Max(1, last - Math.Max(top, 0)));
    }

    private static double Cosine(double from, double to, double part) =>
        to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * Math.Clamp(part, 0, 1))));
}
