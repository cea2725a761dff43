using System.Globalization;
using System.Text;
using SignData.Core;
using SignData.Dataset.Reports;
using static SignData.Dataset.Reports.HtmlPage;

namespace SignData.Dataset;

/// <summary>What culling came to as a page to look at: numbers per label, reasons, samples, and what each check found worst.</summary>
public sealed class CullReport
{
    private const int Side = 96, Samples = 9, MostLabels = 64, MostReasons = 32;

    private static readonly string[] Splits = ["train", "valid", "test"];

    /// <summary>Reasons that say nothing of a picture.</summary>
    private static readonly string[] Choices = ["over the number per label", "over the number per source", "label not chosen", "missing"];

    private readonly CullSummary summary;
    private readonly int? perLabel;
    private readonly HtmlPage page;
    private readonly IReadOnlyList<Item> kept, culled;

    private CullReport(CullSummary summary, int? perLabel)
    {
        (this.summary, this.perLabel) = (summary, perLabel);
        (kept, culled) = ([.. summary.Items.Where(item => item.Culled is null)], [.. summary.Items.Where(item => item.Culled is not null)]);
        var name = Path.GetFileName(summary.Manifest);
        page = new HtmlPage("Dataset report", name == Manifest.FileName ? Path.GetFileName(Path.GetDirectoryName(summary.Manifest)!) : name);
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="summary">What the run came to.</param>
    /// <param name="perLabel">The number of frames of a label that was wanted; null for all.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, CullSummary summary, int? perLabel)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var report = new CullReport(summary, perLabel);
        report.Head([.. summary.Items.Select(item => item.Source).Distinct((IEqualityComparer<SourceRow>)ReferenceEqualityComparer.Instance).Distinct()]);
        report.Labels();
        report.Reasons();
        report.Sheets();
        report.Worst();
        report.page.Write(path);
    }

    private void Head(IReadOnlyList<SourceRow> sources)
    {
        var (signers, sessions) = (sources.Select(source => source.Signer).OfType<string>().Distinct().Count(), sources.Select(source => source.Session).OfType<string>().Distinct().Count());
        var (least, most) = (summary.Labels.Values.Min(), summary.Labels.Values.Max());
        page.Add($"""
            <div class="tiles"><div><b>{summary.Kept}</b>frames kept<small>of {summary.Frames}</small></div>
            <div><b>{summary.Labels.Count}</b>labels<small>{(least == most ? $"{most}" : $"{least} to {most}")} frames each</small></div>
            <div><b>{summary.Splits.GetValueOrDefault("train")}</b>to learn from<small>{summary.Splits.GetValueOrDefault("valid")} for validation, {summary.Splits.GetValueOrDefault("test")} for the test</small></div>
            <div><b>{sources.Count}</b>{(sources.Count == 1 ? "source" : "sources")}<small>{(signers > 0 ? $"{signers} signers" : "signers unknown")}{(sessions > 0 ? $", {sessions} sessions" : "")}</small></div></div>
            """);
        foreach (var note in summary.Notes)
        {
            page.Add($"<p class=\"sub\">{Text(note)}</p>");
        }
        foreach (var warning in summary.Warnings)
        {
            page.Add($"<p class=\"note\">{Text(warning)}</p>");
        }
    }

