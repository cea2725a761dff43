namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Curves of light as tables, so that no pixel computes a power.</summary>
internal static class Shapes
{
    private const int Entries = 256, Kept = 64;

    private static readonly float[][] Powers = [.. Enumerable.Range(0, Kept).Select(k => Enumerable.Range(0, Entries + 1).Select(i => MathF.Pow((float)i / Entries, 1 + (k / 16f))).ToArray())];

    /// <summary>t to a power, to a sixteenth of it.</summary>
    /// <param name="exponent">1 to 5.</param>
    public static float[] Power(float exponent) => Powers[Math.Clamp((int)MathF.Round((exponent - 1) * 16), 0, Kept - 1)];

    /// <summary>The curve at a place, 0..1.</summary>
    public static float Look(float[] curve, float t) => curve[(int)(Math.Clamp(t, 0, 1) * Entries)];
}
