using System.Text.Json;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

public sealed class AugmentTests : IDisposable
{
    // Of 12 x 12 pixels: 16 bits a sample, alpha, and one channel.
    private const string
        Deep = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAMEAIAAACJhxfzAAABG0lEQVQoFR3BoRHCABAAwXt7+nR0NDo6OhodjaYIikgRFEERFMMMu8OfQimUQimUQimUQimUQimUQo0WKJRCKZRCKZRCKZRCKZRCKdTUuoJCKZRCKZRCKZRCKZRCKZRCzbJsGyiUQimUQimUQimUQimUQinUrOtxgEIplEIplEIplEIplEIplELN7XaeoFAKpVAKpVAKpVAKpVAKpVCzbc8nKJRCKZRCKZRCKZRCKZRCKdTs++sFCqVQCqVQCqVQCqVQCqVQCjXHcV2gUAqlUAqlUAqlUAqlUAqlUHO/v9+gUAqlUAqlUAqlUAqlUAqlUHOenw8olEIplEIplEIplEIplEIp1Dwe3y8olEIplEIplEIplEIplEIp1A+Mdy51H/HVOgAAAABJRU5ErkJggg==",
        Alpha = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAMCAYAAABWdVznAAAA3UlEQVQoFQ3BoUEDUADFwHwbnWfR1ehqdDW6Gs0QHYIhOkSHYBi4O/yTJk2aNGnSpEmTJk3aMZAmTZo0adKkSZMmTdrpAtKkSZMmTZo0adKkSTtvV5AmTZo0adKkSZMmTdq53ECaNGnSpEmTJk2aNGnn/Q7SpEmTJk2aNGnSpEk712+QJk2aNGnSpEmTJk3a+XiANGnSpEmTJk2aNGnSzu0HpEmTJk2aNGnSpEmTdj6fIE2aNGnSpEmTJk2atHN/gTRp0qRJkyZNmjRp0s7XL0iTJk2aNGnSpEmTJu0PYbwiFc5a5okAAAAASUVORK5CYII=",
        Grey = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAMCAAAAABzHgM7AAAAJUlEQVQIHUXBMQEAAACDIO1g/6w7B9JJJ5100kknnXTSSSeddAMj9wpdWDyrvwAAAABJRU5ErkJggg==";

    private readonly Executable here = new();

    public AugmentTests()
    {
        foreach ((int i, string label) in ((string[])["A", "B", "L"]).Index())
        {
            for (int n = 0; n < 8; n++)
            {
                Pictures.Write(here.At("images", label, $"{label}{n}.png"), Pictures.Of((100 * i) + n));
            }
        }
        here.Run("cull", "images", "-o", "set.db", "--valid", "0.25", "--test", "0.25").Succeeds();
    }

    private string Set => here.At("set.db");

    public void Dispose() => here.Dispose();

    [Fact]
    public void A_preview_shows_frames_beside_their_draws()
    {
        ToolEnd end = here.Run("augment", Set, "--recipe", "sign1", "--preview", "sheet.png", "--size", "64", "--rows", "2", "--draws", "3", "--json").Succeeds();
        Assert.Equal((2, 3), (end.Json.GetProperty("frames").GetInt32(), end.Json.GetProperty("draws").GetInt32()));
        Core.Image sheet = ImageFile.Read(here.At("sheet.png"));
        Assert.InRange(sheet.Width, 4 * 64, 5 * 64);
        Assert.Contains((byte)255, sheet.Pixels);
    }

