using System.Globalization;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting;

/// <summary>From where a parameter is drawn, evenly; both ends alike fix it.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The most.</param>
public readonly record struct Interval(float Low, float High)
{
    /// <summary>A value that is always the same.</summary>
    /// <param name="value">That value.</param>
    public static implicit operator Interval(float value) => new(value, value);

    /// <summary>Draws evenly.</summary>
    /// <param name="random">Where the draw comes from.</param>
    public float Draw(ref SampleRandom random) => random.Next(Low, High);

    /// <summary>Draws so that doubling is as likely as halving; both ends above 0.</summary>
    /// <param name="random">Where the draw comes from.</param>
    public float DrawRatio(ref SampleRandom random) => Low * MathF.Pow(High / Low, random.NextUnit());

    /// <summary>Draws a whole number, both ends among them.</summary>
    /// <param name="random">Where the draw comes from.</param>
    public int DrawWhole(ref SampleRandom random) => (int)MathF.Round(Low) + random.Next(Math.Max(1, (int)MathF.Round(High) - (int)MathF.Round(Low) + 1));

    /// <summary>On the way from one interval to another.</summary>
    /// <param name="from">At 0.</param>
    /// <param name="to">At 1.</param>
    /// <param name="part">How far, 0..1.</param>
    public static Interval Blend(Interval from, Interval to, float part) => new(from.Low + (part * (to.Low - from.Low)), from.High + (part * (to.High - from.High)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:0.###}..{High:0.###}");
}
