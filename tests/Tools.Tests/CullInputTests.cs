using System.Globalization;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary>What people have: folders of any shape, CSVs, names of any kind, and what goes wrong with each.</summary>
public sealed class CullInputTests : IDisposable
{
    private readonly Executable here = new();

    public void Dispose() => here.Dispose();

    private void Picture(string path, int seed) => Pictures.Write(here.At(path), Pictures.Of(seed));

    private IReadOnlyList<FrameRow> Frames(string manifest = "out.db")
    {
        using var opened = Manifest.Open(here.At(manifest));
        var frames = opened.Select(includeCulled: true);
        Assert.All(frames.Where(frame => frame.Culled is null), frame => Assert.True(File.Exists(opened.PathOf(frame)), frame.Path));
        return frames;
    }

    private static string Pixels(int label, int seed, int count = 784)
    {
        var random = new Random(seed);
        return $"{label},{string.Join(',', Enumerable.Range(0, count).Select(_ => random.Next(256).ToString(CultureInfo.InvariantCulture)))}";
    }

    [Fact]
    public void Label_folders_are_found_at_any_depth_and_a_division_on_disk_is_not_trusted()
    {
        for (var i = 0; i < 6; i++)
        {
            Picture($"set/asl_train/train/A/{i}.png", i);
            Picture($"set/asl_train/train/B/{i}.png", 100 + i);
            Picture($"set/asl_test/test/A/{i}.png", 200 + i);
        }
        Picture("set/asl_test/test/loose.png", 300);

        var end = here.Run("cull", "set", "-o", "out.db").Succeeds();

        Assert.Equal(["A", "B"], Frames().Select(frame => frame.Label).Distinct().Order());
        Assert.Equal(18, Frames().Count);
        Assert.Contains("test, train: that is not trusted", end.Error, StringComparison.Ordinal);
        Assert.Contains("1 images outside", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_found_in_names_of_files_by_a_pattern()
    {
        for (var i = 0; i < 4; i++)
        {
            Picture($"flat/A{i}_test.png", i);
            Picture($"flat/space{i}_test.png", 100 + i);
        }
        Picture("flat/readme.png", 300);

        var end = here.Run("cull", "flat", "-o", "out.db", "--label-pattern", @"(?<label>[A-Za-z]+)\d*_test").Succeeds();

        Assert.Equal([("A", 4), ("space", 4)], Frames().CountBy(frame => frame.Label).Select(label => (label.Key, label.Value)).Order());
        Assert.Contains("the names of 1 images", end.Error, StringComparison.Ordinal);
        here.Run("cull", "flat", "-o", "x.db", "--label-pattern", "(?<label>Q+)_").FailsInOneLine("no label in the names of the 9 images");
        here.Run("cull", "flat", "-o", "x.db", "--label-pattern", "([A-Z]+)_").FailsInOneLine("no group named label");
        here.Run("cull", "flat", "-o", "x.db", "--label-pattern", "(?<label>[A-Z").FailsInOneLine("no regular expression");
        Picture($"flat/{new string('a', 60)}.png", 301);
        here.Run("cull", "flat", "-o", "x.db", "--label-pattern", "^(?<label>(a+)+)+!$").FailsInOneLine("takes too long");
    }

    [Fact]
    public void Labels_that_differ_in_case_or_by_habit_are_one_and_can_be_renamed()
    {
        var seed = 0;
        foreach (var (folder, n) in ((string, int)[])[("Del", 3), ("delete", 2), ("a", 2), ("A", 3), ("Hello", 3), ("hello", 2), ("Blank", 3)])
        {
            for (var i = 0; i < n; i++)
            {
                Picture($"set/{folder}/{i}.png", seed++);
            }
        }

        var end = here.Run("cull", "set", "-o", "out.db", "--rename", "del=erase").Succeeds();

        Assert.Equal([("A", 5), ("Hello", 5), ("erase", 5), ("nothing", 3)], Frames().CountBy(frame => frame.Label).Select(label => (label.Key, label.Value)).OrderBy(label => label.Key, StringComparer.Ordinal));
        Assert.Contains("label Hello: also written 'hello'", end.Out, StringComparison.Ordinal);
        here.Run("cull", "set", "-o", "own.db", "--rename", "blank=blank", "--labels", "blank").Succeeds();
        Assert.Equal(3, Frames("own.db").Count(frame => frame is { Label: "blank", Culled: null }));
        here.Run("cull", "set", "-o", "x.db", "--rename", "thumb=up").FailsInOneLine("'thumb'", "Hello");
        here.Run("cull", "set", "-o", "x.db", "--rename", "thumb").FailsInOneLine("old=new");
        Assert.Equal(5, here.Run("cull", "set", "-o", "y.db", "--labels", "Hello", "--json").Succeeds().Json.GetProperty("kept").GetInt32());
    }

    [Fact]
    public void The_pixels_of_sign_language_mnist_become_pictures_beside_the_manifest()
    {
        var lines = Enumerable.Range(0, 12).Select(i => Pixels(i % 2 == 0 ? 0 : 24, i)).ToList();
        File.WriteAllLines(here.At("sign_mnist_train.csv"), [$"label,{string.Join(',', Enumerable.Range(1, 784).Select(i => $"pixel{i}"))}", .. lines]);

        here.Run("cull", "sign_mnist_train.csv", "-o", "made/out.db").Succeeds();

        var frames = Frames("made/out.db");
        Assert.Equal([("A", 6), ("Y", 6)], frames.CountBy(frame => frame.Label).Select(label => (label.Key, label.Value)).Order());
        var first = Assert.Single(frames, frame => frame.Path == "sign_mnist_train-pictures/A/sign_mnist_train-000000.png");
        var picture = ImageFile.Read(here.At("made", first.Path));
        Assert.Equal(lines[0].Split(',').Skip(1).Select(byte.Parse), picture.Pixels.Where((_, i) => i % 3 == 0));

        foreach (var (line, words) in ((string, string[])[])
        [
            (Pixels(1, 1, 783), ["line 14", "783 pixels", "784"]), (Pixels(1, 1, 785), ["785 pixels"]), (Pixels(9, 1), ["'9'", "J moves"]), (Pixels(25, 1), ["'25'"]), (Pixels(-1, 1), ["'-1'"]),
            (Pixels(1, 1, 783) + ",256", ["'256'", "pixel 784"]), (Pixels(1, 1, 783) + ",0x1", ["'0x1'"]), ("\"" + Pixels(1, 1), ["opens a quote in line 14"]), (new string('1', 2_000_000), ["longer than 1 MiB"]),
        ])
        {
            File.WriteAllLines(here.At("bad.csv"), [$"label,{string.Join(',', Enumerable.Range(1, 784).Select(i => $"pixel{i}"))}", .. lines, line]);
            here.Run("cull", "bad.csv", "-o", "bad.db").FailsInOneLine(words);
        }
        Assert.False(File.Exists(here.At("bad.db")) || Directory.Exists(here.At("bad-pictures")));
    }

    [Fact]
    public void A_csv_of_paths_tells_labels_signers_and_sessions()
    {
        var lines = new List<string> { "Path,label,signer,session,lighting" };
        for (var i = 0; i < 12; i++)
        {
            Picture($"some where/it's \"{i}\".png", i);
            lines.Add($"\"some where/it's \"\"{i}\"\".png\",{(i % 2 == 0 ? "A" : "b")},s{i % 4},monday,");
        }
        File.WriteAllLines(here.At("list.csv"), lines);

        here.Run("cull", "list.csv", "-o", "out.db", "--test-signer", "s3", "--valid", "0").Succeeds();

        using var manifest = Manifest.Open(here.At("out.db"));
        var signers = manifest.Sources().ToDictionary(source => source.Id, source => source.Signer);
        Assert.Equal(["A", "B"], manifest.Select().Select(frame => frame.Label).Distinct().Order());
        Assert.All(manifest.Select(), frame => Assert.Equal(signers[frame.SourceId] == "s3", frame.Split == "test"));
        Assert.All(manifest.Sources(), source => Assert.Equal("monday", source.Session));

        File.WriteAllLines(here.At("list.csv"), ["path,label", "no-such.png,A", "some where/it's \"\"1\"\".png,A,extra"]);
        here.Run("cull", "list.csv", "-o", "x.db").FailsInOneLine("line 3", "3 fields");
        File.WriteAllLines(here.At("list.csv"), ["picture,sign", "a.png,A"]);
        here.Run("cull", "list.csv", "-o", "x.db").FailsInOneLine("picture, sign", "path and label");
        File.WriteAllText(here.At("list.csv"), "");
        here.Run("cull", "list.csv", "-o", "x.db").FailsInOneLine("is empty");
    }

    [Fact]
    public void Names_of_any_kind_are_read_and_links_that_lead_in_circles_are_not_followed()
    {
        string[] names = ["a b.png", "it's.png", "\"q\".png", "line\nbreak.png", "händ-手-🖐.png", "semi;colon, comma.png", "%41.png", "-o.png"];
        for (var i = 0; i < names.Length; i++)
        {
            Picture($"set/new\nline's 手/{names[i]}", i);
            Picture($"set/B/{names[i]}", 100 + i);
        }
        Directory.CreateSymbolicLink(here.At("set", "B", "up"), here.At("set"));
        Directory.CreateSymbolicLink(here.At("set", "loop"), here.At("set", "loop"));
        File.CreateSymbolicLink(here.At("set", "B", "gone.png"), here.At("nowhere.png"));

        var end = here.Run("cull", "set", "-o", "out.db").Succeeds();
        Assert.Contains("leads back", end.Error, StringComparison.Ordinal);
        Assert.Equal(16, Frames().Count(frame => frame.Culled is null));
        Assert.Single(Frames(), frame => frame.Culled?.StartsWith("unreadable", StringComparison.Ordinal) == true);

        here.Run("cull", "out.db", "-o", "copy", "--copy").Succeeds();
        Assert.Equal(16, Frames("copy").Count);
    }

    [Fact]
    public void A_folder_of_unreadable_files_ends_in_one_line()
    {
        Directory.CreateDirectory(here.At("bad", "A"));
        for (var i = 0; i < 5000; i++)
        {
            File.WriteAllText(here.At("bad", "A", $"{i}.jpg"), "no picture");
        }
        here.Run("cull", "bad", "-o", "out.db").FailsInOneLine("of 5000 frames none can be used (5000 unreadable)");
        Assert.False(File.Exists(here.At("out.db")));
    }

    [Fact]
    public void A_dataset_whose_paths_climb_out_is_refused_while_a_culled_manifest_may_point_elsewhere()
    {
        for (var i = 0; i < 6; i++)
        {
            Picture($"set/A/{i}.png", i);
        }
        File.WriteAllText(here.At("secret.txt"), "secret");
        foreach (var path in (string[])["../set/A/0.png", "A/../../set/A/0.png"])
        {
            Dataset("data/manifest.db", path);
            here.Run("cull", "data", "-o", "out.db").FailsInOneLine("outside its folder", "not to be trusted");
            File.Delete(here.At("data", "manifest.db"));
        }
        Dataset("data/manifest.db", "/etc/passwd");
        here.Run("cull", "data", "-o", "out.db").FailsInOneLine("no relative path");

        here.Run("cull", "set", "-o", "elsewhere/culled.db").Succeeds();
        here.Run("cull", "elsewhere/culled.db", "-o", "out.db").Succeeds();
        Dataset("loose.db", "secret.txt");
        here.Run("cull", "loose.db", "-o", "copy", "--copy").FailsInOneLine("unreadable");
    }

    private void Dataset(string name, string path)
    {
        using var manifest = Manifest.Create(here.At(name));
        var source = manifest.Put(new SourceRow { Kind = "video", Path = "x.mp4" });
        manifest.Add(new FrameRow { Path = path, Label = "A", SourceId = source.Id, Bytes = 6 });
    }

    [Theory]
    [InlineData("signer = 's1'; drop table frame", "';'")]
    [InlineData("writefile('x', 'y') = 1", "calls a function")]
    [InlineData("sharpness > abs(1)", "a number is needed where 'abs'")]
    [InlineData("sharpness > (select 1)", "a number is needed where '('")]
    [InlineData("beauty > 0.5", "no column 'beauty'")]
    [InlineData("sharpness > 'x'", "a number is needed")]
    [InlineData("signer = s2", "single quotes")]
    [InlineData("signer = 's2", "quote is not closed")]
    [InlineData("label = 'A' label = 'B'", "one too many")]
    [InlineData("sharpness > 0.4 and", "is missing at its end")]
    [InlineData("sharpness => 0.4", "no comparison")]
    [InlineData("1 = 1", "a column is needed")]
    [InlineData("label = 'A' -- x", "'-' at 13")]
    [InlineData("label = 'A' union select path from frames", "'union' is one too many")]
    [InlineData("load_extension('x') is null", "calls a function")]
    [InlineData("", "is missing")]
    public void A_condition_that_is_none_is_refused_in_one_line(string condition, string word) =>
        here.Run("cull", "set", "-o", "out.db", "--where", condition).FailsInOneLine("--where", word);

    [Fact]
    public void A_condition_nested_too_deep_or_too_long_is_refused()
    {
        here.Run("cull", "set", "-o", "out.db", "--where", new string('(', 2000) + "width > 1" + new string(')', 2000)).FailsInOneLine("nested more than 64");
        here.Run("cull", "set", "-o", "out.db", "--where", new string(' ', 5000)).FailsInOneLine("5000 characters");
    }

    [Theory]
    [InlineData("label = 'A'", 8)]
    [InlineData("not label = 'A'", 8)]
    [InlineData("label in ('A', 'C') or position < 2", 10)]
    [InlineData("position between 2 and 3 and label <> 'B'", 2)]
    [InlineData("file like '_.png' and (position >= 6 or position = 0)", 6)]
    [InlineData("signer is null and width == 48", 16)]
    [InlineData("signer <> 's2' or label = 'B'", 8)]
    [InlineData("not (signer = 's2') or label = 'it''s' or label = 'B'", 8)]
    public void A_condition_means_what_it_means_in_sql(string condition, int kept)
    {
        for (var i = 0; i < 8; i++)
        {
            Picture($"set/A/{i}.png", i);
            Picture($"set/B/{i}.png", 100 + i);
        }

        Assert.Equal(kept, here.Run("cull", "set", "-o", "out.db", "--json", "--where", condition).Succeeds().Json.GetProperty("kept").GetInt32());
        Assert.All(Frames().Where(frame => frame.Culled is not null), frame => Assert.StartsWith("not asked for: ", frame.Culled, StringComparison.Ordinal));
    }
}
