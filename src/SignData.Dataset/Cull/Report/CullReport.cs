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
    private readonly IReadOnlyList<FrameRow> kept, culled;
    private readonly Func<FrameRow, string> fileOf;

    private CullReport(CullSummary summary, int? perLabel, Manifest manifest)
    {
        (this.summary, this.perLabel, fileOf) = (summary, perLabel, manifest.PathOf);
        var frames = manifest.Select(includeCulled: true);
        (kept, culled) = ([.. frames.Where(frame => frame.Culled is null)], [.. frames.Where(frame => frame.Culled is not null)]);
        page = new HtmlPage("Dataset report", Path.GetFileName(manifest.Path) == Manifest.FileName ? Path.GetFileName(manifest.Folder) : Path.GetFileName(manifest.Path));
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="summary">What the run came to; its manifest is there.</param>
    /// <param name="perLabel">The number of frames of a label that was wanted; null for all.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, CullSummary summary, int? perLabel)
    {
        ArgumentNullException.ThrowIfNull(summary);
        using var manifest = Manifest.Open(summary.Manifest);
        var report = new CullReport(summary, perLabel, manifest);
        report.Head(manifest.Sources());
        report.Labels();
        report.Reasons();
        report.Sheets();
        report.Worst();
        report.page.Write(path);
    }

    private void Head(IReadOnlyList<SourceRow> sources)
    {
        var (signers, sessions) = (sources.Select(source => source.Signer).OfType<string>().Distinct().Count(), sources.Select(source => source.Session).OfType<string>().Distinct().Count());
        page.Add($"""
            <div class="tiles"><div><b>{summary.Kept}</b>frames kept<small>of {summary.Frames}</small></div>
            <div><b>{summary.Labels.Count}</b>labels<small>{summary.Labels.Values.Min()} to {summary.Labels.Values.Max()} frames each</small></div>
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
        page.Add($"<svg viewBox=\"0 -6 {left + width + 60} {(labels.Length * row) + 28}\">{svg}</svg>");
    }

    private void Reasons()
    {
        if (culled.Count == 0)
        {
            return;
        }
        page.Section("Set aside", "Why, and how many; each frame's row in the manifest says it too.").Add($"<table class=\"labels\"><tr><th>reason<th>frames<th>of all");
        foreach (var (reason, count) in summary.Culled.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal))
        {
            page.Add($"<tr><th>{Text(reason.Replace('_', ' '))}<td>{count}<td>{Percent((double)count / summary.Frames)}");
        }
        page.Add($"</table>");
    }

    private void Sheets()
    {
        var labels = kept.GroupBy(frame => frame.Label).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        page.Section("Samples", $"Kept frames of each label, evenly from first to last{(labels.Count > MostLabels ? $"; the first {MostLabels} of {labels.Count} labels" : "")}.");
        foreach (var label in labels.Take(MostLabels))
        {
            var all = label.OrderBy(frame => frame.SourceId).ThenBy(frame => frame.Position).ThenBy(frame => frame.Path, StringComparer.Ordinal).ToList();
            var step = Math.Max(1.0, (double)all.Count / Samples);
            page.Add($"<h3>{Text(label.Key)} <small>{all.Count} frames</small></h3>");
            Sheet(Enumerable.Range(0, Math.Min(Samples, all.Count)).Select(i => (all[(int)(i * step)], "")));
        }
    }

    private void Worst()
    {
        var reasons = culled.GroupBy(frame => frame.Culled!.Split(':')[0]).Where(reason => !Choices.Contains(reason.Key)).OrderBy(reason => reason.Key, StringComparer.Ordinal).ToList();
        if (reasons.Count > 0)
        {
            page.Section("What the checks set aside", $"The worst of each{(reasons.Count > MostReasons ? $"; the first {MostReasons} of {reasons.Count} reasons" : "")}.");
        }
        foreach (var reason in reasons.Take(MostReasons))
        {
            page.Add($"<h3>{Text(reason.Key)} <small>{reason.Count()} frames</small></h3>");
            var measure = Measure.All.FirstOrDefault(measure => reason.Key.Contains(measure.Reason, StringComparison.Ordinal));
            Sheet((measure is null ? reason : measure.WorstFirst(reason)).Take(Samples).Select(frame => (frame, frame.Culled!.Split(": ", 2) is [_, var detail] ? detail : "")));
        }
        page.Section("The worst that was kept", "Where each score is nearest to its threshold: the place to look before it is changed.");
        foreach (var measure in Measure.All.Where(measure => kept.Any(frame => measure.Of(frame) is not null)))
        {
            page.Add($"<h3>{Text(measure.Name)}</h3>");
            Sheet(measure.WorstFirst(kept).Take(Samples).Select(frame => (frame, string.Create(CultureInfo.InvariantCulture, $"{frame.Label}: {measure.Of(frame):0.000}"))));
        }
    }

    private void Sheet(IEnumerable<(FrameRow Frame, string Caption)> frames)
    {
        var figures = frames.AsParallel().AsOrdered().Select(shown =>
            $"<figure title=\"{Text(shown.Frame.Path)}\">{Thumbnail(fileOf(shown.Frame), Side)}{(shown.Caption.Length > 0 ? $"<figcaption>{Text(shown.Caption)}</figcaption>" : "")}</figure>");
        page.Add($"<div class=\"sheet\">{string.Concat(figures)}</div>");
    }

    /// <summary>A score by which frames are set aside.</summary>
    /// <param name="Name">Its worst end, in words.</param>
    /// <param name="Reason">What reasons of culling by it hold.</param>
    /// <param name="Of">A frame's score; null when it was not measured.</param>
    /// <param name="HighIsWorse">Which end is the worst.</param>
    private sealed record Measure(string Name, string Reason, Func<FrameRow, double?> Of, bool HighIsWorse = false)
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

        public IEnumerable<FrameRow> WorstFirst(IEnumerable<FrameRow> frames) => frames.Where(frame => Of(frame) is not null)
            .OrderBy(frame => HighIsWorse ? -Of(frame) : Of(frame)).ThenBy(frame => frame.Path, StringComparer.Ordinal);
    }
}
