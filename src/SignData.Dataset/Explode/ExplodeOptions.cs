namespace SignData.Dataset;

/// <summary>What <see cref="Exploder"/> takes and how it chooses.</summary>
public sealed record ExplodeOptions
{
    /// <summary>Videos, and folders that are searched for videos.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The dataset's folder; it is made if needed, and added to if there.</summary>
    public required string Output { get; init; }

    /// <summary>The label of every video; null to tell it from the folders and names, see <see cref="ClipFinder"/>.</summary>
    public string? Label { get; init; }

    /// <summary>A CSV file with the label of each video, see <see cref="ClipList"/>; it wins over folders and names.</summary>
    public string? LabelsCsv { get; init; }

    /// <summary>Who signs, unless a video's JSON says it.</summary>
    public string? Signer { get; init; }

    /// <summary>The sitting, unless a video's JSON says it.</summary>
    public string? Session { get; init; }

    /// <summary>The light, unless a video's JSON says it.</summary>
    public string? Lighting { get; init; }

    /// <summary>The most frames kept of one video.</summary>
    public int PerClip { get; init; } = 40;

    /// <summary>The most frames kept of any second of a video; null for as many as differ.</summary>
    public double? PerSecond { get; init; }

    /// <summary>
    /// The least by which two kept frames of a video differ, in levels of luma (0 to 255) where they differ most; null for what a person sees, and
    /// for a few frames of a video that hardly changes.
    /// </summary>
    public double? MinDistance { get; init; }

    /// <summary>A frame less sharp than this (0 to 1) is blurry whatever the rest of its video looks like.</summary>
    public double MinSharpness { get; init; } = 0.05;

    /// <summary>JPEG quality, 1 to 100.</summary>
    public int Quality { get; init; } = FrameStore.DefaultQuality;

    /// <summary>Videos at a time.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The memory for frames of all videos at a time, in MiB: large videos wait for each other; one alone may take what it needs.</summary>
    public int MemoryMb { get; init; } = DefaultMemoryMb;

    /// <summary>A quarter of what this process may use.</summary>
    public static int DefaultMemoryMb => (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 22, 512, 1 << 20);
}

/// <summary>A video, or a part of it, that could not be used.</summary>
/// <param name="Path">As found.</param>
/// <param name="Reason">One line.</param>
public sealed record FailedVideo(string Path, string Reason);

/// <summary>What a run of <see cref="Exploder"/> comes to; videos finished by an earlier run count as well.</summary>
/// <param name="Videos">Found.</param>
/// <param name="Skipped">Of them, finished before.</param>
/// <param name="Frames">Looked at.</param>
/// <param name="Kept">Written.</param>
/// <param name="Labels">Kept frames by label.</param>
/// <param name="Rejected">Frames by reason: blurry, at_rest, near_identical, quota.</param>
/// <param name="Failed">Videos that could not be used, or not to their end.</param>
/// <param name="Warnings">What was wrong but stopped nothing, a line each.</param>
/// <param name="Seconds">Taken.</param>
public sealed record ExplodeSummary(
    int Videos, int Skipped, long Frames, int Kept, IReadOnlyDictionary<string, int> Labels,
    IReadOnlyDictionary<string, long> Rejected, IReadOnlyList<FailedVideo> Failed, IReadOnlyList<string> Warnings, double Seconds);
