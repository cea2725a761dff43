using System.Text;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting;

/// <summary>
/// One step of a recipe: a record of its parameters, each an <see cref="Interval"/> to draw from. In a recipe it is named as its type, in kebab-case.
/// A step says what it wants of a <see cref="Rendering"/>, which merges what can be merged.
/// </summary>
public abstract record AugmentStep
{
    /// <summary>The chance that the step is taken.</summary>
    [Within(0, 1)]
    public float P { get; init; } = 1;

    /// <summary>As recipes name it: finger-dropout.</summary>
    public string Name => Kebab(GetType().Name);

    /// <summary>Whether it needs to know where the hand is.</summary>
    public virtual bool NeedsHand => false;

    /// <summary>Draws the step's parameters and applies it.</summary>
    /// <param name="random">Where its draws come from; no other step draws from it.</param>
    /// <param name="picture">The picture on its way.</param>
    public abstract void Apply(ref SampleRandom random, Rendering picture);

    /// <summary>Applies the step, or by its chance does not.</summary>
    /// <param name="random">Where its draws come from.</param>
    /// <param name="picture">The picture on its way.</param>
    internal void Take(ref SampleRandom random, Rendering picture)
    {
        if (P >= 1 || random.NextUnit() < P)
        {
            Apply(ref random, picture);
        }
    }

    /// <summary>FingerDropout becomes finger-dropout.</summary>
    internal static string Kebab(string name)
    {
        StringBuilder kebab = new();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && kebab.Length > 0)
            {
                kebab.Append('-');
            }
            kebab.Append(char.ToLowerInvariant(c));
        }
        return kebab.ToString();
    }
}
