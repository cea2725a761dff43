using System.Globalization;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>What is done with a frame that fails a check.</summary>
public enum CheckAction
{
    /// <summary>Nothing: it is not looked for.</summary>
    Off,

    /// <summary>It is kept, with the reason in <see cref="FrameRow.Flags"/>.</summary>
    Flag,

    /// <summary>It is set aside, with the reason in <see cref="FrameRow.Culled"/>.</summary>
    Cull,
}

/// <summary>Something that may be wrong with a frame.</summary>
/// <param name="Name">What the user types; with spaces it begins the reason.</param>
/// <param name="Score">What is compared with the threshold, in words; empty where there is nothing to compare.</param>
/// <param name="Below">Whether a score below the threshold fails, not one above.</param>
/// <param name="Threshold">In the score's unit; 0 where there is nothing to compare.</param>
/// <param name="Action">What is done.</param>
public sealed record Check(string Name, string Score, bool Below, double Threshold, CheckAction Action)
{
    /// <summary>
    /// The checks in their order. Those cull by default that nobody would want back: what cannot be read, what is there twice or contradicts itself,
    /// what is black or white all over. The others flag: blur, noise and odd sizes are a matter of the camera, and near duplicates of a group's taste.
    /// </summary>
    public static IReadOnlyList<Check> Defaults { get; } =
    [
        new("unreadable", "", false, 0, CheckAction.Cull),
        new("label-conflict", "", false, 0, CheckAction.Cull),
        new("exact-duplicate", "", false, 0, CheckAction.Cull),
        new("dark", "highlights", true, 0.12, CheckAction.Cull),
        new("bright", "shadows", false, 0.97, CheckAction.Cull),
        new("blurry", "sharpness", true, 0.2, CheckAction.Flag),
        new("low-contrast", "contrast", true, 0.05, CheckAction.Flag),
        new("low-information", "entropy", true, 0.5, CheckAction.Flag),
        new("odd-size", "factor to the median side", false, 4, CheckAction.Flag),
        new("odd-aspect", "longer by shorter side", false, 2.5, CheckAction.Flag),
        new("greyscale", "colour", true, 0.01, CheckAction.Flag),
        new("near-duplicate", "similarity", false, 0.95, CheckAction.Flag),
    ];

    /// <summary>How the reason begins.</summary>
    public string Words => Name.Replace('-', ' ');

    /// <summary>The check with its threshold, as help shows it.</summary>
    public string Shown => Score.Length == 0 ? Name : $"{Name} ({Score} {(Below ? "below" : "above")} {Number(Threshold)})";

    /// <summary>The defaults, changed.</summary>
    /// <param name="cull">Checks that are to cull: a name, or <c>name=threshold</c>.</param>
    /// <param name="flag">Checks that are to flag, likewise.</param>
    /// <param name="off">Names of checks that are not to be made.</param>
    /// <exception cref="InputException">A name is unknown or named twice, or a threshold is no number in range.</exception>
    public static IReadOnlyList<Check> From(IEnumerable<string> cull, IEnumerable<string> flag, IEnumerable<string> off)
    {
        var changed = new Dictionary<string, Check>();
        Change("--check", cull, CheckAction.Cull);
        Change("--flag", flag, CheckAction.Flag);
        Change("--no-check", off, CheckAction.Off);
        return [.. Defaults.Select(check => changed.GetValueOrDefault(check.Name, check))];

        void Change(string option, IEnumerable<string> given, CheckAction action)
        {
            foreach (var text in given)
            {
                var parts = text.Split('=', 2);
                var check = Defaults.FirstOrDefault(known => known.Name == parts[0])
                    ?? throw new InputException($"{option} '{Files.Printable(text)}' is no check: there are {string.Join(", ", Defaults.Select(known => known.Name))}.");
                if (check.Name == "unreadable")
                {
                    throw new InputException($"{option} unreadable: what cannot be read is always culled.");
                }
                var threshold = check.Threshold;
                if (parts.Length == 2 && (check.Score.Length == 0 || action == CheckAction.Off
                    || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out threshold) || !(threshold is >= 0 and <= 1e6)))
                {
                    throw new InputException(check.Score.Length == 0 || action == CheckAction.Off
                        ? $"{option} '{Files.Printable(text)}': there is no threshold to give, write {option} {check.Name}."
                        : $"{option} '{Files.Printable(text)}': '{Files.Printable(parts[1])}' is no threshold, give a number from 0 up such as {check.Name}={Number(check.Threshold)}.");
                }
                if (!changed.TryAdd(check.Name, check with { Action = action, Threshold = threshold }))
                {
                    throw new InputException($"{option} '{Files.Printable(text)}': {check.Name} is set twice, name it once.");
                }
            }
        }
    }

    /// <summary>Whether a score fails.</summary>
    internal bool Fails(double score) => Below ? score < Threshold : score > Threshold;

    /// <summary>Why a frame failed: the score and the threshold together.</summary>
    internal string Reason(double score) => $"{Words}: {Score} {Number(score)}, {(Below ? "below" : "above")} {Number(Threshold)}";

    /// <summary>Does with a failed frame what is to be done.</summary>
    internal void Apply(Item item, string reason)
    {
        if (Action == CheckAction.Cull)
        {
            item.Culled ??= reason;
        }
        else if (Action == CheckAction.Flag)
        {
            item.Flag(reason);
        }
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
