using SignData.Core;
using SignData.Dataset.Reports;
using static SignData.Dataset.Reports.HtmlPage;

namespace SignData.Dataset;

/// <summary>What a check found as a page to look at: counts, and the pairs side by side.</summary>
public static class LeakPage
{
    private const int Side = 200, MostNames = 12;

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="summary">What was found.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, LeakSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var page = new HtmlPage(summary.Leaked ? "Leaks" : "No leak", string.Join(" · ", summary.Sides.Select(side => $"{side.Name}: {side.Frames} frames")));
        page.Add($"""
            <div class="tiles"><div><b>{summary.Frames}</b>frames</div>
            <div><b>{summary.ExactDuplicates}</b>exact duplicates<small>frames with a copy in another part</small></div>
            <div><b>{summary.NearDuplicates}</b>look-alikes<small>frames that look like one in another part</small></div>
            <div><b>{summary.Moments}</b>of one moment<small>frames whose neighbours are in another part</small></div>
            <div><b>{summary.Leaks.SelectMany(leak => leak.Sources).Distinct().Count()}</b>shared videos<small>{summary.Leaks.SelectMany(leak => leak.Signers).Distinct().Count()} shared signers</small></div></div>
            """);
        foreach (var warning in summary.Warnings)
        {
            page.Add($"<p class=\"note\">{Text(warning)}</p>");
        }
        if (summary.Leaks.Count > 0)
        {
            page.Section("What is on both sides", "Frames of the second part that have a copy or a look-alike in the first.");
            page.Add($"<div class=\"wide\"><table class=\"labels\"><tr><th>first<th>second<th>exact<th>look-alikes<th>of one moment<th>of frames<th>signers<th>sessions<th>videos");
            foreach (var leak in summary.Leaks)
            {
                page.Add($"<tr><th>{Text(leak.A)}<th>{Text(leak.B)}<td>{leak.ExactDuplicates}<td>{leak.NearDuplicates} ({Percent((double)leak.NearDuplicates / leak.Frames)})<td>{leak.Moments} ({Percent((double)leak.Moments / leak.Frames)})<td>{leak.Frames}<td>{Some(leak.Signers)}<td>{Some(leak.Sessions)}<td>{Some(leak.Sources)}");
            }
            page.Add($"</table></div>");
        }
        Pairs(page, "Exact duplicates", "The same bytes twice.", summary, LeakKind.Exact);
        Pairs(page, "Look-alikes", "The nearest first, no picture twice.", summary, LeakKind.Near);
        Pairs(page, "Of one moment", "Neighbours in a run of look-alike frames, one pair a run.", summary, LeakKind.Moment);
        page.Write(path);
    }

    private static void Pairs(HtmlPage page, string title, string subtitle, LeakSummary summary, LeakKind kind)
    {
        var pairs = summary.Pairs.Where(pair => pair.Kind == kind).OrderBy(pair => pair.Distance).ToList();
        if (pairs.Count == 0)
        {
            return;
        }
        page.Section(title, subtitle).Add($"<div class=\"pairs\">");
        foreach (var pair in pairs)
        {
            page.Add($"""
                <figure><div class="two">{Half(pair.PathA, pair.LabelA, pair.SideA)}{Half(pair.PathB, pair.LabelB, pair.SideB)}</div>
                <small>{(kind == LeakKind.Exact ? "the same bytes" : $"{pair.Distance} of 64 bits differ")}{(pair.LabelA == pair.LabelB ? "" : ", under two labels")}</small></figure>
                """);
        }
        page.Add($"</div>");
    }

    private static string Half(string path, string label, string side) =>
        $"<div>{Thumbnail(path, Side)}<figcaption><b>{Text(label)}</b> {Text(side)}<small>{Text(Path.GetFileName(path))}</small></figcaption></div>";

    private static string Some(IReadOnlyList<string> names) => Text(string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : ""));
}
