using System.Runtime.CompilerServices;

namespace SignData.Vision.Synthesis;

/// <summary>Repeatable random numbers (SplitMix64, Steele et al. 2014) whose stream is named by words and numbers.</summary>
internal sealed class Dice
{
    private ulong state;

    private Dice(ulong state) => this.state = state;

    /// <summary>The stream of that name; the same name gives the same numbers on every machine.</summary>
    public static Dice Of(ulong seed, string name)
    {
        // FNV-1a.
        ulong hash = 14695981039346656037 ^ seed;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 1099511628211;
        }
        return new Dice(Mix(hash));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Between(float low, float high) => low + ((high - low) * Unit());

    /// <summary>Uniform in [0, count).</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>Nearly normal with mean 0 and deviation 1, within 3.5 of 0 (a sum of four uniform numbers).</summary>
    public float Normal() => (Unit() + Unit() + Unit() + Unit() - 2) * 1.7320508f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