    [Fact]
    public void A_replay_names_what_was_applied_and_it_is_what_is_made()
    {
        here.Run("augment", Set, "-r", "standard", "-o", "made", "--copies", "2", "--size", "48", "--seed", "7").Succeeds();
        using Manifest manifest = Manifest.Open(Set);
        FrameRow frame = manifest.Select("train")[1];
        ToolEnd end = here.Run("augment", Set, "-r", "standard", "--replay", frame.Path, "--seed", "7", "--epoch", "2", "--size", "48", "--preview", "one.png", "--json").Succeeds();
        Assert.Equal(1, end.Json.GetProperty("number").GetInt32());
        Assert.Contains(end.Json.GetProperty("applied").EnumerateArray(), a => a.GetString()!.StartsWith("rotate degrees ", StringComparison.Ordinal));
        Assert.Equal(end.Out, here.Run("augment", Set, "-r", "standard", "--replay", "1", "--seed", "7", "--epoch", "2", "--size", "48", "--preview", "one.png", "--json").Out);
        byte[] replayed = ImageFile.Read(here.At("one.png")).Pixels, made = ImageFile.Read(here.At("made", frame.Label, Path.GetFileNameWithoutExtension(frame.Path) + "-varied2.jpg")).Pixels;
        Assert.InRange(replayed.Zip(made).Average(p => Math.Abs(p.First - p.Second)), 0, 12);
        here.Run("augment", Set, "--replay", "99").FailsInOneLine("99", "from 0 to");
        here.Run("augment", Set, "--replay", "A/none.jpg").FailsInOneLine("A/none.jpg");
    }

