using SignData.Dataset.Batches;

namespace SignData.Training;

/// <summary>95 % confidence intervals of an accuracy.</summary>
public static class ConfidenceInterval
{
    private const double Z = 1.959964; // the normal distribution's 97.5 % point
    private const int Resamples = 2000, FewestSources = 5;

    /// <summary>
    /// The interval over frames that come in sources. Frames of one clip are look-alikes: they rise and fall together, and to
    /// count each as an independent trial would flatter the figure. So it spans both Wilson's interval over frames and, from
    /// five sources on, the percentile bootstrap over whole sources (Efron 1979).
    /// </summary>
    /// <param name="sources">Right answers and frames of each source.</param>
    /// <returns>Low and high, 0..1.</returns>
    public static double[] Of(IReadOnlyList<(int Right, int Frames)> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        double[] wilson = Wilson(sources.Sum(s => s.Right), sources.Sum(s => s.Frames));
        if (sources.Count < FewestSources)
        {
            return wilson;
        }
        SampleRandom random = new(0, 0, 0);
        double[] accuracies = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            long right = 0, frames = 0;
            for (int k = 0; k < sources.Count; k++)
            {
                (int r, int f) = sources[random.Next(sources.Count)];
                (right, frames) = (right + r, frames + f);
            }
            accuracies[i] = (double)right / frames;
        }
        Array.Sort(accuracies);
        return [Math.Min(wilson[0], accuracies[(int)(Resamples * 0.025)]), Math.Max(wilson[1], accuracies[(int)(Resamples * 0.975)])];
    }

    /// <summary>Wilson's score interval (1927).</summary>
    /// <param name="right">Successes.</param>
    /// <param name="count">Trials, at least 1.</param>
    /// <returns>Low and high, 0..1.</returns>
    public static double[] Wilson(int right, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double p = (double)right / count, z2 = Z * Z / count;
        double centre = (p + (z2 / 2)) / (1 + z2), half = Z / (1 + z2) * Math.Sqrt((p * (1 - p) / count) + (z2 / count / 4));
        return [Math.Max(0, centre - half), Math.Min(1, centre + half)];
    }
}
