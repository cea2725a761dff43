namespace SignData.Dataset;

/// <summary>What two sides can share.</summary>
public enum LeakKind
{
    /// <summary>The same bytes.</summary>
    Exact,

    /// <summary>Pictures that look the same.</summary>
    Near,

    /// <summary>A run of look-alike frames, as cull found it.</summary>
    Moment,

    /// <summary>A person.</summary>
    Signer,

    /// <summary>A sitting of a person.</summary>
    Session,

    /// <summary>A video.</summary>
    Source,
}

/// <summary>What <see cref="LeakCheck"/> looks at.</summary>
public sealed record LeakCheckOptions
{
    /// <summary>Manifests, datasets, and plain folders that hold a folder of images for each label.</summary>
    public required IReadOnlyList<string> Sets { get; init; }

    /// <summary>Pictures whose perceptual hashes differ in at most so many of 64 bits look the same; 0 to <see cref="MaxDistance"/>.</summary>
    public int Distance { get; init; } = NearDuplicates.SureDistance;

    /// <summary>What is reported but counts as no leak.</summary>
    public IReadOnlySet<LeakKind> Allowed { get; init; } = new HashSet<LeakKind>();

    /// <summary>The most bits; beyond them strangers look the same.</summary>
    public const int MaxDistance = 11;
}

/// <summary>One of the parts that must share nothing: a folder, or a split of a manifest.</summary>
/// <param name="Set">As it was given.</param>
/// <param name="Split">train, valid or test; null for frames of no split.</param>
/// <param name="Frames">Kept.</param>
public sealed record LeakSide(string Set, string? Split, int Frames)
{
    /// <summary>The two in words.</summary>
    public string Name => Split is null ? Set : $"{Set} {Split}";
}

/// <summary>What two sides share.</summary>
/// <param name="A">One side, by name; train comes first, then the order in which the sets were given.</param>
/// <param name="B">The other.</param>
/// <param name="Frames">Frames of <paramref name="B"/>.</param>
/// <param name="ExactDuplicates">Of them, those of which <paramref name="A"/> has a copy byte by byte.</param>
/// <param name="NearDuplicates">Of the others, those of which <paramref name="A"/> has a look-alike.</param>
/// <param name="Moments">Frames whose run of look-alikes <paramref name="A"/> has frames of: neighbours of one moment.</param>
/// <param name="Signers">On both sides.</param>
/// <param name="Sessions">On both sides.</param>
/// <param name="Sources">Videos on both sides.</param>
public sealed record Leak(string A, string B, int Frames, int ExactDuplicates, int NearDuplicates, int Moments, IReadOnlyList<string> Signers, IReadOnlyList<string> Sessions, IReadOnlyList<string> Sources)
{
    /// <summary>The kinds of which there is something.</summary>
    public IEnumerable<LeakKind> Kinds => new (LeakKind Kind, int Count)[]
    {
        (LeakKind.Exact, ExactDuplicates), (LeakKind.Near, NearDuplicates), (LeakKind.Moment, Moments), (LeakKind.Signer, Signers.Count), (LeakKind.Session, Sessions.Count), (LeakKind.Source, Sources.Count),
    }.Where(kind => kind.Count > 0).Select(kind => kind.Kind);
}

/// <summary>Two pictures on two sides.</summary>
/// <param name="Kind">What they share: bytes, looks, or a moment.</param>
/// <param name="SideA">The first's side, by name.</param>
/// <param name="PathA">The first's file.</param>
/// <param name="LabelA">The first's label.</param>
/// <param name="SideB">The second's side, by name.</param>
/// <param name="PathB">The second's file.</param>
/// <param name="LabelB">The second's label.</param>
/// <param name="Distance">Bits in which their perceptual hashes differ.</param>
public sealed record LeakPair(LeakKind Kind, string SideA, string PathA, string LabelA, string SideB, string PathB, string LabelB, int Distance);

/// <summary>What <see cref="LeakCheck"/> found.</summary>
/// <param name="Frames">Kept frames looked at.</param>
/// <param name="ExactDuplicates">Frames with a copy, byte by byte, in an earlier part.</param>
/// <param name="NearDuplicates">Other frames with a look-alike in an earlier part.</param>
/// <param name="Moments">Frames with a frame of their run of look-alikes in an earlier part.</param>
/// <param name="Sides">Every part.</param>
/// <param name="Leaks">Pairs of parts that share something.</param>
/// <param name="Pairs">The nearest pairs of pictures, at most <see cref="LeakCheck.MostPairs"/> of each kind for two sides.</param>
/// <param name="Leaked">Whether something is shared that is not allowed.</param>
/// <param name="Warnings">What was wrong but stopped nothing.</param>
public sealed record LeakSummary(int Frames, int ExactDuplicates, int NearDuplicates, int Moments, IReadOnlyList<LeakSide> Sides, IReadOnlyList<Leak> Leaks, IReadOnlyList<LeakPair> Pairs, bool Leaked, IReadOnlyList<string> Warnings);
