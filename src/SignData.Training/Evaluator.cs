using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Vision;

namespace SignData.Training;

/// <summary>What an evaluation needs beside the classifier and the frames.</summary>
public sealed record EvalOptions
{
    /// <summary>The split to judge; null for test, or all kept frames where there is no test split.</summary>
    public string? Split { get; init; }

    /// <summary>auto, cpu, cuda or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The looks at each frame, by name; null for those at the hand where the run can find it, else for several.</summary>
    public string? Looks { get; init; }

    /// <summary>The word for numbers of 8 bits, for resnets on a CPU.</summary>
    public const string EightBits = "int8";

    /// <summary>One of <see cref="ComputeMode.Names"/>, or <see cref="EightBits"/>; null for the mode of the checkpoint.</summary>
    public string? Compute { get; init; }

    /// <summary>CPU threads; 0 for all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Whether to judge a second time, after BatchNorm has taken its statistics from the frames themselves, whose labels do not count for that.</summary>
    public bool Adapt { get; init; }
}

/// <summary>An evaluation and what it was made of.</summary>
/// <param name="Evaluation">The figures.</param>
/// <param name="Card">The classifier's card.</param>
/// <param name="Data">What was judged, in words: path and split.</param>
/// <param name="Notes">What the reader must know: labels and files left out, frames that were trained on.</param>
/// <param name="Looks">The looks that it was judged by.</param>
/// <param name="Adapted">The figures after <see cref="Recognizer.Adapt"/>; null if they were not asked for.</param>
public sealed record EvalResult(Evaluation Evaluation, Card Card, string Data, IReadOnlyList<string> Notes, Looks Looks, Evaluation? Adapted = null);

/// <summary>Judges a trained classifier by labelled frames.</summary>
public static class Evaluator
{
    private const int BatchSize = 64, TopFew = 5, FramesForRanges = 512;

    private sealed record Subject(string Path, string Label, long FrameId, string Source, string? Signer);

    /// <summary>Judges. Predictions become rows of the manifest, if it is one.</summary>
    /// <param name="run">A run's folder, whose best checkpoint is taken, or a checkpoint.</param>
    /// <param name="data">A manifest, a dataset's folder, or a folder with images in <c>label/</c>.</param>
    /// <param name="options">Split and device.</param>
    /// <param name="progress">Where progress is shown, or null.</param>
    /// <param name="cancelled">Ends it between two batches.</param>
    /// <exception cref="InputException">The run or the data cannot be used.</exception>
    public static EvalResult Evaluate(string run, string data, EvalOptions options, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        Looks? looks = options.Looks is { } name ? Looks.Named(name) : null;
        torch.set_num_threads(threads);
        string folder = Directory.Exists(run) ? run : Path.GetDirectoryName(Path.GetFullPath(run))!, checkpoint = Directory.Exists(run) ? RunFolder.CheckpointOf(run) : run;
        string? compute = options.Compute == EvalOptions.EightBits ? null : options.Compute;
        Device device = Devices.Choose(options.Device);
        using Classifier classifier = Classifier.Load(checkpoint, device, compute);
        // The finder is loaded apart even where it is the same: to adapt the one leaves the other as it is.
        using Classifier finder = Classifier.Load(classifier.Card.Options.FinderEpochs > 0 ? RunFolder.CheckpointOf(RunFolder.FinderOf(folder)) : checkpoint, device, compute);
        looks ??= finder.FindsHands ? Looks.Hand : Looks.Several;
        Recognizer recognizer = new(classifier, finder, looks);
        bool plain = Directory.Exists(data) && !File.Exists(Manifest.FileAt(data));
        using Manifest? manifest = plain ? null : Manifest.Open(data);
        List<string> notes = [];
        (List<Subject> subjects, string what) = manifest is null ? (InFolder(data), data) : InManifest(manifest, data, options.Split, classifier.Card, notes);

        Dictionary<string, int> classes = classifier.Card.Labels.Index().ToDictionary(l => l.Item, l => l.Index);
        string[] unknown = [.. subjects.Select(s => s.Label).Where(l => !classes.ContainsKey(l)).Distinct().Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            notes.Add($"{subjects.RemoveAll(s => !classes.ContainsKey(s.Label))} frames are left out: the model does not know the labels {string.Join(", ", unknown)}.");
        }
        if (subjects.Count == 0)
        {
            throw new InputException($"'{data}' holds no frames of the model's labels ({string.Join(", ", classifier.Card.Labels.Take(8))}...); name a manifest, or a folder with images in one folder per label.");
        }
        if (options.Compute == EvalOptions.EightBits && classifier.Card.Ranges is null)
        {
            Quantize(classifier, manifest, subjects, threads, notes);
        }
        List<Judgement> judged = Judge(recognizer, classifier.Card, subjects, classes, threads, notes, progress, cancelled);
        if (judged.Count == 0)
        {
            throw new InputException($"None of the {subjects.Count} frames of '{data}' can be read; the first: {notes[^1]}");
        }
        manifest?.AddPredictions(RunName(run), judged.Select(j => Row(j, RunName(run), classifier.Card.Labels)));
        Evaluation? adapted = null;
        if (options.Adapt)
        {
            Sample[] mixed = [.. judged.Select(j => new Sample(j.Path, Batch.Ignored))];
            new Random(1).Shuffle(mixed);
            recognizer.Adapt(new BatchLoader(mixed, classifier.Card.Size, BatchSize, threads));
            adapted = new Evaluation(classifier.Card.Labels, Judge(recognizer, classifier.Card, subjects, classes, threads, [], progress, cancelled));
        }
        return new EvalResult(new Evaluation(classifier.Card.Labels, judged), classifier.Card, what, notes, looks, adapted);
    }

