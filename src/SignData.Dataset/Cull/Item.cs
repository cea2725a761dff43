using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>A frame on its way through culling: its row, packed, since millions are held at once.</summary>
internal sealed class Item
{
    private static readonly string?[] Splits = [null, "train", "valid", "test"];

    private readonly string folder;
    private readonly byte[] names;
    private readonly int name;
    private readonly UInt128 shaHigh, shaLow;
    private readonly bool hashed, looks, pixels, laidOut;
    private readonly ulong perceptualHash, pixelHash;
    private readonly Layout layout;
    private readonly float sharpness, brightness, contrast, entropy, shadows, highlights, colour;
    private readonly double time;
    private readonly int position, burst, measured;
    private string? flags;
    private Check? alike;
    private Item? other;
    private float similarity;
    private byte split;

    /// <summary>An item of a row.</summary>
    /// <param name="file">Where its picture lies, absolute.</param>
    /// <param name="row">As it was read; its path does not count.</param>
    /// <param name="source">What it came from.</param>
    /// <param name="texts">What its texts are held in.</param>
    public Item(string file, FrameRow row, SourceRow source, Texts texts)
    {
        folder = texts.Same(Path.GetDirectoryName(file.AsSpan()));
        (names, name) = texts.Put(Path.GetFileName(file.AsSpan()));
        (Source, Label, Culled, flags) = (source, texts.Same(row.Label), row.Culled, row.Flags is { } before ? texts.Same(before) : null);
        (position, burst, measured, time) = (row.Position ?? -1, row.Burst ?? -1, row.Measured ?? -1, row.Time ?? double.NaN);
        (Width, Height, Bytes, Modified) = (row.Width, row.Height, row.Bytes, row.Modified ?? -1);
        (looks, perceptualHash) = (row.PerceptualHash is not null, row.PerceptualHash ?? 0);
        (pixels, pixelHash) = (row.PixelHash is not null, row.PixelHash ?? 0);
        (laidOut, layout) = (row.Layout is not null, row.Layout ?? default);
        (sharpness, brightness, contrast, entropy) = (Packed(row.Sharpness), Packed(row.Brightness), Packed(row.Contrast), Packed(row.Entropy));
        (shadows, highlights, colour) = (Packed(row.Shadows), Packed(row.Highlights), Packed(row.Colour));
        if (row.Sha256 is { Length: 64 } text)
        {
            Span<byte> sha = stackalloc byte[32];
            hashed = Convert.FromHexString(text, sha, out _, out _) == OperationStatus.Done;
            (shaHigh, shaLow) = (BinaryPrimitives.ReadUInt128BigEndian(sha), BinaryPrimitives.ReadUInt128BigEndian(sha[16..]));
        }
    }

    public string Folder => folder;
    public string Name => Encoding.UTF8.GetString(Texts.At(names, name));
    public SourceRow Source { get; }
    public string Label { get; set; }
    public int Width { get; }
    public int Height { get; }
    public long Bytes { get; }
    public long Modified { get; }

    public string File => Path.Join(folder, Name);
    public string? Sha256
    {
        get
        {
            Span<byte> sha = stackalloc byte[32];
            BinaryPrimitives.WriteUInt128BigEndian(sha, shaHigh);
            BinaryPrimitives.WriteUInt128BigEndian(sha[16..], shaLow);
            return hashed ? Convert.ToHexStringLower(sha) : null;
        }
    }

    /// <summary>Half of the SHA-256: enough to tell any number of files apart.</summary>
    public UInt128? FileKey => hashed ? shaHigh : null;

    public ulong? PixelHash => pixels ? pixelHash : null;
    public ulong? PerceptualHash => looks ? perceptualHash : null;
    public Layout? Layout => laidOut ? layout : null;
    public double? Sharpness => Score(sharpness);
    public double? Brightness => Score(brightness);
    public double? Contrast => Score(contrast);
    public double? Entropy => Score(entropy);
    public double? Shadows => Score(shadows);
    public double? Highlights => Score(highlights);
    public double? Colour => Score(colour);
    public double? Time => double.IsNaN(time) ? null : time;
    public int? Position => position < 0 ? null : position;
    public int? Measured => measured < 0 ? null : measured;

    /// <summary>Null while kept.</summary>
    public string? Culled { get; set; }

    /// <summary>What is doubtful about it, reasons divided by "; ".</summary>
    public string? Flags => alike is null ? flags : flags is null ? Likeness.Reason(Label) : $"{flags}; {Likeness.Reason(Label)}";

    /// <summary>The reasons of <see cref="Flags"/> in brief: the words before the score.</summary>
    public IEnumerable<string> FlagReasons
    {
        get
        {
            foreach (var flag in flags?.Split("; ") ?? [])
            {
                yield return flag.Split(':')[0];
            }
            if (alike is not null)
            {
                yield return alike.Words;
            }
        }
    }

    /// <summary>The number of its run of look-alikes.</summary>
    public int LookAlikes { get; set; }

    /// <summary>The number of its set of twins, see <see cref="Dataset.Twins"/>; 0 for a frame that looks like no other.</summary>
    public int Twins { get; set; }

