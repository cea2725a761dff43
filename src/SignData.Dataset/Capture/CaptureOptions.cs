namespace SignData.Dataset;

/// <summary>How a session is recorded.</summary>
public sealed record CaptureOptions
{
    /// <summary>The dataset's folder; it is made if needed, and added to if there.</summary>
    public required string Output { get; init; }

    /// <summary>The keys and what they record.</summary>
    public KeyMap Keys { get; init; } = KeyMap.Letters;

    /// <summary>Who signs; null when unknown.</summary>
    public string? Signer { get; init; }

    /// <summary>The sitting.</summary>
    public required string Session { get; init; }

    /// <summary>The lights that Tab goes through, at least one.</summary>
    public IReadOnlyList<string> Lightings { get; init; } = ["light 1", "light 2", "light 3"];

    /// <summary>The camera's name.</summary>
    public string? Device { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>Whether blurry and near-identical frames are left out.</summary>
    public bool Judge { get; init; } = true;

    /// <summary>A frame less sharp than this (0 to 1) is blurry whatever the others look like.</summary>
    public double MinSharpness { get; init; } = 0.05;

    /// <summary>Whether frames are saved as a mirror shows them.</summary>
    public bool SaveMirrored { get; init; }

    /// <summary>Frames wanted of each label.</summary>
    public int Target { get; init; } = 100;

    /// <summary>A manifest that eval has judged: what the classifier confuses is wanted first. Null for none.</summary>
    public string? Judged { get; init; }

    /// <summary>JPEG quality, 1 to 100.</summary>
    public int Quality { get; init; } = FrameStore.DefaultQuality;

    /// <summary>Whether recording waits for the disk instead of losing frames: for sources that wait too.</summary>
    public bool Patient { get; init; }
}

/// <summary>What a session comes to.</summary>
/// <param name="Frames">Seen while a key was held, and taps.</param>
/// <param name="Kept">In the dataset.</param>
/// <param name="Dropped">Lost because the machine was too slow.</param>
/// <param name="Rejected">Frames by reason: blurry, near_identical.</param>
/// <param name="Undone">Taken back.</param>
/// <param name="Bursts">Holds and taps that were not taken back.</param>
/// <param name="Labels">Kept frames of this session by label.</param>
/// <param name="Ignored">Presses later than the last frame.</param>
/// <param name="Latency">The most seconds from a key's press to the first frame of its stretch.</param>
/// <param name="Seconds">The time of the last frame.</param>
public sealed record CaptureSummary(
    int Frames, int Kept, int Dropped, IReadOnlyDictionary<string, int> Rejected, int Undone, int Bursts, IReadOnlyDictionary<string, int> Labels,
    int Ignored, double Latency, double Seconds)
{
    /// <summary>How often the window showed a picture while a key was held.</summary>
    public int Redraws { get; init; }
}
