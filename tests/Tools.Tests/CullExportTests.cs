using System.Formats.Tar;
using System.Text.Json;
using SignData.Dataset;

namespace SignData.Tools.Tests;

/// <summary><c>cull --export</c> and <c>--copy</c>: what is written.</summary>
public sealed class CullExportTests : IDisposable
{
    private static readonly string[] All = ["--copy", "--export", "imagefolder", "--export", "csv", "--export", "webdataset", "--shard-mb", "1"];

    private readonly Executable here = new();

    public CullExportTests()
    {
        foreach (var (label, count) in (ReadOnlySpan<(string, int)>)[("A", 40), ("a b,\"c\"", 20), ("B", 9)])
        {
            for (var i = 0; i < count; i++)
            {
                Pictures.Write(here.At("images", label, $"{i} ü'.png"), Pictures.Of((label.Length * 1000) + (label[0] * 100) + i));
            }
        }
    }

    public void Dispose() => here.Dispose();

    private ToolEnd Cull(string output, params string[] more) => here.Run("cull", ["images", "-o", output, "--per-label", "30", .. more]);

    [Fact]
    public void Each_form_holds_every_kept_frame_with_its_split_and_label()
    {
        var end = Cull("out/set.db", [.. All, "--oversample", "--json"]).Succeeds();

        Assert.Equal(["set.imagefolder", "set.csv", "set.webdataset"], end.Json.GetProperty("exports").EnumerateArray().Select(export => Path.GetFileName(export.GetString())));
        using var manifest = Manifest.Open(here.At("out", "set.db"));
        var rows = manifest.Select();
        Assert.Equal(90, rows.Sum(row => row.Copies));

        var pictures = Directory.GetFiles(here.At("out", "set.imagefolder"), "*.png", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(here.At("out", "set.imagefolder"), file).Split('/')).ToList();
        Assert.Equal(rows.GroupBy(row => (row.Split, row.Label)).Select(part => part.Sum(row => row.Copies)).Order(), pictures.CountBy(path => (path[0], path[1])).Select(part => part.Value).Order());
        Assert.All(pictures, path => Assert.Equal(3, path.Length));

        var lines = File.ReadAllLines(here.At("out", "set.csv"));
        Assert.StartsWith("path,label,split,", lines[0], StringComparison.Ordinal);
        Assert.Equal(rows.Count, lines.Length - 1);
        Assert.Contains("\"a b,\"\"c\"\"\"", lines.First(line => line.StartsWith("a b", StringComparison.Ordinal)), StringComparison.Ordinal);

        var samples = new List<(string Split, string Name, byte[] Content)>();
        foreach (var shard in Directory.GetFiles(here.At("out", "set.webdataset"), "*.tar"))
        {
            Assert.InRange(new FileInfo(shard).Length, 1, (1 << 20) + 1024);
            using var tar = new TarReader(File.OpenRead(shard));
            while (tar.GetNextEntry() is { } entry)
            {
                using var content = new MemoryStream();
                entry.DataStream!.CopyTo(content);
                samples.Add((Path.GetFileName(shard).Split('-')[0], entry.Name, content.ToArray()));
            }
        }
        Assert.Equal(3 * 90, samples.Count);
        var classes = File.ReadAllLines(here.At("out", "set.webdataset", "classes.txt"));
        Assert.All(samples.GroupBy(sample => (sample.Split, sample.Name.Split('.')[0])), sample =>
        {
            var notes = JsonDocument.Parse(sample.Single(part => part.Name.EndsWith(".json", StringComparison.Ordinal)).Content).RootElement;
            var label = classes[int.Parse(sample.Single(part => part.Name.EndsWith(".cls", StringComparison.Ordinal)).Content, System.Globalization.CultureInfo.InvariantCulture)];
            var row = rows.Single(row => row.Path == notes.GetProperty("path").GetString());
            Assert.Equal((row.Label, row.Split), (label, sample.Key.Split));
            Assert.Equal(File.ReadAllBytes(manifest.PathOf(row)), sample.Single(part => part.Name.EndsWith(".png", StringComparison.Ordinal)).Content);
        });
    }

    [Fact]
    public void The_same_frames_give_the_same_bytes_and_other_frames_replace_them()
    {
        Cull("one/set.db", All).Succeeds();
        Cull("two/set.db", All).Succeeds();
        Assert.Equal(FolderContent.Of(here.At("one")), FolderContent.Of(here.At("two")));

        Cull("one/set.db", [.. All, "--labels", "A"]).Succeeds();

        Assert.Equal(30, Directory.GetFiles(here.At("one", "set.imagefolder"), "*.png", SearchOption.AllDirectories).Length);
        Assert.Equal(31, File.ReadAllLines(here.At("one", "set.csv")).Length);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(here.At("one")), file => Path.GetFileName(file).StartsWith(".old", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void What_somebody_else_left_in_its_place_is_not_touched()
    {
        Directory.CreateDirectory(here.At("set.imagefolder", "mine"));
        File.WriteAllText(here.At("set.csv"), "my,own,table\n");

        Cull("set.db", "--export", "imagefolder").FailsInOneLine("set.imagefolder", "no export of cull");
        Cull("set.db", "--export", "csv").FailsInOneLine("set.csv", "no export of cull");
        Assert.Equal(2, Cull("set.db", "--export", "parquet").Code);

        Assert.Equal("my,own,table\n", File.ReadAllText(here.At("set.csv")));
        Assert.True(Directory.Exists(here.At("set.imagefolder", "mine")));
    }
}
