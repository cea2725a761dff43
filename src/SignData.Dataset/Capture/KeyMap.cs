using SignData.Core;

namespace SignData.Dataset;

/// <summary>Which key records which label. Keys have X's names (<c>a</c>, <c>space</c>, <c>Delete</c>, <c>F1</c>) or are the character that they write.</summary>
public sealed class KeyMap
{
    /// <summary>Takes the last burst back.</summary>
    public const string Undo = "BackSpace";

    /// <summary>Goes on to the next light.</summary>
    public const string Light = "Tab";

    /// <summary>Shows the keys.</summary>
    public const string Help = "question";

    /// <summary>Ends the session.</summary>
    public const string End = "Escape";

    /// <summary>Lets a clip stand still, or go on.</summary>
    public const string Stop = "Return";

    /// <summary>Goes one frame on in a clip that stands still.</summary>
    public const string Step = "Right";

    private const int MostKeys = 200, MostBytes = 64 << 10, LongestKey = 31;

    private readonly Dictionary<string, string> labels = new(StringComparer.OrdinalIgnoreCase);

    private KeyMap(IEnumerable<(string Key, string Label)> keys)
    {
        foreach (var (key, label) in keys)
        {
            labels.Add(key, FrameStore.FolderOf(label));
        }
    }

    /// <summary>A to Z, space, Delete for <c>del</c> and 0 for <c>nothing</c>.</summary>
    public static KeyMap Letters { get; } =
        new([.. Enumerable.Range('a', 26).Select(c => ($"{(char)c}", $"{char.ToUpperInvariant((char)c)}")), ("space", "space"), ("Delete", "del"), ("0", "nothing")]);

    /// <summary>Every key with its label, in the order given.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Keys => labels;

    /// <summary>Every label once, in the order given.</summary>
    public IReadOnlyList<string> Labels => [.. labels.Values.Distinct()];

    /// <summary>Reads a file of lines <c>KEY LABEL</c>; what follows a # at the beginning of a line is a remark.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, or a line is wrong.</exception>
    public static KeyMap Read(string path)
    {
        var keys = new List<(string Key, string Label)>();
        foreach (var (number, line) in TextLines.Of(path, MostBytes))
        {
            var words = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var key = words[0];
            InputException Wrong(string what) => new($"{path} line {number}: {what}.");
            if (words.Length < 2)
            {
                throw Wrong($"'{Files.Printable(line)}' has no label: write a key and a label, such as 'a A'");
            }
            if (key.Length > LongestKey)
            {
                throw Wrong($"'{Files.Printable(key)}' is no key: write a character or a name such as space, Delete, F1");
            }
            if (IsCommand(key))
            {
                throw Wrong($"{key} has a meaning of its own: choose another key for '{Files.Printable(words[1])}'");
            }
            if (keys.FirstOrDefault(known => string.Equals(known.Key, key, StringComparison.OrdinalIgnoreCase)).Label is { } other)
            {
                throw Wrong($"the key {key} is '{Files.Printable(other)}' already: choose another for '{Files.Printable(words[1])}'");
            }
            keys.Add((key, words[1]));
            if (keys.Count > MostKeys)
            {
                throw Wrong($"there are more than {MostKeys} keys: leave some out");
            }
        }
        return keys.Count > 0 ? new KeyMap(keys) : throw new InputException($"{path} names no key: write a line for each, such as 'a A'.");
    }

    /// <summary>The label of a key; null if it has none.</summary>
    /// <param name="key">Its name, or the character that it writes.</param>
    public string? LabelOf(string key) => labels.GetValueOrDefault(key);

    /// <summary>The first key of a label.</summary>
    /// <param name="label">One of <see cref="Labels"/>.</param>
    public string KeyOf(string label) => labels.First(pair => pair.Value == label).Key;

    /// <summary>Whether a key does something other than to record.</summary>
    /// <param name="key">Its name.</param>
    public static bool IsCommand(string key) =>
        key is "?" || new[] { Undo, Light, Help, End, Stop, Step }.Contains(key, StringComparer.OrdinalIgnoreCase);
}
