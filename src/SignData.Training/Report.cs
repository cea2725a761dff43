using System.Globalization;
using SignData.Dataset.Batches;
using SignData.Dataset.Reports;
using static SignData.Dataset.Reports.HtmlPage;

namespace SignData.Training;

/// <summary>The evaluation as one HTML file that needs nothing beside it.</summary>
public static class Report
{
    private const int MostMistakes = 24, MostSlices = 40, ThumbnailSide = 160;

    /// <summary>Writes the report, atomically.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="result">What it shows.</param>
    /// <param name="history">The run's <c>history.csv</c>, or a file that is not there.</param>
    public static void Write(string path, EvalResult result, string history)
    {
        ArgumentNullException.ThrowIfNull(result);
        Evaluation evaluation = result.Evaluation;
        HtmlPage page = new("Sign classifier report", $"{result.Card.Architecture} at {result.Card.Size} px, judged on {result.Data}", Style);
        page.Add($"""
            <div class="tiles">
            <div><b>{Percent(evaluation.Accuracy)}</b>accuracy<small>95 %: {Percent(evaluation.Interval[0])} to {Percent(evaluation.Interval[1])}</small></div>
            <div><b>{Percent(evaluation.Top3)}</b>in the top three</div>
            <div><b>{evaluation.Frames.Count}</b>frames<small>{evaluation.BySource.Count} {(evaluation.BySource.Count == 1 ? "source" : "sources")}{(evaluation.BySigner.Count > 0 ? $", {evaluation.BySigner.Count} {(evaluation.BySigner.Count == 1 ? "signer" : "signers")}" : "")}</small></div>
            <div><b>{evaluation.Labels.Count}</b>labels<small>guessing: {Percent(1.0 / evaluation.Labels.Count)}</small></div>
            </div>
            """);
        if (result.Adapted is { } adapted)
        {
            page.Add($"<p class=\"sub\">With BatchNorm's statistics taken from these frames, without their labels: {Percent(adapted.Accuracy)} (95 %: {Percent(adapted.Interval[0])} to {Percent(adapted.Interval[1])}). All else here is without.</p>");
        }
        foreach (string note in result.Notes)
        {
            page.Add($"<p class=\"note\">{Text(note)}</p>");
        }
        Labels(page, evaluation);
        Confusion(page, evaluation);
        Mistakes(page, evaluation);
        Slices(page, "By signer", evaluation.BySigner);
        Slices(page, "By source", evaluation.BySource);
        Training(page, result.Card, history);
        page.Write(path);
    }

    private static void Labels(HtmlPage page, Evaluation evaluation)
    {
        page.Section("Per label", "Recall: of the frames that show it, how many were found. Precision: of the frames called it, how many are.").Add($"<table class=\"labels\"><tr><th>label<th>frames<th>recall<th>precision<th>most often taken for");
        for (int label = 0; label < evaluation.Labels.Count; label++)
        {
            LabelScore score = evaluation.Score(label);
            if (score is { Frames: 0, Precision: null })
            {
                continue;
            }
            page.Add($"<tr><th>{Text(evaluation.Labels[label])}<td>{score.Frames}<td>{Bar(score.Recall)}<td>{Bar(score.Precision)}<td>{TakenFor(evaluation, label)}");
        }
        page.Add($"</table>");
    }

    private static string TakenFor(Evaluation evaluation, int label)
    {
        IEnumerable<string> others = Enumerable.Range(0, evaluation.Labels.Count)
            .Where(o => o != label && evaluation.Confusion[label, o] > 0)
            .OrderByDescending(o => evaluation.Confusion[label, o]).Take(3)
            .Select(o => $"{Text(evaluation.Labels[o])} ({evaluation.Confusion[label, o]})");
        return string.Join(", ", others);
    }

    private static void Confusion(HtmlPage page, Evaluation evaluation)
    {
        int[] shown = [.. Enumerable.Range(0, evaluation.Labels.Count).Where(l => evaluation.Score(l) is not { Frames: 0, Precision: null })];
        page.Section("Confusion", "Rows: the true label. Columns: what the model says.").Add($"<div class=\"wide\"><table class=\"confusion\"><tr><th>");
        foreach (int column in shown)
        {
            page.Add($"<th>{Text(evaluation.Labels[column])}");
        }
        foreach (int row in shown)
        {
            int frames = Math.Max(1, evaluation.Score(row).Frames);
            page.Add($"<tr><th>{Text(evaluation.Labels[row])}");
            foreach (int column in shown)
            {
                int count = evaluation.Confusion[row, column];
                double part = Math.Sqrt((double)count / frames);
                string colour = count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" style=\"background:rgb({(row == column ? "31 119 140" : "196 71 36")} / {part:0.00});{(part > 0.6 ? "color:#fff" : "")}\"");
                page.Add($"<td{colour} title=\"{Text(evaluation.Labels[row])} taken for {Text(evaluation.Labels[column])}: {count}\">{(count > 0 ? count : "")}");
            }
        }
        page.Add($"</table></div>");
    }

