using SignData.Core;

namespace SignData.Training;

/// <summary>The bounds of an option's value.</summary>
internal static class Bounds
{
    /// <summary>Refuses a value that is out of its bounds, and what is no number.</summary>
    /// <exception cref="InputException">In words for the user.</exception>
    public static void Check<T>(T value, T low, T high, string option)
        where T : IComparable<T>, IFormattable
    {
        if (!(value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0))
        {
            throw new InputException($"--{option} is {value:G}; give a value from {low} to {high}.");
        }
    }
}
