using SignData.Core;

namespace SignData.Dataset;

/// <summary>How well a classifier knows each label, by the predictions that eval left in a manifest.</summary>
internal sealed class Confusions
{
    private readonly Dictionary<string, (double Recall, string? Mistaken)> labels;

    private Confusions(Dictionary<string, (double, string?)> labels) => this.labels = labels;

    /// <summary>Reads the predictions of all runs.</summary>
    /// <param name="path">A manifest that eval has judged.</param>
    /// <exception cref="InputException">It cannot be read, or holds no predictions.</exception>
    public static Confusions Read(string path)
    {
        using var manifest = Manifest.Open(path);
        var truth = manifest.Select(includeCulled: true).ToDictionary(frame => frame.Id, frame => frame.Label);
        var judged = manifest.Predictions().Where(prediction => truth.ContainsKey(prediction.FrameId)).GroupBy(prediction => truth[prediction.FrameId]).ToList();
        return judged.Count > 0
            ? new Confusions(judged.ToDictionary(label => label.Key, label => (
                (double)label.Count(prediction => prediction.Label == label.Key) / label.Count(),
                label.Where(prediction => prediction.Label != label.Key).CountBy(prediction => prediction.Label).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).FirstOrDefault())))
            : throw new InputException($"'{path}' holds no predictions: run 'eval RUN {path}' first.");
    }

    /// <summary>The part of a label's frames that were named rightly; 1 when none were judged.</summary>
    public double RecallOf(string label) => labels.TryGetValue(label, out var known) ? known.Recall : 1;

    /// <summary>What a label is mistaken for most; null when it never is.</summary>
    public string? MistakenFor(string label) => labels.TryGetValue(label, out var known) ? known.Mistaken : null;
}
