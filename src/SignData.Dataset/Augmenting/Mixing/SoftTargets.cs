using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Mixing;

/// <summary>Targets that say how much of a picture belongs to which label.</summary>
public static class SoftTargets
{
    /// <summary>Fills one row.</summary>
    /// <param name="row">A share for each label.</param>
    /// <param name="own">The picture's label; <see cref="Batch.Ignored"/> leaves the row empty.</param>
    /// <param name="other">The label of the picture that it was mixed with.</param>
    /// <param name="share">How much is its own.</param>
    /// <param name="smoothing">What is spread over all labels first (Szegedy et al. 2016).</param>
    public static void Fill(Span<float> row, long own, long other, float share, float smoothing)
    {
        if (own == Batch.Ignored)
        {
            row.Clear();
            return;
        }
        row.Fill(smoothing / row.Length);
        row[(int)own] += (1 - smoothing) * share;
        row[(int)other] += (1 - smoothing) * (1 - share);
    }
}
