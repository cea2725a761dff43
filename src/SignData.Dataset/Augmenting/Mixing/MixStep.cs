using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Mixing;

/// <summary>What is done to a picture with another one; its label then is a part of each.</summary>
public abstract record MixStep
{
    /// <summary>The chance that a picture is mixed.</summary>
    [Within(0, 1)]
    public float P { get; init; } = 0.5f;

    /// <summary>The parameter of the symmetric Beta distribution of shares: 1 is even, below 1 mostly the one or the other.</summary>
    [Within(0.01, 10)]
    public float Alpha { get; init; } = 1;

    /// <summary>As recipes name it: cut-mix.</summary>
    public string Name => AugmentStep.Kebab(GetType().Name);

    /// <summary>Mixes.</summary>
    /// <param name="random">Where its draws come from.</param>
    /// <param name="picture">The picture, size x size x 3, changed in place.</param>
    /// <param name="other">The other one.</param>
    /// <param name="size">Their side in pixels.</param>
    /// <returns>How much of the picture is its own: the part of its pixels.</returns>
    public abstract float Apply(ref SampleRandom random, Span<byte> picture, ReadOnlySpan<byte> other, int size);

    /// <summary>A share from Beta(Alpha, Alpha).</summary>
    /// <param name="random">Where the draw comes from.</param>
    protected float DrawShare(ref SampleRandom random)
    {
        float a = Gamma(ref random, Alpha), b = Gamma(ref random, Alpha);
        return a + b > 0 ? a / (a + b) : random.NextUnit() < 0.5f ? 0 : 1;
    }

    // Marsaglia and Tsang 2000; below 1 boosted by a power of an even draw.
    private static float Gamma(ref SampleRandom random, float shape)
    {
        float boost = shape < 1 ? MathF.Pow(1 - random.NextUnit(), 1 / shape) : 1, d = (shape < 1 ? shape + 1 : shape) - (1 / 3f), c = 1 / MathF.Sqrt(9 * d);
        while (true)
        {
            float x = random.NextNormal(), v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && MathF.Log(1 - random.NextUnit()) < (0.5f * x * x) + d - (d * v) + (d * MathF.Log(v)))
            {
                return boost * d * v;
            }
        }
    }
}