    private static void Quantize(Classifier classifier, Manifest? manifest, List<Subject> subjects, int threads, List<string> notes)
    {
        string[] frames = manifest is null ? [] : [.. manifest.Select().Where(frame => frame.Split == "train").Select(manifest.PathOf)];
        if (frames.Length == 0)
        {
            frames = [.. subjects.Select(subject => subject.Path)];
            notes.Add("There is no train split: the ranges of 8 bits come from the frames that are judged, without their labels.");
        }
        new Random(1).Shuffle(frames);
        classifier.Quantize(new BatchLoader([.. frames.Take(FramesForRanges).Select(path => new Sample(path, Batch.Ignored))], classifier.Card.Size, BatchSize, threads));
    }

    private static List<Judgement> Judge(Recognizer recognizer, Card card, List<Subject> subjects, Dictionary<string, int> classes, int threads, List<string> notes, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        List<Judgement> judged = new(subjects.Count);
        BatchLoader loader = new([.. subjects.Select(s => new Sample(s.Path, classes[s.Label]))], card.Size, BatchSize, threads);
        int count = card.Labels.Count;
        int[] order = new int[count];
        foreach ((Batch batch, float[] probabilities, HandBox?[] boxes) in recognizer.Judge(loader))
        {
            cancelled.ThrowIfCancellationRequested();
            for (int i = 0; i < batch.Count; i++)
            {
                if (batch.Labels[i] == Batch.Ignored)
                {
                    continue;
                }
                float[] row = probabilities.AsSpan(i * count, count).ToArray();
                for (int k = 0; k < count; k++)
                {
                    order[k] = k;
                }
                Array.Sort(order, (a, b) => row[a] != row[b] ? row[b].CompareTo(row[a]) : a - b);
                int[] top = order[..Math.Min(TopFew, count)];
                Subject subject = subjects[batch.Indices[i]];
                judged.Add(new Judgement(subject.Path, subject.FrameId, (int)batch.Labels[i], subject.Source, subject.Signer, top, [.. top.Select(t => row[t])], boxes[i]));
            }
            progress?.Report(new Progress("Judging", Math.Min(judged.Count + loader.Failed.Count, subjects.Count), subjects.Count));
        }
        notes.AddRange(loader.Failed.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value));
        return judged;
    }

    private static (List<Subject> Subjects, string What) InManifest(Manifest manifest, string data, string? split, Card card, List<string> notes)
    {
        IReadOnlyList<FrameRow> kept = manifest.Select();
        split ??= kept.Any(f => f.Split == "test") ? "test" : null;
        List<FrameRow> frames = [.. kept.Where(f => split is null || f.Split == split)];
        if (frames.Count == 0)
        {
            throw new InputException($"'{manifest.Path}' has no kept frames{(split is null ? "" : $" in the split '{split}'")}; choose another --split, or cull again.");
        }
        if (manifest.ContentHash() == card.ManifestHash && frames.Any(f => f.Split is "train" or null))
        {
            notes.Add("The model was trained on some of these frames: the figures say nothing of new pictures.");
        }
        Dictionary<long, SourceRow> sources = manifest.Sources().ToDictionary(s => s.Id);
        return ([.. frames.Select(f => new Subject(manifest.PathOf(f), f.Label, f.Id, Path.GetFileName(sources[f.SourceId].Path.TrimEnd('/')), sources[f.SourceId].Signer))],
            $"{data}, {(split is null ? "all kept frames" : $"split {split}")}");
    }

    private static List<Subject> InFolder(string folder) =>
    [
        .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .SelectMany(label => Directory.EnumerateFiles(label).Order(StringComparer.Ordinal)
                .Where(f => ImageFile.Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()))
                .Select(f => new Subject(f, Path.GetFileName(label), 0, Path.GetFileName(Path.GetFullPath(folder)), null))),
    ];

    private static string RunName(string run) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run)));

    private static PredictionRow Row(Judgement judged, string run, IReadOnlyList<string> labels) =>
        new(run, judged.FrameId, labels[judged.Top[0]], judged.Confidences[0], [.. judged.Top.Zip(judged.Confidences, (t, c) => new LabelConfidence(labels[t], c))], judged.Box);
}
