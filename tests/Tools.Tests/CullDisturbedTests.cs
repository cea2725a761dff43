using Xunit.Abstractions;

namespace SignData.Tools.Tests;

/// <summary>What a kill or a full disk leaves of <c>cull</c>: the old state or the new one, and a rerun comes to what an undisturbed run does.</summary>
public sealed class CullDisturbedTests(ITestOutputHelper log) : IDisposable
{
    private static readonly string[] All = ["--copy", "--export", "imagefolder", "--export", "csv", "--export", "webdataset", "--shard-mb", "1"];
    private static readonly string[] Exports = ["set.imagefolder", "set.csv", "set.webdataset", "set.html"];

    private readonly Executable here = new();

    public void Dispose() => here.Dispose();

    /// <summary>Images of which another set has the names but not the content.</summary>
    private void Images(string name, int seed, params (string Label, int Count)[] labels)
    {
        foreach (var (label, count) in labels)
        {
            for (var i = 0; i < count; i++)
            {
                Pictures.Write(here.At(name, label, $"{i} ü'.png"), Pictures.Of(seed + (label[0] * 100) + i));
            }
        }
    }

    private void TwoSets()
    {
        Images("first", 0, ("A", 40), ("a b,\"c\"", 20), ("B", 9));
        Images("second", 50_000, ("A", 30), ("C", 12), ("B", 20));
    }

    private string[] Arguments(string images, string output) => [images, "-o", here.At(output, "set.db"), "--per-label", "30", "-q", .. All];

    private ToolEnd Cull(string images, string output) => here.Run("cull", Arguments(images, output));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_moment_nothing_is_lost_or_doubled_and_a_rerun_comes_to_the_same(bool overAnother)
    {
        TwoSets();
        var (before, after, images) = (here.At("before"), here.At("after"), overAnother ? "second" : "first");
        Cull("first", "before").Succeeds();
        if (overAnother)
        {
            FolderContent.Copy(before, after);
        }
        var length = Kills.Length(() => Cull(images, "after").Succeeds());
        var (old, expected) = (overAnother ? FolderContent.Of(before) : [], FolderContent.Of(after));
        var (random, count, atWork, saved) = (new Random(2), Kills.Count(few: 3), 0, 0);
        for (var i = 0; i < count; i++)
        {
            var output = here.At("out");
            if (overAnother)
            {
                FolderContent.Copy(before, output);
            }
            using (var started = here.Start("cull", Arguments(images, "out")))
            {
                atWork += Kills.At(started, random.NextDouble() * length) ? 1 : 0;
            }
            saved += AssertOldOrNew(output, old, expected) ? 1 : 0;

            Cull(images, "out").Succeeds();

            Assert.Equal(expected, FolderContent.Of(output));
            Directory.Delete(output, recursive: true);
        }
        log.WriteLine($"{count} kills {(overAnother ? "over another manifest" : "into a new folder")}: {atWork} while it was at work, {saved} after the manifest was in place; every rerun came to the undisturbed result");
    }

    /// <summary>Asserts that the manifest is the old or the new one, with all its pictures, and that so is each export.</summary>
    /// <returns>Whether the manifest is the new one.</returns>
    private static bool AssertOldOrNew(string output, SortedDictionary<string, string> old, SortedDictionary<string, string> expected)
    {
        var manifest = Path.Combine(output, "set.db");
        var there = File.Exists(manifest);
        if (there)
        {
            FolderContent.AssertWhole(manifest);
        }
        Assert.True(there || old.Count == 0, "the old manifest is lost");
        var now = FolderContent.Of(output);
        Assert.True(now.GetValueOrDefault("set.db") is var manifestNow && (manifestNow == old.GetValueOrDefault("set.db") || manifestNow == expected["set.db"]), "the manifest is neither the old nor the new one");
        foreach (var export in Exports)
        {
            var found = Below(now, export);
            Assert.True(found.Count == 0 || found.SequenceEqual(Below(old, export)) || found.SequenceEqual(Below(expected, export)), $"{export} is neither the old nor the new one");
            Assert.True(found.Count > 0 || Below(old, export).Count == 0 || Directory.Exists(Path.Combine(output, ".old-" + export)), $"{export} is lost");
        }
        return there && now["set.db"] == expected["set.db"];
    }