    /// <summary>train, valid, test, or null.</summary>
    public string? Split
    {
        get => Splits[split];
        set => split = (byte)Array.IndexOf(Splits, value);
    }

    /// <summary>How often it is shown in an epoch, see <see cref="FrameRow.Copies"/>.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>The row as it stands.</summary>
    public FrameRow Row(long id, string path, long source) => new()
    {
        Id = id,
        Path = path,
        Label = Label,
        SourceId = source,
        Position = Position,
        Time = Time,
        Burst = LookAlikes > 0 ? LookAlikes : burst < 0 ? null : burst,
        Width = Width,
        Height = Height,
        Bytes = Bytes,
        Sha256 = Sha256,
        PerceptualHash = PerceptualHash,
        Sharpness = Sharpness,
        Brightness = Brightness,
        Contrast = Contrast,
        Entropy = Entropy,
        Shadows = Shadows,
        Highlights = Highlights,
        Colour = Colour,
        PixelHash = PixelHash,
        Layout = Layout,
        Modified = Modified < 0 ? null : Modified,
        Measured = Measured,
        Split = Culled is null ? Split : null,
        Culled = Culled,
        Flags = Flags,
        Copies = Culled is null ? Copies : 1,
    };

    /// <summary>Notes a reason to doubt it.</summary>
    public void Flag(string reason) => flags = flags is null ? reason : $"{flags}; {reason}";

    /// <summary>Notes which frame it looks like: put into words only when they are asked for, since most of a million may look like another.</summary>
    public void Flag(Likeness found) => (alike, other, similarity) = (found.Check, found.Other, found.Similarity);

    /// <summary>By file, as ordinal text.</summary>
    public static int CompareFiles(Item a, Item b)
    {
        if (ReferenceEquals(a.folder, b.folder))
        {
            return Texts.Compare(Texts.At(a.names, a.name), Texts.At(b.names, b.name));
        }
        var shared = a.folder.AsSpan().CommonPrefixLength(b.folder);
        return shared < a.folder.Length && shared < b.folder.Length ? a.folder[shared].CompareTo(b.folder[shared]) : string.CompareOrdinal(a.File, b.File);
    }

    /// <summary>What it shares with the frames that must not be on the other side of a split; null when that is unknown at this level.</summary>
    public SplitGroup? Group(SplitLevel level) => level switch
    {
        SplitLevel.Signer => Source.Signer is { } signer ? new(level, signer) : null,
        SplitLevel.Session => Source.Session is { } session ? new(level, Source.Signer ?? "", session) : null,
        SplitLevel.Source => Source.Kind is "folder" or "csv" ? null : new(level, Source.Sha256 ?? Source.Path),
        SplitLevel.Burst => burst < 0 ? null : new(level, Source.Path, Number: burst),
        _ => new(level, Number: LookAlikes),
    };

    /// <summary>The group at a level, or at the first finer one where it is known.</summary>
    public SplitGroup GroupFrom(SplitLevel level)
    {
        while (true)
        {
            if (Group(level) is { } group)
            {
                return group;
            }
            level++;
        }
    }

    /// <summary>A number that depends on the seed and the key alone: what random order is made of.</summary>
    public static ulong Draw(int seed, string key) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\u001f{key}")));

    private Likeness Likeness => new(alike!, other!, similarity);

    private static float Packed(double? score) => (float?)score ?? float.NaN;

    private static double? Score(float packed) => float.IsNaN(packed) ? null : Math.Round((double)packed, FrameScores.Digits);
}

/// <summary>That a frame looks like another.</summary>
/// <param name="Check">What found it.</param>
/// <param name="Other">The frame that it looks like.</param>
/// <param name="Similarity">Of their layouts, up to 1.</param>
internal readonly record struct Likeness(Check Check, Item Other, float Similarity)
{
    /// <summary>In words, for a frame of a label.</summary>
    public string Reason(string label) =>
        FormattableString.Invariant($"{Check.Words}: similarity {Similarity:0.###} to {Files.Printable(Other.Name)}, above {Check.Threshold:0.###}")
        + (Other.Label == label ? "" : $", and that is under {Files.Printable(Other.Label)}");
}

/// <summary>Frames that a split keeps together.</summary>
/// <param name="Level">What they share.</param>
/// <param name="Name">Of the signer, or of what holds the session or the burst.</param>
/// <param name="Part">Of what has the name.</param>
/// <param name="Number">Likewise, where parts are counted.</param>
internal readonly record struct SplitGroup(SplitLevel Level, string? Name = null, string? Part = null, int? Number = null)
{
    /// <summary>The same on every machine: what chance and order depend on.</summary>
    public override string ToString() => string.Join('\u001f', new[] { $"{Level}", Name, Part, Number?.ToString(CultureInfo.InvariantCulture) }.OfType<string>());
}

/// <summary>What a split keeps together, from the most honest to the least.</summary>
internal enum SplitLevel
{
    /// <summary>A person.</summary>
    Signer,

    /// <summary>One sitting of a person.</summary>
    Session,

    /// <summary>One video.</summary>
    Source,

    /// <summary>What one held key recorded, or one scene of a video.</summary>
    Burst,

    /// <summary>A run of pictures that look alike.</summary>
    LookAlikes,
}
