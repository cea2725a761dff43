using System.Globalization;
using System.Net;
using System.Text;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset.Reports;

/// <summary>An HTML file that needs nothing beside it: pictures are inlined, the colours follow the reader's light or dark setting.</summary>
public sealed class HtmlPage
{
    private readonly StringBuilder html = new();

    /// <summary>A page with a heading.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="subtitle">Plain text below the heading.</param>
    /// <param name="style">CSS for what only this page has.</param>
    public HtmlPage(string title, string subtitle, string style = "") => html.Append(CultureInfo.InvariantCulture, $"""
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{Text(title)}</title><style>{Style}{style}</style>
        <h1>{Text(title)}</h1><p class="sub">{Text(subtitle)}</p>

        """);

    /// <summary>Adds a part of the page.</summary>
    /// <param name="part">HTML; what is in it from outside went through <see cref="Text"/>.</param>
    public HtmlPage Add(FormattableString part)
    {
        ArgumentNullException.ThrowIfNull(part);
        html.Append(part.ToString(CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <summary>Adds a section's heading with a line of explanation.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="subtitle">Plain text.</param>
    public HtmlPage Section(string title, string subtitle) => Add($"<h2>{Text(title)}</h2><p class=\"sub\">{Text(subtitle)}</p>");

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new InputException($"'{path}' is a folder where a page should be: name a file.");
        }
        Files.MakeFolder(Path.GetDirectoryName(full)!);
        Files.WriteWhole(full, Encoding.UTF8.GetBytes(html + "</html>\n"));
    }

    /// <summary>Any text, so that a browser shows it as it is.</summary>
    /// <param name="text">Plain text, from anywhere.</param>
    public static string Text(string text) => WebUtility.HtmlEncode(Files.Printable(text));

    /// <summary>A part of a whole, such as 12.5 %.</summary>
    /// <param name="part">0 to 1.</param>
    public static string Percent(double part) => part.ToString("0.0 %", CultureInfo.InvariantCulture).Replace(" ", "\u202f", StringComparison.Ordinal);

    /// <summary>A picture, made small and inlined; words where it cannot be read.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="side">The longer side in pixels, at most.</param>
    public static string Thumbnail(string path, int side)
    {
        try
        {
            var image = ImageFile.Read(path, side);
            var scale = (double)side / Math.Max(image.Width, image.Height);
            var small = scale < 1 ? Resample.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))) : image;
            return $"<img alt=\"\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(ImageFile.EncodeJpeg(small, 80))}\">";
        }
        catch (InputException)
        {
            return "<span class=\"none\">cannot be read</span>";
        }
    }

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b2733;--soft:#5c6b7a;--line:#dfe5ea;--paper:#fff;--tile:#f3f6f8;--go:#1f778c;--mid:#7fb2be;--end:#d9a441;--warn:#c44724}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa9b8;--line:#2c3843;--paper:#10161c;--tile:#19222b;--go:#4fb3ca;--mid:#2f6b79;--end:#c08f35;--warn:#e8754f}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1060px;margin:2.5rem auto;padding:0 1.25rem}
        h1{margin:0;font-size:1.7rem}h2{margin:2.2rem 0 .2rem;font-size:1.15rem}h3{margin:1.1rem 0 .3rem;font-size:1rem}h3 small{display:inline;font-weight:400}
        .sub,small{color:var(--soft)}.sub{margin:.1rem 0 .8rem;overflow-wrap:anywhere}small{display:block;font-size:.8rem}
        .tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin-bottom:.8rem}.tiles div{flex:1 1 120px;background:var(--tile);border-radius:10px;padding:.9rem 1.1rem}.tiles b{display:block;font-size:1.9rem;line-height:1.2;font-weight:650}
        .note{border-left:4px solid var(--warn);background:var(--tile);padding:.5rem .9rem;margin:.8rem 0}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}.labels th,.labels td{padding:.18rem .9rem .18rem 0;text-align:left;border-bottom:1px solid var(--line)}.wide{overflow-x:auto}
        figure{margin:0}figcaption{font-size:.85rem;margin-top:.25rem;overflow-wrap:anywhere}img,.none{border-radius:8px;display:block}.none{background:var(--tile);color:var(--soft);padding:1.5rem .5rem;text-align:center;font-size:.8rem}
        .pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:1.2rem}.pairs figure{background:var(--tile);border-radius:10px;padding:.7rem}.pairs .two{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}.pairs img{width:100%}
        .chart{min-width:600px}.sheet{display:flex;flex-wrap:wrap;gap:.4rem;align-items:flex-start}.sheet img{max-height:96px;border-radius:6px}.sheet figure{max-width:120px}.sheet figcaption{font-size:.72rem;line-height:1.3;color:var(--soft)}
        svg{display:block;width:100%;height:auto;overflow:visible}svg text{font-size:13px;fill:var(--ink)}svg .soft{fill:var(--soft)}.train{fill:var(--go);background:var(--go)}.valid{fill:var(--mid);background:var(--mid)}.test{fill:var(--end);background:var(--end)}.dropped{fill:var(--line);background:var(--line)}.size{stroke:var(--warn);stroke-width:1.5;stroke-dasharray:5 4}
        .legend span{display:inline-block;margin-right:1.2rem}.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin-right:.4rem}
        """;
}