    private void Labels()
    {
        const double width = 760, left = 130, row = 22;
        var dropped = culled.CountBy(frame => frame.Label).ToDictionary();
        string[] labels = [.. summary.Labels.Keys.Union(dropped.Keys).Order(StringComparer.Ordinal)];
        var most = Math.Max(perLabel ?? 0, labels.Max(label => summary.Labels.GetValueOrDefault(label) + dropped.GetValueOrDefault(label)));
        var svg = new StringBuilder();
        foreach (var (i, label) in labels.Index())
        {
            var (x, y) = (left, i * row);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{Text(label.Length > 16 ? label[..15] + "…" : label)}</text>");
            foreach (var (name, count) in Splits.Select(split => (split, summary.SplitLabels.GetValueOrDefault(split)?.GetValueOrDefault(label) ?? 0)).Append(("dropped", dropped.GetValueOrDefault(label))))
            {
                var length = count * width / most;
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{name}\" x=\"{x:0.##}\" y=\"{y + 3}\" width=\"{length:0.##}\" height=\"{row - 6}\"><title>{Text(label)}: {count} {(name == "dropped" ? "set aside" : name)}</title></rect>");
                x += length;
            }
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"soft\" x=\"{x + 6:0.##}\" y=\"{y + 15}\">{summary.Labels.GetValueOrDefault(label)}</text>");
        }
        if (perLabel is { } size)
        {
            var x = left + (size * width / most);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"size\" x1=\"{x:0.##}\" x2=\"{x:0.##}\" y1=\"-4\" y2=\"{labels.Length * row}\"/><text class=\"soft\" x=\"{x:0.##}\" y=\"{(labels.Length * row) + 16}\" text-anchor=\"middle\">{size} wanted</text>");
        }
        page.Section("Per label", "Frames kept, by split, and those set aside; the number is that of the kept ones.");
        page.Add($"<p class=\"legend\">{string.Concat(Splits.Append("dropped").Select(name => $"<span><i class=\"{name}\"></i>{(name == "dropped" ? "set aside" : name)}</span>"))}</p>");
        page.Add($"<div class=\"wide\"><svg class=\"chart\" viewBox=\"0 -6 {left + width + 60} {(labels.Length * row) + 28}\">{svg}</svg></div>");
    }

    private void Reasons()
    {
        string[] reasons = [.. summary.Culled.Keys.Union(summary.Flagged.Keys).OrderByDescending(reason => summary.Culled.GetValueOrDefault(reason)).ThenByDescending(reason => summary.Flagged.GetValueOrDefault(reason)).ThenBy(reason => reason, StringComparer.Ordinal)];
        if (reasons.Length == 0)
        {
            return;
        }
        page.Section("Reasons", "Why frames are set aside, or kept with a flag; each frame's row in the manifest says it too.").Add($"<table class=\"labels\"><tr><th>reason<th>set aside<th>of all<th>flagged");
        foreach (var reason in reasons)
        {
            var (gone, flagged) = (summary.Culled.GetValueOrDefault(reason), summary.Flagged.GetValueOrDefault(reason));
            page.Add($"<tr><th>{Text(reason.Replace('_', ' '))}<td>{gone}<td>{Percent((double)gone / summary.Frames)}<td>{flagged}");
        }
        page.Add($"</table>");
    }

    private void Sheets()
    {
        var labels = kept.GroupBy(frame => frame.Label).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        page.Section("Samples", $"Kept frames of each label, evenly from first to last{(labels.Count > MostLabels ? $"; the first {MostLabels} of {labels.Count} labels" : "")}.");
        foreach (var label in labels.Take(MostLabels))
        {
            var all = label.ToList();
            var step = Math.Max(1.0, (double)all.Count / Samples);
            page.Add($"<h3>{Text(label.Key)} <small>{all.Count} frames</small></h3>");
            Sheet(Enumerable.Range(0, Math.Min(Samples, all.Count)).Select(i => (all[(int)(i * step)], "")));
        }
    }

    private void Worst()
    {
        Found("What the checks set aside", culled.Select(frame => (frame, Reason(frame.Culled!))), reason => !Choices.Contains(reason), frame => [frame.Culled!]);
        // Where there is a score, what is flagged is among the worst that was kept.
        Found("What the checks flagged", kept.SelectMany(frame => frame.FlagReasons, (frame, reason) => (frame, reason)), reason => Measure.Of(reason) is null, frame => frame.Flags!.Split("; "));
        page.Section("The worst that was kept", "Where each score is nearest to its threshold: the place to look before it is changed.");
        foreach (var measure in Measure.All.Where(measure => kept.Any(frame => measure.Score(frame) is not null)))
        {
            page.Add($"<h3>{Text(measure.Name)}</h3>");
            Sheet(measure.Worst(kept, Samples).Select(frame => (frame, string.Create(CultureInfo.InvariantCulture, $"{frame.Label}: {measure.Score(frame):0.000}"))));
        }
    }

    /// <summary>A sheet for each reason, the worst first.</summary>
    private void Found(string title, IEnumerable<(Item Frame, string Reason)> found, Func<string, bool> counts, Func<Item, string[]> whysOf)
    {
        var reasons = found.GroupBy(one => one.Reason, one => one.Frame).Where(reason => counts(reason.Key)).OrderBy(reason => reason.Key, StringComparer.Ordinal).ToList();
        if (reasons.Count == 0)
        {
            return;
        }
        page.Section(title, $"The worst of each{(reasons.Count > MostReasons ? $"; the first {MostReasons} of {reasons.Count} reasons" : "")}.");
        foreach (var reason in reasons.Take(MostReasons))
        {
            List<Item> frames = [.. reason.Distinct()];
            page.Add($"<h3>{Text(reason.Key)} <small>{frames.Count} frames</small></h3>");
            Sheet((Measure.Of(reason.Key)?.Worst(frames, Samples) ?? frames.Take(Samples))
                .Select(frame => (frame, whysOf(frame).First(why => Reason(why) == reason.Key).Split(": ", 2) is [_, var detail] ? detail : "")));
        }
    }

    /// <summary>What many frames have in common: the words before the score.</summary>
    private static string Reason(string why) => why.Split(':')[0];

    private void Sheet(IEnumerable<(Item Frame, string Caption)> frames)
    {
        var folder = Path.GetDirectoryName(summary.Manifest)!;
        var figures = frames.AsParallel().AsOrdered().Select(shown =>
            $"<figure title=\"{Text(Path.GetRelativePath(folder, shown.Frame.File))}\">{Thumbnail(shown.Frame.File, Side)}{(shown.Caption.Length > 0 ? $"<figcaption>{Text(shown.Caption)}</figcaption>" : "")}</figure>");
        page.Add($"<div class=\"sheet\">{string.Concat(figures)}</div>");
    }

    /// <summary>A score by which frames are set aside or flagged.</summary>
    /// <param name="Name">Its worst end, in words.</param>
    /// <param name="Check">What reasons by it hold.</param>
    /// <param name="Score">A frame's; null when it was not measured.</param>
    /// <param name="HighIsWorse">Which end is the worst.</param>
    private sealed record Measure(string Name, string Check, Func<Item, double?> Score, bool HighIsWorse = false)
    {
        public static IReadOnlyList<Measure> All { get; } =
        [
            new("least sharp", "blurry", frame => frame.Sharpness),
            new("darkest (highlights)", "dark", frame => frame.Highlights ?? frame.Brightness),
            new("brightest (shadows)", "bright", frame => frame.Shadows ?? frame.Brightness, HighIsWorse: true),
            new("least contrast", "low contrast", frame => frame.Contrast),
            new("least information (entropy)", "low information", frame => frame.Entropy),
            new("least colour", "greyscale", frame => frame.Colour),
        ];

        public static Measure? Of(string reason) => All.FirstOrDefault(measure => reason.Contains(measure.Check, StringComparison.Ordinal));

        /// <summary>The worst, at most so many, the very worst first; there may be millions of frames to choose from.</summary>
        public IReadOnlyList<Item> Worst(IEnumerable<Item> frames, int count)
        {
            // What comes out first is the best of those held.
            var worst = new PriorityQueue<Item, (double Badness, Item Frame)>(Comparer<(double Badness, Item Frame)>.Create((a, b) =>
                a.Badness.CompareTo(b.Badness) is var order and not 0 ? order : Item.CompareFiles(b.Frame, a.Frame)));
            foreach (var frame in frames)
            {
                if (Score(frame) is { } score)
                {
                    var badness = (HighIsWorse ? score : -score, frame);
                    if (worst.Count < count)
                    {
                        worst.Enqueue(frame, badness);
                    }
                    else
                    {
                        worst.EnqueueDequeue(frame, badness);
                    }
                }
            }
            var items = new Item[worst.Count];
            for (var i = items.Length - 1; i >= 0; i--)
            {
                items[i] = worst.Dequeue();
            }
            return items;
        }
    }
}
