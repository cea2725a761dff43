using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json;
using SignData.Dataset;

namespace SignData.Tools.Tests;

/// <summary><c>cull --export</c> and <c>--copy</c>: what is written, and what a kill or a full disk leaves of it.</summary>
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

    /// <summary>Every file below a folder with its content, but the manifest and the locks, which hold no bytes of their own kind.</summary>
    private static SortedDictionary<string, string> Content(string folder)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".signdata-lock"))
        {
            using var manifest = Path.GetExtension(file) == ".db" ? Manifest.Open(file) : null;
            content[Path.GetRelativePath(folder, file)] = manifest is null ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))) : manifest.ContentHash();
        }
        return content;
    }

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
        Assert.Equal(Content(here.At("one")), Content(here.At("two")));

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

    [Fact]
    public void Killed_at_any_moment_and_run_again_the_result_is_that_of_an_undisturbed_run()
    {
        Cull("whole/set.db", All).Succeeds();
        var (expected, clock) = (Content(here.At("whole")), Stopwatch.StartNew());
        Cull("timed/set.db", All).Succeeds();
        var (length, random) = ((int)clock.ElapsedMilliseconds, new Random(2));
        for (var i = 0; i < 6; i++)
        {
            using (var started = here.Start("cull", ["images", "-o", "out/set.db", "--per-label", "30", "-q", .. All]))
            {
                Thread.Sleep(random.Next(length / 5, length));
                started.Kill();
                started.Wait();
            }
            if (i % 2 == 1)
            {
                Cull("out/set.db", All).Succeeds();
                Assert.Equal(expected, Content(here.At("out")));
                Directory.Delete(here.At("out"), recursive: true);
            }
        }
    }

    [Fact]
    public void A_full_disk_ends_with_one_line_leaves_nothing_half_written_and_a_run_with_space_finishes()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return; // Mounting a small disk needs root.
        }
        Directory.CreateDirectory(here.At("small"));
        foreach (var size in (string[])["60k", "200k", "420k"])
        {
            using (var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", here.At("small")]))
            {
                mount.WaitForExit();
                if (mount.ExitCode != 0)
                {
                    return; // A container may forbid it.
                }
            }
            try
            {
                Cull("small/set.db", All).FailsInOneLine();
                Assert.DoesNotContain(Directory.GetFileSystemEntries(here.At("small"), "*", SearchOption.AllDirectories), file => file.Contains(".part", StringComparison.Ordinal) || file.Contains(".old", StringComparison.Ordinal));
                using var remount = Process.Start("mount", ["-o", "remount,size=20m", here.At("small")]);
                remount.WaitForExit();
                Cull("small/set.db", All).Succeeds();
                Cull("whole/set.db", All).Succeeds();
                Assert.Equal(Content(here.At("whole")), Content(here.At("small")));
            }
            finally
            {
                using var unmount = Process.Start("umount", [here.At("small")]);
                unmount.WaitForExit();
            }
        }
    }
}
