using System.Globalization;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>A key pressed and released.</summary>
/// <param name="Time">When it goes down, on the camera's clock.</param>
/// <param name="Key">Its name.</param>
/// <param name="Duration">How long it stays down.</param>
public readonly record struct KeyStroke(TimeSpan Time, string Key, TimeSpan Duration)
{
    /// <summary>As a line of a script: <c>1.500 a 2.000</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds:0.000} {Key} {Duration.TotalSeconds:0.000}");
}

/// <summary>A session's keys in a text file: a line <c>TIME KEY DURATION</c> each, in seconds; commands need no duration.</summary>
public static class KeyScript
{
    private const int MostBytes = 4 << 20;
    private const double LongestTime = 86_400;

    /// <summary>Reads a script.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">What its keys may be, besides the commands.</param>
    /// <returns>In the order of time.</returns>
    /// <exception cref="InputException">It is missing, or a line is wrong.</exception>
    public static IReadOnlyList<KeyStroke> Read(string path, KeyMap keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var strokes = new List<KeyStroke>();
        foreach (var (number, line) in TextLines.Of(path, MostBytes))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            InputException Wrong(string what) => new($"{path} line {number}: {what}.");
            if (words.Length is < 2 or > 3)
            {
                throw Wrong($"'{Files.Printable(line)}' is not a time, a key and a duration, such as '1.5 a 2'");
            }
            if (!KeyMap.IsCommand(words[1]) && keys.LabelOf(words[1]) is null)
            {
                throw Wrong($"the key '{Files.Printable(words[1])}' has no label: name one of {string.Join(' ', keys.Keys.Select(pair => pair.Key))}, BackSpace, Tab, Escape");
            }
            strokes.Add(new KeyStroke(Seconds(words[0]), words[1], words.Length > 2 ? Seconds(words[2]) : TimeSpan.Zero));

            TimeSpan Seconds(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= LongestTime
                ? TimeSpan.FromSeconds(value) : throw Wrong($"'{Files.Printable(text)}' is no time in seconds from 0 to {LongestTime}");
        }
        return [.. strokes.OrderBy(stroke => stroke.Time)];
    }
}
