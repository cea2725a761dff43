using SignData.Core;
using SignData.Dataset;

namespace SignData.Capture;

/// <summary>Writes down the keys of a session as a script.</summary>
internal sealed class KeyLog
{
    private readonly string path;
    private readonly Dictionary<string, TimeSpan> down = [];
    private readonly List<KeyStroke> strokes = [];

    /// <summary>A log that goes to a file in the end.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public KeyLog(string path)
    {
        this.path = path;
        Save();
    }

    public void Key(TimeSpan time, string key, bool pressed)
    {
        if (pressed)
        {
            down[key] = time;
        }
        else if (down.Remove(key, out var since))
        {
            strokes.Add(new KeyStroke(since, key, time - since));
        }
    }

    public void ReleaseAll(TimeSpan time)
    {
        foreach (var key in down.Keys.ToList())
        {
            Key(time, key, false);
        }
    }

    /// <summary>Writes the script; what is still down counts as released.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(TimeSpan time)
    {
        ReleaseAll(time);
        Save();
    }

    private void Save()
    {
        try
        {
            File.WriteAllLines(path, strokes.OrderBy(stroke => stroke.Time).Select(stroke => stroke.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The script '{path}' cannot be written: {e.Message}", e);
        }
    }
}
