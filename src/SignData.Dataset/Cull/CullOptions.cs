namespace SignData.Dataset;

/// <summary>What <see cref="Culler"/> takes and how it chooses.</summary>
public sealed record CullOptions
{
    /// <summary>Datasets, manifests, CSVs of paths or pixels, and plain folders of images with a folder for each label at any depth.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The manifest to make: a file ending in <c>.db</c>, or a folder for a <c>manifest.db</c>.</summary>
    public required string Output { get; init; }

    /// <summary>The most frames kept of one label; null for all.</summary>
    public int? PerLabel { get; init; }

    /// <summary>Whether frames of the train split are repeated until each label has <see cref="PerLabel"/>.</summary>
    public bool Oversample { get; init; }

    /// <summary>The most frames kept of one source; null for all.</summary>
    public int? MaxPerSource { get; init; }

    /// <summary>How frames are chosen where there are more than wanted.</summary>
    public Pick Pick { get; init; }

    /// <summary>The labels to keep; none for all.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>New names of labels by old ones.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>A regular expression whose group <c>label</c> finds the label in the name of an image's file; null for labels by folder.</summary>
    public string? LabelPattern { get; init; }

    /// <summary>What a frame must meet; null for nothing.</summary>
    public Where? Where { get; init; }

    /// <summary>What is looked for in each frame and what is done about it, see <see cref="Check.From"/>.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = Check.Defaults;

    /// <summary>What random choices start from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The part of the frames for validation, 0 to 1.</summary>
    public double Valid { get; init; } = 0.15;

    /// <summary>The part of the frames for the test, 0 to 1.</summary>
    public double Test { get; init; } = 0.15;

    /// <summary>Signers whose frames are the validation split, instead of a part.</summary>
    public IReadOnlyList<string> ValidSigners { get; init; } = [];

    /// <summary>Signers whose frames are the test split, instead of a part.</summary>
    public IReadOnlyList<string> TestSigners { get; init; } = [];

    /// <summary>Sessions whose frames are the validation split.</summary>
    public IReadOnlyList<string> ValidSessions { get; init; } = [];

    /// <summary>Sessions whose frames are the test split.</summary>
    public IReadOnlyList<string> TestSessions { get; init; } = [];

    /// <summary>Sources, by file or folder name, whose frames are the validation split.</summary>
    public IReadOnlyList<string> ValidSources { get; init; } = [];

    /// <summary>Sources, by file or folder name, whose frames are the test split.</summary>
    public IReadOnlyList<string> TestSources { get; init; } = [];

    /// <summary>Whether frames that look like a held-out one are set aside; otherwise such a split is refused.</summary>
    public bool CullLeaks { get; init; }

    /// <summary>Whether the kept pictures are copied beside the manifest.</summary>
    public bool Copy { get; init; }
}

/// <summary>What a run of <see cref="Culler"/> comes to.</summary>
/// <param name="Frames">Read.</param>
/// <param name="Kept">Of them.</param>
/// <param name="Culled">The others, by reason: unreadable, exact_duplicate, ...</param>
/// <param name="Labels">Kept frames by label.</param>
/// <param name="Splits">Kept frames by split.</param>
/// <param name="SplitLabels">Kept frames by split, then label.</param>
/// <param name="Manifest">The file, absolute.</param>
/// <param name="Notes">How the splits were made, a line each.</param>
/// <param name="Warnings">What was wrong but stopped nothing, a line each.</param>
/// <param name="Flagged">Kept frames that a check flags, by reason.</param>
public sealed record CullSummary(
    int Frames, int Kept, IReadOnlyDictionary<string, int> Culled, IReadOnlyDictionary<string, int> Labels, IReadOnlyDictionary<string, int> Splits,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> SplitLabels, string Manifest, IReadOnlyList<string> Notes, IReadOnlyList<string> Warnings,
    IReadOnlyDictionary<string, int> Flagged)
{
    /// <summary>How many pictures of folders and CSVs were looked for and measured.</summary>
    public int Indexed { get; init; }

    /// <summary>How many of them an earlier run had measured: they were not decoded again.</summary>
    public int Known { get; init; }

    /// <summary>How long finding and measuring them took, in seconds.</summary>
    public double IndexSeconds { get; init; }

    /// <summary>Every frame as it was decided on, in the order of their files.</summary>
    internal IReadOnlyList<Item> Items { get; init; } = [];
}
