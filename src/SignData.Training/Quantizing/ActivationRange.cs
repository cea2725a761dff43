namespace SignData.Training.Quantizing;

/// <summary>Between which numbers the activations at one place of a network lie: what their 256 steps are spread over.</summary>
/// <param name="Low">The least, 0 or below.</param>
/// <param name="High">The greatest, 0 or above.</param>
public readonly record struct ActivationRange(float Low, float High)
{
    private const int Levels = 255;

    internal bool IsSound => Low <= 0 && High >= 0 && float.IsFinite(High - Low);

    internal double Scale => Math.Max(1e-8, (High - (double)Low) / Levels);

    /// <summary>The step that means 0, so that zeros around a picture are exact.</summary>
    internal long Zero => (long)Math.Round(-Low / Scale);
}
