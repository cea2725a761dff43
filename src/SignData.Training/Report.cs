using System.Globalization;
using System.Net;
using System.Text;
using SignData.Core;
using SignData.Vision;

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
        StringBuilder html = new();
        Evaluation evaluation = result.Evaluation;
        html.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>{Percent(evaluation.Accuracy)} · {Text(result.Card.Architecture)}</title><style>{Style}</style>
            <h1>Sign classifier report</h1><p class="sub">{Text(result.Card.Architecture)} at {result.Card.Size} px, judged on {Text(result.Data)}</p>
            <div class="tiles">
            <div><b>{Percent(evaluation.Accuracy)}</b>accuracy<small>95 %: {Percent(evaluation.Interval[0])} to {Percent(evaluation.Interval[1])}</small></div>
            <div><b>{Percent(evaluation.Top3)}</b>in the top three</div>
            <div><b>{evaluation.Frames.Count}</b>frames<small>{evaluation.BySource.Count} {(evaluation.BySource.Count == 1 ? "source" : "sources")}{(evaluation.BySigner.Count > 0 ? $", {evaluation.BySigner.Count} {(evaluation.BySigner.Count == 1 ? "signer" : "signers")}" : "")}</small></div>
            <div><b>{evaluation.Labels.Count}</b>labels<small>guessing: {Percent(1.0 / evaluation.Labels.Count)}</small></div>
            </div>
            """);
        foreach (string note in result.Notes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Text(note)}</p>");
        }
        Labels(html, evaluation);
        Confusion(html, evaluation);
        Mistakes(html, evaluation);
        Slices(html, "By signer", evaluation.BySigner);
        Slices(html, "By source", evaluation.BySource);
        Training(html, result.Card, history);
        html.Append("</html>\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string part = path + ".part";
        File.WriteAllText(part, html.ToString());
        File.Move(part, path, overwrite: true);
    }

    private static void Labels(StringBuilder html, Evaluation evaluation)
    {
        html.Append("<h2>Per label</h2><p class=\"sub\">Recall: of the frames that show it, how many were found. Precision: of the frames called it, how many are.</p><table class=\"labels\"><tr><th>label<th>frames<th>recall<th>precision<th>most often taken for");
        for (int label = 0; label < evaluation.Labels.Count; label++)
        {
            LabelScore score = evaluation.Score(label);
            if (score is { Frames: 0, Precision: null })
            {
                continue;
            }
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(evaluation.Labels[label])}<td>{score.Frames}<td>{Bar(score.Recall)}<td>{Bar(score.Precision)}<td>{TakenFor(evaluation, label)}");
        }
        html.Append("</table>");
    }

    private static string TakenFor(Evaluation evaluation, int label)
    {
        IEnumerable<string> others = Enumerable.Range(0, evaluation.Labels.Count)
            .Where(o => o != label && evaluation.Confusion[label, o] > 0)
            .OrderByDescending(o => evaluation.Confusion[label, o]).Take(3)
            .Select(o => $"{Text(evaluation.Labels[o])} ({evaluation.Confusion[label, o]})");
        return string.Join(", ", others);
    }

    private static void Confusion(StringBuilder html, Evaluation evaluation)
    {
        int[] shown = [.. Enumerable.Range(0, evaluation.Labels.Count).Where(l => evaluation.Score(l) is not { Frames: 0, Precision: null })];
        html.Append("<h2>Confusion</h2><p class=\"sub\">Rows: the true label. Columns: what the model says.</p><div class=\"wide\"><table class=\"confusion\"><tr><th>");
        foreach (int column in shown)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>{Text(evaluation.Labels[column])}");
        }
        foreach (int row in shown)
        {
            int frames = Math.Max(1, evaluation.Score(row).Frames);
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(evaluation.Labels[row])}");
            foreach (int column in shown)
            {
                int count = evaluation.Confusion[row, column];
                double part = Math.Sqrt((double)count / frames);
                string colour = count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" style=\"background:rgb({(row == column ? "31 119 140" : "196 71 36")} / {part:0.00});{(part > 0.6 ? "color:#fff" : "")}\"");
                html.Append(CultureInfo.InvariantCulture, $"<td{colour} title=\"{Text(evaluation.Labels[row])} taken for {Text(evaluation.Labels[column])}: {count}\">{(count > 0 ? count : "")}");
            }
        }
        html.Append("</table></div>");
    }

    private static void Mistakes(StringBuilder html, Evaluation evaluation)
    {
        Judgement[] worst = [.. evaluation.Mistakes.Take(MostMistakes)];
        int mistakes = evaluation.Frames.Count(f => !f.Right);
        html.Append(CultureInfo.InvariantCulture, $"<h2>Worst mistakes</h2><p class=\"sub\">{(mistakes == 0 ? "None." : $"{mistakes} of {evaluation.Frames.Count} frames are wrong; these are the surest of them.")}</p><div class=\"grid\">");
        foreach (Judgement mistake in worst)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure>{Thumbnail(mistake.Path)}<figcaption><b>{Text(evaluation.Labels[mistake.Label])}</b> taken for <b>{Text(evaluation.Labels[mistake.Top[0]])}</b> ({Percent(mistake.Confidences[0])})<small>{Text(Path.GetFileName(mistake.Path))}</small></figcaption></figure>");
        }
        html.Append("</div>");
    }

    private static string Thumbnail(string path)
    {
        try
        {
            Image image = ImageFile.Read(path, ThumbnailSide);
            double scale = (double)ThumbnailSide / Math.Max(image.Width, image.Height);
            Image small = scale < 1 ? Resample.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))) : image;
            return $"<img alt=\"\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(ImageFile.EncodeJpeg(small, 85))}\">";
        }
        catch (InputException)
        {
            return "<span>no longer readable</span>";
        }
    }

    private static void Slices(StringBuilder html, string title, IReadOnlyList<Slice> slices)
    {
        if (slices.Count == 0)
        {
            return;
        }
        html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2><p class=\"sub\">Worst first{(slices.Count > MostSlices ? $"; {MostSlices} of {slices.Count}" : "")}.</p><table class=\"labels\"><tr><th>name<th>frames<th>accuracy<th>95 %");
        foreach (Slice slice in slices.Take(MostSlices))
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(slice.Name)}<td>{slice.Frames}<td>{Bar(slice.Accuracy)}<td>{Percent(slice.Interval[0])} to {Percent(slice.Interval[1])}");
        }
        html.Append("</table>");
    }

    private static void Training(StringBuilder html, Card card, string history)
    {
        html.Append("<h2>Training</h2>");
        double[][] epochs = History(history);
        if (epochs.Length > 1)
        {
            html.Append("<div class=\"curves\">").Append(Curve("loss", [.. epochs.Select(e => e[1])], percent: false));
            if (epochs.All(e => double.IsFinite(e[2])))
            {
                html.Append(Curve("validation accuracy", [.. epochs.Select(e => e[2])], percent: true));
            }
            html.Append("</div>");
        }
        TrainOptions o = card.Options;
        html.Append(CultureInfo.InvariantCulture, $"""
            <table class="facts"><tr><th>epoch<td>{card.Epoch} of {o.Epochs}<tr><th>validation accuracy<td>{(card.ValidAccuracy is { } v ? Percent(v) : "no validation split")}
            <tr><th>batch<td>{o.Batch}<tr><th>peak learning rate<td>{o.LearningRate:g}<tr><th>weight decay<td>{o.WeightDecay:g}<tr><th>label smoothing<td>{o.LabelSmoothing:g}
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
            .. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length == 5)
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

    private static string Percent(double part) => part.ToString("0.0 %", CultureInfo.InvariantCulture).Replace(" ", "\u202f", StringComparison.Ordinal);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b2733;--soft:#5c6b7a;--line:#dfe5ea;--paper:#fff;--tile:#f3f6f8;--go:#1f778c;--warn:#c44724}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa9b8;--line:#2c3843;--paper:#10161c;--tile:#19222b;--go:#4fb3ca;--warn:#e8754f}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1060px;margin:2.5rem auto;padding:0 1.25rem}
        h1{margin:0;font-size:1.7rem}h2{margin:2.2rem 0 .2rem;font-size:1.15rem}.sub,small{color:var(--soft)}.sub{margin:.1rem 0 .8rem;overflow-wrap:anywhere}small{display:block;font-size:.8rem}
        .tiles{display:flex;flex-wrap:wrap;gap:.8rem}.tiles div{flex:1 1 150px;background:var(--tile);border-radius:10px;padding:.9rem 1.1rem}.tiles b{display:block;font-size:1.9rem;line-height:1.2;font-weight:650}
        .note{border-left:4px solid var(--warn);background:var(--tile);padding:.5rem .9rem;margin:.8rem 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}.labels th,.labels td,.facts th,.facts td{padding:.18rem .9rem .18rem 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}.facts th{font-weight:400;color:var(--soft)}
        .bar{display:inline-block;width:130px;height:.62rem;background:var(--line);border-radius:4px;margin-right:.6rem;overflow:hidden}.bar i{display:block;height:100%;background:var(--go)}
        .wide{overflow-x:auto}.confusion th{font-size:.72rem;font-weight:600;padding:1px 4px}.confusion td{width:26px;min-width:26px;height:26px;text-align:center;font-size:.72rem;border:1px solid var(--line)}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:.8rem}figure{margin:0}.grid img{width:100%;border-radius:8px;display:block}figcaption{font-size:.85rem;margin-top:.25rem;overflow-wrap:anywhere}
        .curves{display:flex;flex-wrap:wrap;gap:2rem}.curves svg{width:320px;overflow:visible}.curves polyline{fill:none;stroke:var(--go);stroke-width:2}.axis{fill:none;stroke:var(--line)}code{font-size:.8rem;overflow-wrap:anywhere}
        """;
}
