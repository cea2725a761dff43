using System.Text.RegularExpressions;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary>The page that cull writes beside its manifest.</summary>
public sealed partial class CullReportTests : IDisposable
{
    private readonly Executable here = new();

    public CullReportTests()
    {
        foreach (var label in (string[])["A", "<b>B</b>"])
        {
            Directory.CreateDirectory(here.At("images", label.Replace('/', '_')));
            for (var i = 0; i < 14; i++)
            {
                var image = new Image(40, 40);
                new Random((1000 * label.Length) + i).NextBytes(image.Pixels);
                ImageFile.Write(here.At("images", label.Replace('/', '_'), $"{i}.png"), image);
            }
        }
        File.WriteAllText(here.At("images", "A", "text.jpg"), "This is no picture.");
        var panorama = new Image(200, 20);
        new Random(9).NextBytes(panorama.Pixels);
        Pictures.Write(here.At("images", "A", "long.png"), panorama);
        File.Copy(here.At("images", "A", "3.png"), here.At("images", "A", "twice.png"));
    }

    public void Dispose() => here.Dispose();

    [Fact]
    public void It_lies_beside_the_manifest_and_shows_labels_the_wanted_size_reasons_and_pictures()
    {
        var end = here.Run("cull", "images", "-o", "out.db", "--per-label", "12", "--json").Succeeds();

        Assert.Equal(here.At("out.html"), end.Json.GetProperty("report").GetString());
        var page = File.ReadAllText(here.At("out.html"));
        Assert.Contains("<line class=\"size\"", page, StringComparison.Ordinal);
        Assert.Contains("12 wanted", page, StringComparison.Ordinal);
        Assert.Contains("<th>unreadable<td>1<td>", page, StringComparison.Ordinal);
        Assert.Contains("<th>exact duplicate<td>1<td>", page, StringComparison.Ordinal);
        Assert.Contains("as 3.png", page, StringComparison.Ordinal);
        Assert.Contains("cannot be read", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>B<_b>", page, StringComparison.Ordinal);
        Assert.True(page.Split("data:image/jpeg;base64,").Length > 18);
        var bars = Bar().Matches(page).Sum(bar => int.Parse(bar.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(24, bars);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_run_gives_the_same_page_where_it_is_wanted()
    {
        here.Run("cull", "images", "-o", "out.db", "--report", "pages/one.html", "-q").Succeeds();
        here.Run("cull", "images", "-o", "out.db", "--report", "two.html", "-q").Succeeds();

        Assert.Equal(File.ReadAllText(here.At("pages", "one.html")), File.ReadAllText(here.At("two.html")));
        Assert.Contains("What the checks flagged", File.ReadAllText(here.At("two.html")), StringComparison.Ordinal);
        Assert.Contains("<th>odd aspect<td>0<td>0.0\u202f%<td>1", File.ReadAllText(here.At("two.html")), StringComparison.Ordinal);
        Assert.Contains("longer by shorter side 10, above 2.5", File.ReadAllText(here.At("two.html")), StringComparison.Ordinal);
        Assert.False(File.Exists(here.At("out.html")));
        here.Run("cull", "images", "-o", "out.db", "--report", "pages").FailsInOneLine("pages", "folder");
        Assert.True(Manifest.Open(here.At("out.db")).Select().Count > 20);
    }

    [GeneratedRegex("<rect class=\"(?:train|valid|test)\"[^>]*><title>[^:]*: ([0-9]+) ")]
    private static partial Regex Bar();
}