    private static void Mistakes(HtmlPage page, Evaluation evaluation)
    {
        Judgement[] worst = [.. evaluation.Mistakes.Take(MostMistakes)];
        int mistakes = evaluation.Frames.Count(f => !f.Right);
        page.Section("Worst mistakes", mistakes == 0 ? "None." : $"{mistakes} of {evaluation.Frames.Count} frames are wrong; these are the surest of them{(worst.Any(w => w.Box is not null) ? ", framed where the hand was found" : "")}.").Add($"<div class=\"grid\">");
        foreach (Judgement mistake in worst)
        {
            page.Add($"<figure><div class=\"seen\">{Thumbnail(mistake.Path, ThumbnailSide)}{Frame(mistake.Box)}</div><figcaption><b>{Text(evaluation.Labels[mistake.Label])}</b> taken for <b>{Text(evaluation.Labels[mistake.Top[0]])}</b> ({Percent(mistake.Confidences[0])})<small>{Text(Path.GetFileName(mistake.Path))}</small></figcaption></figure>");
        }
        page.Add($"</div>");
    }

    private static string Frame(HandBox? box) => box is not { } hand ? "" : string.Create(
        CultureInfo.InvariantCulture, $"<i style=\"left:{hand.Left * 100:0.0}%;top:{hand.Top * 100:0.0}%;width:{hand.Width * 100:0.0}%;height:{hand.Height * 100:0.0}%\"></i>");

    private static void Slices(HtmlPage page, string title, IReadOnlyList<Slice> slices)
    {
        if (slices.Count == 0)
        {
            return;
        }
        page.Section(title, $"Worst first{(slices.Count > MostSlices ? $"; {MostSlices} of {slices.Count}" : "")}.").Add($"<table class=\"labels\"><tr><th>name<th>frames<th>accuracy<th>95 %");
        foreach (Slice slice in slices.Take(MostSlices))
        {
            page.Add($"<tr><th>{Text(slice.Name)}<td>{slice.Frames}<td>{Bar(slice.Accuracy)}<td>{Percent(slice.Interval[0])} to {Percent(slice.Interval[1])}");
        }
        page.Add($"</table>");
    }

    private static void Training(HtmlPage page, Card card, string history)
    {
        page.Add($"<h2>Training</h2>");
        double[][] epochs = History(history);
        if (epochs.Length > 1)
        {
            page.Add($"<div class=\"curves\">{Curve("loss", [.. epochs.Select(e => e[1])], percent: false)}");
            if (epochs.All(e => double.IsFinite(e[2])))
            {
                page.Add($"{Curve("validation accuracy", [.. epochs.Select(e => e[2])], percent: true)}");
            }
            page.Add($"</div>");
        }
        TrainOptions o = card.Options;
        page.Add($"""
            <table class="facts"><tr><th>epoch<td>{card.Epoch} of {o.Epochs}<tr><th>validation accuracy<td>{(card.ValidAccuracy is { } v ? Percent(v) : "no validation split")}
            <tr><th>batch<td>{o.Batch}<tr><th>peak learning rate<td>{o.Optimizer.Peak:g}<tr><th>weight decay<td>{o.Optimizer.Decay:g}<tr><th>label smoothing<td>{o.LabelSmoothing:g}
            <tr><th>augmentation<td>{Text(o.Augment)}<tr><th>seed<td>{o.Seed}<tr><th>compute<td>{Text(card.Compute)}<tr><th>manifest<td><code>{Text(card.ManifestHash)}</code></table>
            """);
    }

    private static double[][] History(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }
        return
        [
            .. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length >= 5)
                .Select(cells => cells.Select(c => double.TryParse(c, CultureInfo.InvariantCulture, out double value) ? value : double.NaN).ToArray()),
        ];
    }

    private static string Curve(string title, double[] values, bool percent)
    {
        const double width = 320, height = 120;
        double low = percent ? 0 : Math.Min(0, values.Min()), high = percent ? 1 : values.Max();
        IEnumerable<string> points = values.Select((v, i) => string.Create(CultureInfo.InvariantCulture, $"{i * width / (values.Length - 1):0.0},{height - ((v - low) / Math.Max(1e-9, high - low) * height):0.0}"));
        string end = percent ? Percent(values[^1]) : values[^1].ToString("0.000", CultureInfo.InvariantCulture);
        return $"<figure><svg viewBox=\"-4 -4 {width + 8} {height + 8}\"><path d=\"M0 0V{height}H{width}\" class=\"axis\"/><polyline points=\"{string.Join(' ', points)}\"/></svg><figcaption>{title}, {values.Length} epochs; at last {end}</figcaption></figure>";
    }

    private static string Bar(double? part) => part is not { } value ? "" :
        string.Create(CultureInfo.InvariantCulture, $"<div class=\"bar\"><i style=\"width:{value * 100:0.0}%\"></i></div>{Percent(value)}");

    private const string Style = """
        .labels th,.labels td,.facts th,.facts td{white-space:nowrap}.facts th,.facts td{padding:.18rem .9rem .18rem 0;text-align:left;border-bottom:1px solid var(--line)}.facts th{font-weight:400;color:var(--soft)}
        .bar{display:inline-block;width:130px;height:.62rem;background:var(--line);border-radius:4px;margin-right:.6rem;overflow:hidden}.bar i{display:block;height:100%;background:var(--go)}
        .wide{overflow-x:auto}.confusion th{font-size:.72rem;font-weight:600;padding:1px 4px}.confusion td{width:26px;min-width:26px;height:26px;text-align:center;font-size:.72rem;border:1px solid var(--line)}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:.8rem}.grid img{width:100%;display:block}.seen{position:relative;overflow:hidden}.seen i{position:absolute;border:2px solid #30c060;box-sizing:border-box}
        .curves{display:flex;flex-wrap:wrap;gap:2rem}.curves svg{width:320px;overflow:visible}.curves polyline{fill:none;stroke:var(--go);stroke-width:2}.axis{fill:none;stroke:var(--line)}code{font-size:.8rem;overflow-wrap:anywhere}
        """;
}
