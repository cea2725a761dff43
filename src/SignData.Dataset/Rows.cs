using SignData.Core;

namespace SignData.Dataset;

/// <summary>What frames came from: a video, a webcam's session, a folder of images.</summary>
public sealed record SourceRow
{
    /// <summary>The key within its manifest.</summary>
    public long Id { get; init; }

    /// <summary>video, webcam, folder, csv or synthetic.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it lies, relative to the manifest's folder, with '/'.</summary>
    public required string Path { get; init; }

    /// <summary>Of the file's bytes, in lower-case hexadecimal; null for what is no file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Who signs; null when unknown.</summary>
    public string? Signer { get; init; }

    /// <summary>The sitting in which it was recorded; null when unknown.</summary>
    public string? Session { get; init; }

    /// <summary>The light, in words.</summary>
    public string? Lighting { get; init; }

    /// <summary>The recording camera or phone.</summary>
    public string? Device { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>In pixels, upright.</summary>
    public int? Width { get; init; }

    /// <summary>In pixels, upright.</summary>
    public int? Height { get; init; }

    /// <summary>The file's length.</summary>
    public long? Bytes { get; init; }

    /// <summary>The nominal frame rate of a video.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The rotation that was undone, in degrees.</summary>
    public int? Rotation { get; init; }

    /// <summary>How its frames were chosen: running again with the same settings has nothing to do.</summary>
    public string? Settings { get; init; }

    /// <summary>Frames that were looked at.</summary>
    public int Frames { get; init; }

    /// <summary>Frames rejected, by reason.</summary>
    public IReadOnlyDictionary<string, int> Rejected { get; init; } = new Dictionary<string, int>();

    /// <summary>False while its frames are still to be written.</summary>
    public bool Done { get; init; } = true;

    /// <summary>Why it, or a part of it, could not be used; null when all of it could.</summary>
    public string? Failed { get; init; }
}

/// <summary>One picture of a dataset.</summary>
public sealed record FrameRow
{
    /// <summary>The key within its manifest.</summary>
    public long Id { get; init; }

    /// <summary>Relative to the manifest's folder, with '/'; unique. <see cref="Manifest.PathOf"/> resolves it.</summary>
    public required string Path { get; init; }

    /// <summary>The sign it shows.</summary>
    public required string Label { get; init; }

    /// <summary>The <see cref="SourceRow.Id"/> that it came from.</summary>
    public required long SourceId { get; init; }

    /// <summary>Its number in its source, from 0.</summary>
    public int? Position { get; init; }

    /// <summary>Its time in its source, in seconds.</summary>
    public double? Time { get; init; }

    /// <summary>Frames of one number are look-alikes of one moment and share a split.</summary>
    public int? Burst { get; init; }

    /// <summary>In pixels; 0 when it cannot be read.</summary>
    public int Width { get; init; }

    /// <summary>In pixels; 0 when it cannot be read.</summary>
    public int Height { get; init; }

    /// <summary>The file's length.</summary>
    public long Bytes { get; init; }

    /// <summary>Of the file's bytes, in lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>64 bits that look-alikes share, see SignData.Core.PerceptualHash.</summary>
    public ulong? PerceptualHash { get; init; }

    /// <summary>0 to 1, see SignData.Core.Sharpness.</summary>
    public double? Sharpness { get; init; }

    /// <summary>Mean luma, 0 to 1.</summary>
    public double? Brightness { get; init; }

    /// <summary>Standard deviation of luma, 0 to 1.</summary>
    public double? Contrast { get; init; }

    /// <summary>Bits a pixel as a part of 8, 0 (one value) to 1.</summary>
    public double? Entropy { get; init; }

    /// <summary>5th percentile of luma, 0 to 1: high when nothing is dark.</summary>
    public double? Shadows { get; init; }

    /// <summary>95th percentile of luma, 0 to 1: low when nothing is light.</summary>
    public double? Highlights { get; init; }

    /// <summary>Mean difference of a pixel's largest and smallest channel, 0 (grey) to 1; null when unknown.</summary>
    public double? Colour { get; init; }

    /// <summary>64 bits of the decoded pixels, see SignData.Core.PixelHash; null when unknown.</summary>
    public ulong? PixelHash { get; init; }

    /// <summary>8 x 8 means of luma, see SignData.Core.Layout.</summary>
    public Layout? Layout { get; init; }

    /// <summary>When the picture's file was last written, in 100 ns since year 1 (UTC), as it was measured; null when unknown.</summary>
    public long? Modified { get; init; }

    /// <summary>The <see cref="FrameScores.Version"/> that measured it; null when it was not measured or before there were versions.</summary>
    public int? Measured { get; init; }

    /// <summary>train, valid or test; null when not assigned.</summary>
    public string? Split { get; init; }

    /// <summary>Null for a kept frame, else why it was set aside, in words.</summary>
    public string? Culled { get; init; }

    /// <summary>What is doubtful about it though it is not culled for that, reasons divided by "; "; null for nothing.</summary>
    public string? Flags { get; init; }

    /// <summary>How often it is shown in an epoch: above 1 where cull repeats frames of a rare label; at most <see cref="MostCopies"/>.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>A frame repeated more often teaches nothing.</summary>
    public const int MostCopies = 1000;

    /// <summary>The same row with what was measured on its picture.</summary>
    internal FrameRow With(in FrameScores scores) => this with
    {
        PerceptualHash = scores.PerceptualHash,
        Sharpness = scores.Sharpness,
        Brightness = scores.Brightness,
        Contrast = scores.Contrast,
        Entropy = scores.Entropy,
        Shadows = scores.Shadows,
        Highlights = scores.Highlights,
        Layout = scores.Layout,
        Measured = scores.Layout is null ? null : FrameScores.Version,
    };
}

/// <summary>A label and how sure a model is of it.</summary>
/// <param name="Label">The sign.</param>
/// <param name="Confidence">0 to 1.</param>
public readonly record struct LabelConfidence(string Label, double Confidence);

/// <summary>What a trained model says of one frame.</summary>
/// <param name="Run">The run that predicts, by name.</param>
/// <param name="FrameId">The <see cref="FrameRow.Id"/>.</param>
/// <param name="Label">The likeliest sign.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Top">The few likeliest, best first.</param>
/// <param name="Box">Where it found the hand, in the picture's sides; null if it did not look for it.</param>
public sealed record PredictionRow(string Run, long FrameId, string Label, double Confidence, IReadOnlyList<LabelConfidence> Top, Batches.HandBox? Box = null);

/// <summary>One step that made a manifest.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Version">The tool's version.</param>
/// <param name="Arguments">The resolved arguments, as JSON.</param>
/// <param name="Seed">What its random choices started from.</param>
/// <param name="Parents">The content hashes of the manifests that it read.</param>
public sealed record ProvenanceRow(string Tool, string Version, string Arguments, long? Seed, IReadOnlyList<string> Parents);
