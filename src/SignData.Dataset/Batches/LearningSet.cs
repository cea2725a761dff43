namespace SignData.Dataset.Batches;

/// <summary>The frames of a manifest that a trainer sees. A frame's place among <see cref="Train"/> is its number wherever a random choice derives from (seed, epoch, frame).</summary>
/// <param name="Train">Frames to learn from, in the order of their paths, one of several copies as often; all kept frames where the manifest has no splits.</param>
/// <param name="Valid">Frames to choose the best epoch by; may be empty.</param>
public sealed record LearningSet(IReadOnlyList<FrameRow> Train, IReadOnlyList<FrameRow> Valid)
{
    /// <summary>The label of frames that show no sign: often no hand, but not always.</summary>
    public const string Nothing = Labels.Nothing;

    /// <summary>The frames to learn from without their labels, as augmentation sees them.</summary>
    /// <param name="manifest">Whose frames they are.</param>
    public static Sample[] Pictures(Manifest manifest) => [.. Of(manifest).Train.Select(frame => new Sample(manifest.PathOf(frame), 0, frame.Label != Nothing))];

    /// <summary>Of a manifest.</summary>
    /// <param name="manifest">Open.</param>
    public static LearningSet Of(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        IReadOnlyList<FrameRow> frames = manifest.Select();
        FrameRow[] train = [.. frames.Where(f => f.Split == "train")];
        if (train.Length == 0 && frames.All(f => f.Split is null))
        {
            train = [.. frames];
        }
        return new([.. train.SelectMany(f => Enumerable.Repeat(f, f.Copies))], [.. frames.Where(f => f.Split == "valid")]);
    }
}
