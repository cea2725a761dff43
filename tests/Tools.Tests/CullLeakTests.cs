using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary><c>cull check</c> and <c>cull diff</c>.</summary>
public sealed class CullLeakTests : IDisposable
{
    private readonly Executable here = new();

    public void Dispose() => here.Dispose();

    /// <summary>A picture of squares that depends on the seed alone.</summary>
    private static Image Squares(int seed)
    {
        var (random, picture) = (new Random(seed), new Image(48, 48));
        for (var square = 0; square < 36; square++)
        {
            var shade = (byte)random.Next(256);
            for (var y = square / 6 * 8; y < (square / 6 * 8) + 8; y++)
            {
                picture.Row(y).Slice(square % 6 * 24, 24).Fill(shade);
            }
        }
        return picture;
    }

    private void Write(string path, Image picture, int quality = 92)
    {
        var full = here.At(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        ImageFile.Write(full, picture, quality);
    }

    private void Folder(string name, int first, int each = 10)
    {
        for (var i = 0; i < 2 * each; i++)
        {
            Write($"{name}/{"AB"[i % 2]}/{i}.png", Squares(first + i));
        }
    }

    private string Text(string path) => File.ReadAllText(here.At(path));

    [Fact]
    public void Sets_that_share_nothing_end_with_0_and_a_page_that_says_so()
    {
        Folder("one", 1000);
        Folder("two", 2000);

        var end = here.Run("cull", "check", "one", "two").Succeeds();

        Assert.Contains("no leak", end.Out, StringComparison.Ordinal);
        Assert.Contains("No leak", Text("leaks.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_and_look_alikes_between_two_sets_end_with_1_and_are_counted_and_shown()
    {
        Folder("one", 1000);
        Folder("two", 2000);
        File.Copy(here.At("one", "A", "0.png"), here.At("two", "B", "copy <of> A.png"));
        Write("two/A/again.jpg", Squares(1002));
        Write("two/A/large.png", Resample.Resize(Squares(1004), 96, 96));

        var end = here.Run("cull", "check", "one", "two", "--json", "-o", "page.html", "--distance", "6");

        Assert.Equal(1, end.Code);
        Assert.True(end.Json.GetProperty("leaked").GetBoolean());
        Assert.Equal(1, end.Json.GetProperty("exact_duplicates").GetInt32());
        Assert.Equal(2, end.Json.GetProperty("near_duplicates").GetInt32());
        var pairs = end.Json.GetProperty("pairs").EnumerateArray().Select(pair => (pair.GetProperty("kind").GetString(), Path.GetFileName(pair.GetProperty("a").GetString()), Path.GetFileName(pair.GetProperty("b").GetString()))).Order().ToList();
        Assert.Equal([("exact", "0.png", "copy <of> A.png"), ("near", "2.png", "again.jpg"), ("near", "4.png", "large.png")], pairs);
        var page = Text("page.html");
        Assert.Equal(6, page.Split("data:image/jpeg;base64,").Length - 1);
        Assert.Contains("copy &lt;of&gt; A.png", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains("under two labels", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_splits_of_one_manifest_share_is_found_and_can_be_allowed()
    {
        using (var manifest = Manifest.Create(here.At("set.db")))
        {
            for (var clip = 0; clip < 4; clip++)
            {
                var source = manifest.Put(new SourceRow { Kind = "video", Path = $"clip{clip / 2}.mp4", Sha256 = $"{clip / 2:x64}", Signer = clip < 3 ? "anna" : "ben", Session = $"day{clip}" });
                for (var i = 0; i < 3; i++)
                {
                    manifest.Add(new FrameRow
                    {
                        Path = $"A/{clip}-{i}.jpg", Label = "A", SourceId = source.Id, Split = clip % 2 == 0 ? "train" : "test",
                        Sha256 = $"{(clip * 16) + i + 1:x2}".PadRight(64, 'e'), PerceptualHash = 0x9E3779B97F4A7C15UL * (ulong)((clip * 16) + i + 1),
                    });
                }
            }
        }

        var end = here.Run("cull", "check", "set.db", "--json");
        Assert.Equal(1, end.Code);
        var leak = Assert.Single(end.Json.GetProperty("leaks").EnumerateArray());
        Assert.Equal(["anna"], leak.GetProperty("signers").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["clip0.mp4", "clip1.mp4"], leak.GetProperty("sources").EnumerateArray().Select(name => name.GetString()));
        Assert.Empty(leak.GetProperty("sessions").EnumerateArray());
        Assert.Equal(0, leak.GetProperty("exact_duplicates").GetInt32() + leak.GetProperty("near_duplicates").GetInt32());

        Assert.Equal(1, here.Run("cull", "check", "set.db", "--allow", "signer").Code);
        Assert.Contains("signer anna", here.Run("cull", "check", "set.db", "--allow", "signer,source").Succeeds().Out, StringComparison.Ordinal);
        here.Run("cull", "check", "set.db", "--allow", "hats").FailsInOneLine("hats", "signer");
    }

    [Fact]
    public void A_run_of_look_alikes_on_both_sides_is_a_leak_and_the_splits_of_cull_have_none()
    {
        Folder("images", 3000, each: 40);
        here.Run("cull", "images", "-o", "out.db", "-q").Succeeds();

        here.Run("cull", "check", "out.db").Succeeds();

        using (var manifest = Manifest.Open(here.At("out.db")))
        using (var random = Manifest.Create(here.At("random.db")))
        {
            var source = random.Put(manifest.Sources()[0]);
            random.Add(manifest.Provenance()[0]);
            foreach (var (i, frame) in manifest.Select().Index())
            {
                random.Add(frame with { Split = i % 3 == 0 ? "test" : "train" });
            }
        }
        var end = here.Run("cull", "check", "random.db", "--json");
        Assert.Equal(1, end.Code);
        Assert.InRange(end.Json.GetProperty("moments").GetInt32(), 15, 27);
        Assert.Contains("Of one moment", Text("leaks.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_of_nothing_or_of_what_is_not_there_ends_with_one_line()
    {
        Directory.CreateDirectory(here.At("empty"));
        File.WriteAllText(here.At("text.db"), "This is no SQLite file, though its name says so. It is long enough to have a header.");
        Manifest.Create(here.At("bare.db")).Dispose();

        here.Run("cull", "check", "nowhere").FailsInOneLine("nowhere", "does not exist");
        here.Run("cull", "check", "empty").FailsInOneLine("empty");
        here.Run("cull", "check", "text.db").FailsInOneLine("text.db", "no manifest");
        here.Run("cull", "check", "bare.db").FailsInOneLine("bare.db", "nothing to check");
        here.Run("cull", "check", "bare.db", "--distance", "40").FailsInOneLine("--distance 40", "11");
        Assert.Equal(2, here.Run("cull", "check").Code);
        Assert.Equal(2, here.Run("cull", "diff", "bare.db").Code);
        Assert.Contains("cull check <sets>", here.Run("cull", "check", "--help").Succeeds().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diff_tells_what_came_went_and_changed_split_and_why()
    {
        Folder("images", 4000, each: 20);
        Folder("more", 5000, each: 3);
        here.Run("cull", "images", "-o", "one.db", "-q").Succeeds();
        here.Run("cull", "images", "more", "-o", "two.db", "--labels", "A", "--seed", "9", "-q").Succeeds();

        var same = here.Run("cull", "diff", "one.db", "one.db", "--json").Succeeds().Json;
        Assert.Equal((40, 0), (same.GetProperty("same").GetInt32(), same.GetProperty("changes").GetArrayLength()));

        var end = here.Run("cull", "diff", "one.db", "two.db", "--json").Succeeds().Json;
        Assert.Equal(3, end.GetProperty("came").GetInt32());
        Assert.Equal(20, end.GetProperty("went").GetInt32());
        Assert.Equal(20, end.GetProperty("same").GetInt32() + end.GetProperty("split").GetInt32());
        Assert.Equal(20, end.GetProperty("reasons").GetProperty("went").GetProperty("label not chosen").GetInt32());
        Assert.Equal(3, end.GetProperty("reasons").GetProperty("came").GetProperty("not in one.db").GetInt32());
        Assert.Contains("seed: 1 -> 9", end.GetProperty("options").EnumerateArray().Select(option => option.GetString()));
        using var one = Manifest.Open(here.At("one.db"));
        using var two = Manifest.Open(here.At("two.db"));
        var before = one.Select().ToDictionary(frame => frame.Path);
        var moved = two.Select().Where(frame => before.TryGetValue(frame.Path, out var was) && was.Split != frame.Split).Select(two.PathOf);
        Assert.Equal(moved.Order(StringComparer.Ordinal), end.GetProperty("changes").EnumerateArray().Where(change => change.GetProperty("change").GetString() == "split").Select(change => change.GetProperty("path").GetString()!));
        Assert.Contains("labels: - -> A", here.Run("cull", "diff", "one.db", "two.db").Succeeds().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diff_knows_a_copied_frame_by_its_bytes_and_names_a_held_out_signer()
    {
        foreach (var signer in (string[])["anna", "ben", "cleo"])
        {
            using var manifest = Manifest.Create(here.At("set"));
            var source = manifest.Put(new SourceRow { Kind = "video", Path = $"{signer}.mp4", Sha256 = signer, Signer = signer });
            for (var i = 0; i < 6; i++)
            {
                var path = $"{"AB"[i % 2]}/{signer}{i}.png";
                Write("set/" + path, Squares((signer[0] * 100) + i));
                var bytes = File.ReadAllBytes(here.At("set", path));
                manifest.Add(new FrameRow { Path = path, Label = $"{"AB"[i % 2]}", SourceId = source.Id, Position = i, Bytes = bytes.Length, Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) });
            }
        }
        here.Run("cull", "set", "-o", "one.db", "--test-signer", "ben", "--valid", "0").Succeeds();
        here.Run("cull", "set", "-o", "copy", "--copy", "--test-signer", "cleo", "--valid", "0").Succeeds();

        var end = here.Run("cull", "diff", "one.db", "copy", "--json").Succeeds().Json;

        Assert.Equal((6, 0, 0, 12), (end.GetProperty("same").GetInt32(), end.GetProperty("came").GetInt32(), end.GetProperty("went").GetInt32(), end.GetProperty("split").GetInt32()));
        var whys = end.GetProperty("reasons").GetProperty("split").EnumerateObject().Select(why => why.Name).ToList();
        Assert.Contains("train to test, signer cleo is held out by name", whys);
        Assert.Contains("test to train, signer ben is no longer held out by name", whys);
    }
}