    private static List<KeyValuePair<string, string>> Below(SortedDictionary<string, string> content, string name) =>
        [.. content.Where(file => file.Key == name || file.Key.StartsWith(name + "/", StringComparison.Ordinal))];

    [SmallDiskFact]
    public void A_full_disk_ends_with_one_line_nothing_half_written_and_a_run_with_space_finishes()
    {
        TwoSets();
        Cull("first", "whole").Succeeds();
        foreach (var size in (string[])["16k", "200k", "420k"])
        {
            using var disk = new SmallDisk(here.At("small"), size);

            Cull("first", "small").FailsInOneLine("space");

            AssertNothingHalfWritten(here.At("small"));
            disk.Resize("20m");
            Cull("first", "small").Succeeds();
            Assert.Equal(FolderContent.Of(here.At("whole")), FolderContent.Of(here.At("small")));
        }
    }

    [SmallDiskFact]
    public void On_a_full_disk_the_manifest_before_stays_with_its_pictures()
    {
        TwoSets();
        Cull("first", "before").Succeeds();
        var size = Directory.EnumerateFiles(here.At("before"), "*", SearchOption.AllDirectories).Sum(file => 1 + (new FileInfo(file).Length / 4096)) * 4;
        var old = FolderContent.Of(here.At("before"));
        foreach (var more in (int[])[4, 200, 330])
        {
            using var disk = new SmallDisk(here.At("small"), "20m");
            FolderContent.Copy(here.At("before"), here.At("small"));
            disk.Resize($"{size + more}k");

            Cull("second", "small").FailsInOneLine("space");

            AssertNothingHalfWritten(here.At("small"));
            FolderContent.AssertWhole(here.At("small", "set.db"));
            var now = FolderContent.Of(here.At("small"));
            Assert.All(old.Where(file => now.GetValueOrDefault("set.db") == old["set.db"]), file => Assert.Equal(file.Value, file.Key == ".signdata-copies" ? file.Value : now[file.Key]));
            log.WriteLine($"{more} KB free: the manifest is the {(now["set.db"] == old["set.db"] ? "old" : "new")} one");
        }
    }

    private static void AssertNothingHalfWritten(string folder) =>
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories), file => file.Contains(".part", StringComparison.Ordinal) || file.Contains(".old", StringComparison.Ordinal));

    [Fact]
    public void Copies_of_an_earlier_run_go_when_they_are_no_longer_wanted_and_files_of_others_stay()
    {
        TwoSets();
        string[] common = ["-q", "--copy", "-o", "out/set.db"];
        here.Run("cull", ["first", .. common]).Succeeds();
        Pictures.Write(here.At("out", "A", "mine.png"), Pictures.Of(1));
        var edited = Directory.GetFiles(here.At("out", "A"), "7*")[0];
        Pictures.Write(edited, Pictures.Of(2));

        here.Run("cull", ["first", .. common, "--labels", "B"]).Succeeds();

        Assert.Equal(["mine.png", Path.GetFileName(edited)], Directory.GetFiles(here.At("out", "A")).Select(Path.GetFileName).OrderByDescending(name => name, StringComparer.Ordinal));
        Assert.Equal(["A", "B"], Directory.GetDirectories(here.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(9, Directory.GetFiles(here.At("out", "B")).Length);
        here.Run("cull", "second", "--copy", "-o", "out/other.db").FailsInOneLine("set.db", "another folder");
        here.Run("cull", ["out", .. common]).FailsInOneLine("is a source", "choose another output");
    }
}
