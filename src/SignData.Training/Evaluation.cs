using SignData.Dataset.Batches;

namespace SignData.Training;

/// <summary>A frame that a classifier judged.</summary>
/// <param name="Path">The image file.</param>
/// <param name="FrameId">Its row in the manifest; 0 for a plain folder.</param>
/// <param name="Label">The true label's class number.</param>
/// <param name="Source">What it came from, in words.</param>
/// <param name="Signer">Who signs; null when unknown.</param>
/// <param name="Top">Class numbers, likeliest first: at most five.</param>
/// <param name="Confidences">Their probabilities.</param>
/// <param name="Box">Where the hand was found, in the picture's sides; null where it was not looked for.</param>
public sealed record Judgement(string Path, long FrameId, int Label, string Source, string? Signer, int[] Top, float[] Confidences, HandBox? Box = null)
{
    /// <summary>Whether the likeliest label is the true one.</summary>
    public bool Right => Top[0] == Label;
}

/// <summary>How one label fares.</summary>
/// <param name="Precision">Of the frames called so, the part that is; 0..1, null when none is called so.</param>
/// <param name="Recall">Of the frames that are, the part called so; 0..1, null without frames.</param>
/// <param name="Frames">Frames that are.</param>
public sealed record LabelScore(double? Precision, double? Recall, int Frames);

/// <summary>How a part of the frames fares.</summary>
/// <param name="Name">The source or signer.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Accuracy">Top-1, 0..1.</param>
/// <param name="Interval">Low and high of the accuracy, 95 %.</param>
public sealed record Slice(string Name, int Frames, double Accuracy, double[] Interval);

/// <summary>The figures of a classifier on frames that it was judged by.</summary>
public sealed class Evaluation
{
    /// <summary>Counts.</summary>
    /// <param name="labels">The classifier's labels.</param>
    /// <param name="frames">What was judged, at least one.</param>
    public Evaluation(IReadOnlyList<string> labels, IReadOnlyList<Judgement> frames)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count);
        (Labels, Frames) = (labels, frames);
        Confusion = new int[labels.Count, labels.Count];
        foreach (Judgement frame in frames)
        {
            Confusion[frame.Label, frame.Top[0]]++;
        }
        Accuracy = frames.Average(f => f.Right ? 1.0 : 0);
        Top3 = frames.Average(f => f.Top.Take(3).Contains(f.Label) ? 1.0 : 0);
        BySource = Slices(frames, f => f.Source);
        BySigner = frames.Any(f => f.Signer is not null) ? Slices(frames, f => f.Signer ?? "unknown") : [];
        Interval = ConfidenceInterval.Of([.. frames.GroupBy(f => f.Source).Select(g => (g.Count(f => f.Right), g.Count()))]);
    }

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Every judged frame.</summary>
    public IReadOnlyList<Judgement> Frames { get; }

    /// <summary>Top-1, 0..1.</summary>
    public double Accuracy { get; }

    /// <summary>Low and high of the accuracy, 95 %: see <see cref="ConfidenceInterval"/>.</summary>
    public double[] Interval { get; }

    /// <summary>The part of the frames whose true label is among the three likeliest.</summary>
    public double Top3 { get; }

    /// <summary>Counts by true label (first index) and predicted label (second).</summary>
    public int[,] Confusion { get; }

    /// <summary>Worst first.</summary>
    public IReadOnlyList<Slice> BySource { get; }

    /// <summary>Worst first; empty when no signer is known.</summary>
    public IReadOnlyList<Slice> BySigner { get; }

    /// <summary>Mistakes, the surest first.</summary>
    public IEnumerable<Judgement> Mistakes => Frames.Where(f => !f.Right).OrderByDescending(f => f.Confidences[0]).ThenBy(f => f.Path, StringComparer.Ordinal);

    /// <summary>Precision and recall of a label.</summary>
    /// <param name="label">Its class number.</param>
    public LabelScore Score(int label)
    {
        int called = 0, frames = 0;
        for (int other = 0; other < Labels.Count; other++)
        {
            called += Confusion[other, label];
            frames += Confusion[label, other];
        }
        double right = Confusion[label, label];
        return new(called == 0 ? null : right / called, frames == 0 ? null : right / frames, frames);
    }

    private static List<Slice> Slices(IEnumerable<Judgement> frames, Func<Judgement, string> by) =>
    [
        .. frames.GroupBy(by)
            .Select(g => new Slice(g.Key, g.Count(), g.Average(f => f.Right ? 1.0 : 0), ConfidenceInterval.Wilson(g.Count(f => f.Right), g.Count())))
            .OrderBy(s => s.Accuracy).ThenBy(s => s.Name, StringComparer.Ordinal),
    ];
}
