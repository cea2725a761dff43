using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Batches;

namespace SignData.Training;

/// <summary>What a manifest gives a trainer: its labels, and the frames of the training and validation splits.</summary>
/// <param name="Labels">All labels of the training frames, in ordinal order: the classes.</param>
/// <param name="Train">Frames to learn from; all kept frames where the manifest has no splits.</param>
/// <param name="Valid">Frames to choose the best epoch by; may be empty.</param>
/// <param name="Aspect">The median of width over height among the training frames, within 0.5 to 2.</param>
/// <param name="Hash">The manifest's content hash.</param>
public sealed record TrainingData(IReadOnlyList<string> Labels, IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Valid, float Aspect, string Hash)
{
    /// <summary>Reads a manifest.</summary>
    /// <param name="path">A manifest, or a dataset's folder.</param>
    /// <exception cref="InputException">It is no manifest, or holds too little to learn from.</exception>
    public static TrainingData Open(string path)
    {
        using Manifest manifest = Manifest.Open(path);
        (IReadOnlyList<FrameRow> train, IReadOnlyList<FrameRow> valid) = LearningSet.Of(manifest);
        string[] labels = [.. train.Select(f => f.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length < 2)
        {
            throw new InputException($"'{path}' has {train.Count} training frames of {labels.Length} labels; a classifier needs at least two labels. Give cull more sources.");
        }
        Dictionary<string, int> classes = labels.Index().ToDictionary(l => l.Item, l => l.Index);
        Sample Sample(FrameRow frame) => new(manifest.PathOf(frame), classes[frame.Label], frame.Label != LearningSet.Nothing);
        return new(labels, [.. train.Select(Sample)], [.. valid.Where(f => classes.ContainsKey(f.Label)).Select(Sample)], MedianAspect([.. train.Distinct()]), manifest.ContentHash());
    }

    private static float MedianAspect(IReadOnlyList<FrameRow> frames)
    {
        double[] aspects = [.. frames.Where(f => f is { Width: > 0, Height: > 0 }).Select(f => (double)f.Width / f.Height).Order()];
        return aspects.Length == 0 ? 1 : (float)Math.Clamp(aspects[aspects.Length / 2], 0.5, 2);
    }
}