    [Fact]
    public void A_dataset_has_the_frames_and_copies_of_those_to_learn_from_with_their_splits_and_sources()
    {
        ToolEnd end = here.Run("augment", Set, "-r", "strong", "-o", "made", "--copies", "3", "--size", "40", "--json").Succeeds();
        using Manifest before = Manifest.Open(Set), after = Manifest.Open(here.At("made"));
        IReadOnlyList<FrameRow> frames = before.Select(), rows = after.Select();
        int train = frames.Count(f => f.Split == "train");
        Assert.InRange(train, 6, 18);
        Assert.Equal((frames.Count, 3 * train, 0), (end.Json.GetProperty("frames").GetInt32(), end.Json.GetProperty("copies").GetInt32(), end.Json.GetProperty("unreadable").GetInt32()));
        Assert.Equal(frames.Count + (3 * train), rows.Count);
        FolderContent.AssertWhole(after.Path);
        Dictionary<long, string> sources = after.Sources().ToDictionary(s => s.Id, s => Path.GetFullPath(Path.Combine(after.Folder, s.Path)));
        Assert.Equal(before.Sources().Select(s => Path.GetFullPath(Path.Combine(before.Folder, s.Path))).Order(), sources.Values.Order());
        foreach (FrameRow frame in frames)
        {
            string stem = $"{frame.Label}/{Path.GetFileNameWithoutExtension(frame.Path)}";
            FrameRow[] own = [.. rows.Where(r => r.Path.StartsWith(stem + ".", StringComparison.Ordinal) || r.Path.StartsWith(stem + "-varied", StringComparison.Ordinal))];
            Assert.Equal(frame.Split == "train" ? 4 : 1, own.Length);
            Assert.All(own, r => Assert.Equal((frame.Label, frame.Split, frame.Burst, frame.Position), (r.Label, r.Split, r.Burst, r.Position)));
            Assert.Single(own.Select(r => r.SourceId).Distinct());
        }
        ProvenanceRow step = after.Provenance()[^1];
        Assert.Equal(("augment", 1L, before.ContentHash()), (step.Tool, step.Seed, step.Parents[0]));
        Assert.Contains("strong", step.Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_depends_on_the_seed_and_not_on_the_threads_and_is_not_made_twice()
    {
        ToolEnd Make(string folder, params string[] more) => here.Run("augment", [Set, "-r", "sign1", "-o", folder, "--copies", "1", "--size", "40", .. more]).Succeeds();
        Assert.Contains("cut-mix", Make("one", "--threads", "1").Error, StringComparison.Ordinal);
        Make("two", "--threads", "2");
        Assert.Equal(FolderContent.Of(here.At("one")), FolderContent.Of(here.At("two")));
        DateTime made = File.GetLastWriteTimeUtc(here.At("one", "manifest.db"));
        Make("one", "--threads", "2");
        Assert.Equal(made, File.GetLastWriteTimeUtc(here.At("one", "manifest.db")));
        Make("one", "--seed", "2");
        Assert.NotEqual(FolderContent.Of(here.At("one")), FolderContent.Of(here.At("two")));
        here.Run("augment", Set, "-o", "images").FailsInOneLine("images", "was not made by augment");
        Assert.Equal(24, FolderContent.Of(here.At("images")).Count);
    }

    [Fact]
    public void The_bytes_are_the_same_whatever_the_processor_has()
    {
        JsonElement schema = here.Run("augment", "--schema").Succeeds().Json;
        string[] steps = [.. schema.GetProperty("definitions").GetProperty("steps").GetProperty("items").GetProperty("anyOf")[0].GetProperty("enum").EnumerateArray().Select(step => step.GetString()!)];
        Assert.Contains("finger-dropout", steps);
        File.WriteAllLines(here.At("all.yaml"), ["steps:", .. steps.Except(["crop", "one-of"]).Select(step => $"  - {step}: {{ p: 0.3 }}")]);
        SortedDictionary<string, string> By(string level)
        {
            here.Variables["SIGNDATA_SIMD"] = level;
            here.Run("augment", Set, "-r", "all.yaml", "-o", level, "--copies", "12", "--size", "83").Succeeds();
            return FolderContent.Of(here.At(level, "A"));
        }
        SortedDictionary<string, string> plain = By("plain");
        Assert.True(plain.Count > 40);
        Assert.Equal(plain, By("avx2"));
        Assert.Equal(plain, By("avx512"));
    }

    [Fact]
    public void Killed_it_leaves_the_old_dataset_or_the_new_one_and_another_run_finishes()
    {
        string[] arguments = [Set, "-r", "light", "-o", "out", "--copies", "4", "--size", "160", "--threads", "1"];
        here.Run("augment", Set, "-r", "none", "-o", "out", "--copies", "1", "--size", "16").Succeeds();
        SortedDictionary<string, string> old = FolderContent.Of(here.At("out"));
        FolderContent.Copy(here.At("out"), here.At("kept"));
        TimeSpan length = Kills.Length(() => here.Run("augment", arguments).Succeeds());
        SortedDictionary<string, string> expected = FolderContent.Of(here.At("out"));
        Random random = new(4);
        for (int i = 0; i < Kills.Count(few: 3); i++)
        {
            Directory.Delete(here.At("out"), recursive: true);
            FolderContent.Copy(here.At("kept"), here.At("out"));
            using (StartedTool started = here.Start("augment", arguments))
            {
                Kills.At(started, random.NextDouble() * length);
            }
            SortedDictionary<string, string> left = FolderContent.Of(here.At("out"));
            Assert.True(left.SequenceEqual(old) || left.SequenceEqual(expected) || (left.Count == 0 && Directory.Exists(here.At(".old-out"))));
            here.Run("augment", arguments).Succeeds();
            Assert.Equal(expected, FolderContent.Of(here.At("out")));
            Assert.False(Directory.Exists(here.At(".part-out")) || Directory.Exists(here.At(".old-out")));
        }
    }

    [Theory]
    [InlineData("steps:\n  - flip\n  - wobble\n", "line 3", "'wobble' is no step")]
    [InlineData("steps:\n  - rotate: { radians: 1 }\n", "line 2", "'radians' is no parameter of rotate")]
    [InlineData("steps:\n  - jpeg: { quality: 0 }\n", "line 2", "from 1 to 100")]
    [InlineData("steps:\n  - flip: { p: 1.01 }\n", "line 2", "from 0 to 1")]
    [InlineData("steps:\n  - resize: { width: 100, height: 100 }\n  - crop: { width: 224, height: 224 }\n", "line 3", "224 x 224 pixels out of 100 x 100")]
    [InlineData("steps: {\n", "line", "no YAML")]
    public void A_bad_recipe_is_refused_with_its_line(string text, string line, string words)
    {
        File.WriteAllText(here.At("bad.yaml"), text);
        here.Run("augment", Set, "--recipe", "bad.yaml", "--preview", "sheet.png").FailsInOneLine("bad.yaml", line, words);
        here.Run("train", Set, "-o", "run", "--augment", "bad.yaml").FailsInOneLine("bad.yaml", line, words);
        Assert.False(File.Exists(here.At("sheet.png")) || Directory.Exists(here.At("run")));
    }

    [Fact]
    public void Pictures_of_any_size_and_kind_give_a_right_result()
    {
        Directory.CreateDirectory(here.At("odd", "A"));
        Directory.CreateDirectory(here.At("odd", "B"));
        Pictures.Write(here.At("odd", "A", "dot.png"), new Core.Image(1, 1, 3, [200, 100, 50]));
        Pictures.Write(here.At("odd", "A", "long.png"), new Core.Image(8000, 200));
        File.WriteAllBytes(here.At("odd", "A", "deep.png"), Convert.FromBase64String(Deep));
        File.WriteAllBytes(here.At("odd", "B", "alpha.png"), Convert.FromBase64String(Alpha));
        File.WriteAllBytes(here.At("odd", "B", "grey.png"), Convert.FromBase64String(Grey));
        File.WriteAllBytes(here.At("odd", "B", "broken.png"), Convert.FromBase64String(Grey)[..40]);
        using (Manifest manifest = Manifest.Create(here.At("odd", "manifest.db")))
        {
            SourceRow source = manifest.Put(new SourceRow { Kind = "folder", Path = "." });
            foreach (string file in Directory.GetFiles(here.At("odd"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string path = manifest.Relative(file);
                manifest.Add(new FrameRow { Path = path, Label = path[..1], SourceId = source.Id, Copies = 1 });
            }
        }
        foreach (string recipe in (string[])["none", "sign1", "strong"])
        {
            ToolEnd end = here.Run("augment", "odd", "-r", recipe, "-o", recipe, "--copies", "1", "--size", "32", "--json").Succeeds();
            Assert.Equal((5, 5, 1), (end.Json.GetProperty("frames").GetInt32(), end.Json.GetProperty("copies").GetInt32(), end.Json.GetProperty("unreadable").GetInt32()));
        }
        byte[] Shown(string name) => ImageFile.Read(here.At("none", name)).Pixels;
        Assert.All(Shown("A/dot-varied1.jpg").Chunk(3), p => Assert.True(Math.Abs(p[0] - 200) < 4 && Math.Abs(p[1] - 100) < 4 && Math.Abs(p[2] - 50) < 4));
        // 20 a column, in blue for OpenCV's order; the alpha channel is dropped, 16 bits become 8.
        Assert.All(((string[])["A/deep", "B/alpha", "B/grey"]).Select(n => Shown(n + "-varied1.jpg")), p => Assert.InRange(p[(16 * 32 * 3) + (16 * 3) + 2], 98, 122));
    }

    [Fact]
    public void Every_recipe_and_step_is_measured()
    {
        Dictionary<string, double> rates = JsonSerializer.Deserialize<Dictionary<string, double>>(here.Run("augment", "--bench", "--size", "16", "--seconds", "0.01", "--json").Succeeds().Out)!;
        Assert.All((string[])["none", "light", "standard", "strong", "sign1", "rotate", "finger-dropout", "jpeg"], name => Assert.True(rates[name] > 0, name));
    }

    [Fact]
    public void A_network_learns_from_mixed_pictures()
    {
        File.WriteAllText(here.At("mix.yaml"), "steps:\n  - zoom\n  - finger-dropout: { p: 0.3 }\nmix:\n  - mix-up: { p: 0.3 }\n  - cut-mix: { p: 0.5 }\n");
        string[] few = ["--arch", "simple-cnn", "--size", "32", "--epochs", "2", "--batch", "4", "--compute", "fp32", "--threads", "1"];
        here.Run("train", [Set, "-o", "run", "--augment", "mix.yaml", .. few]).Succeeds();
        string[] history = File.ReadAllLines(here.At("run", "history.csv"));
        Assert.Equal(3, history.Length);
    }

    [Fact]
    public void There_must_be_something_to_do_and_something_to_do_it_with()
    {
        here.Run("augment", Set).FailsInOneLine("--preview", "--bench");
        here.Run("augment", "--preview", "x.png").FailsInOneLine("no manifest");
        here.Run("augment", Set, "-r", "heavy", "--preview", "x.png").FailsInOneLine("heavy", "standard");
        Assert.Equal(2, here.Run("augment", Set, "--copies", "0", "-o", "x").Code);
    }
}
