namespace SignData.Dataset.Batches;

/// <summary>
/// Random numbers that derive from (seed, epoch, sample) alone, so that a draw is the same whatever the thread count,
/// batch or order. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="sample">The sample's place.</param>
public struct SampleRandom(int seed, int epoch, int sample)
{
    private ulong state = Mix(Mix(Mix((uint)seed) + (uint)epoch) + (uint)sample);

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public float NextUnit() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    /// <param name="low">The least value.</param>
    /// <param name="high">The bound above.</param>
    public float Next(float low, float high) => low + ((high - low) * NextUnit());

    /// <summary>Uniform among 0 .. bound - 1.</summary>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public float NextNormal() => MathF.Sqrt(-2 * MathF.Log(1 - NextUnit())) * MathF.Cos(2 * MathF.PI * NextUnit());

    /// <summary>Numbers of their own for a part of the sample's work: what one part draws moves no other.</summary>
    /// <param name="part">The part's number.</param>
    public readonly SampleRandom Fork(int part) => new() { state = Mix(state ^ Mix((ulong)(uint)part + 0x632BE59BD9B4E019)) };

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
