namespace SignData.Dataset;

/// <summary>What one key held down, or tapped, records.</summary>
internal sealed class Burst(int number, string key, string label, TimeSpan start)
{
    /// <summary>A key that is down for less is tapped: one frame is meant, not a stretch.</summary>
    public static readonly TimeSpan Tap = TimeSpan.FromSeconds(0.2);

    public int Number { get; } = number;
    public string Key { get; } = key;
    public string Label { get; } = label;
    public TimeSpan Start { get; } = start;

    /// <summary>Frames that came before it was clear whether the key is held or tapped.</summary>
    public List<LiveFrame> Early { get; } = [];

    /// <summary>Whether the key is held.</summary>
    public bool Held { get; set; }

    /// <summary>Frames that came while the key was held.</summary>
    public int Seen { get; set; }

    /// <summary>Frames kept.</summary>
    public int Kept { get; set; }

    /// <summary>The hash of the first frame kept.</summary>
    public ulong? Look { get; set; }

    /// <summary>Whether at a time the key has been down long enough to be held.</summary>
    public bool IsHeldAt(TimeSpan time) => time - Start >= Tap;
}
