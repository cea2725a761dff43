namespace SignData.Dataset.Augmenting;

/// <summary>The least and the most that a recipe may give for a parameter.</summary>
/// <param name="low">The least.</param>
/// <param name="high">The most.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(double low, double high) : Attribute
{
    /// <summary>The least.</summary>
    public double Low { get; } = low;

    /// <summary>The most.</summary>
    public double High { get; } = high;
}
