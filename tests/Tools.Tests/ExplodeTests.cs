using System.Diagnostics;
using SignData.Dataset;

namespace SignData.Tools.Tests;

public sealed class ExplodeTests : IDisposable
{
    private readonly Executable here = new();

    public void Dispose() => here.Dispose();

    /// <summary>A clip of moving shapes, sharp in every frame; each seed has its own colours.</summary>
    private string Clip(string path, int seed = 0, double seconds = 1.5, string more = "", params string[] output)
    {
        var full = here.At(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        Ffmpeg(["-f", "lavfi", "-i", FormattableString.Invariant($"testsrc2=size=160x120:rate=15:duration={seconds}"),
            "-vf", $"hue=h={seed * 20}{more}", .. output.Length > 0 ? output : ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"], full]);
        return full;
    }

    private static void Ffmpeg(params string[] arguments) => Executable.RunOther("ffmpeg", ["-v", "error", "-y", "-nostdin", .. arguments]);

    private static string[] FilesOf(string dataset) =>
        [.. Directory.EnumerateFiles(dataset, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(dataset, file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Clips_become_labelled_frames_with_a_row_each_and_a_summary()
    {
        Clip("clips/A/one.mp4");
        Clip("clips/s1_B_2.mp4", 1);
        File.WriteAllText(here.At("clips", "s1_B_2.json"), """{"signer": "s1", "session": "s1-a", "lighting": "window", "device": 7, "frames": [1, 2]}""");

        var summary = here.Run("explode", "clips", "-o", "set", "--signer", "someone", "--json").Succeeds().Json;

        Assert.Equal(2, summary.GetProperty("videos").GetInt32());
        Assert.Equal(0, summary.GetProperty("failed").GetArrayLength());
        var rejected = summary.GetProperty("rejected").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(summary.GetProperty("frames").GetInt64(), rejected + summary.GetProperty("kept").GetInt64());
        Assert.Equal([Manifest.FileName], FilesOf(here.At("set")).Where(file => !file.EndsWith(".jpg", StringComparison.Ordinal)));
        using var manifest = Manifest.Open(here.At("set"));
        var frames = manifest.Select();
        Assert.Equal(summary.GetProperty("kept").GetInt32(), frames.Count);
        Assert.Equal(["A", "B"], frames.Select(frame => frame.Label).Distinct());
        Assert.All(frames, frame => Assert.Equal(frame.Bytes, new FileInfo(manifest.PathOf(frame)).Length));
        var b = manifest.Sources().Single(source => source.Path.EndsWith("s1_B_2.mp4", StringComparison.Ordinal));
        Assert.Equal(("s1", "s1-a", "window", "7"), (b.Signer, b.Session, b.Lighting, b.Device));
        Assert.Equal("someone", manifest.Sources().Single(source => source.Id != b.Id).Signer);
    }

    [Fact]
    public void A_second_run_has_nothing_to_do_and_says_the_same()
    {
        Clip("clips/A/one.mp4");
        var first = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;
        var before = File.ReadAllBytes(here.At("set", Manifest.FileName));

        var second = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;

        Assert.Equal(1, second.GetProperty("skipped").GetInt32());
        Assert.Equal(first.GetProperty("kept").GetInt32(), second.GetProperty("kept").GetInt32());
        Assert.Equal(first.GetProperty("rejected").GetRawText(), second.GetProperty("rejected").GetRawText());
        Assert.Equal(before, File.ReadAllBytes(here.At("set", Manifest.FileName)));
    }

    /// <summary>SIGNDATA_TEST_KILLS=50 asks for more than the few kills of every day.</summary>
    [Fact]
    public void Killed_at_any_moment_and_run_again_it_comes_to_the_same_dataset()
    {
        for (var i = 0; i < 6; i++)
        {
            Clip($"clips/{(char)('A' + i)}/clip.mp4", i);
        }
        var clock = Stopwatch.StartNew();
        here.Run("explode", "clips", "-o", "whole", "-q").Succeeds();
        var (time, random) = (clock.Elapsed, new Random(1));
        var wanted = int.TryParse(Environment.GetEnvironmentVariable("SIGNDATA_TEST_KILLS"), out var asked) ? asked : 6;
        for (var kills = 0; kills < wanted;)
        {
            using var started = here.Start("explode", "clips", "-o", "killed", "-q");
            Thread.Sleep(random.NextDouble() * time);
            started.Kill();
            if (started.Wait().Code != 0)
            {
                kills++;
            }
            else
            {
                // Together the runs had done it all; the next begins anew.
                IsTheSame("whole", "killed");
                Directory.Delete(here.At("killed"), recursive: true);
            }
        }
        here.Run("explode", "clips", "-o", "killed", "-q").Succeeds();

        IsTheSame("whole", "killed");
    }

    private void IsTheSame(string whole, string other)
    {
        Assert.Equal(FilesOf(here.At(whole)), FilesOf(here.At(other)));
        using var expected = Manifest.Open(here.At(whole));
        using var actual = Manifest.Open(here.At(other));
        Assert.Equal(expected.Select(includeCulled: true), actual.Select(includeCulled: true));
        Assert.Equal(expected.Sources().Select(source => source with { Rejected = null! }), actual.Sources().Select(source => source with { Rejected = null! }));
        Assert.Equal(expected.ContentHash(), actual.ContentHash());
        Assert.All(expected.Select(), frame => Assert.Equal(File.ReadAllBytes(expected.PathOf(frame)), File.ReadAllBytes(actual.PathOf(frame))));
    }

    [Fact]
    public void Ctrl_c_ends_with_130_and_a_manifest_that_another_run_completes()
    {
        for (var i = 0; i < 4; i++)
        {
            Clip($"clips/A/{i}.mp4", i, seconds: 20);
        }
        using var started = here.Start("explode", "clips", "-o", "set");
        while (!File.Exists(here.At("set", Manifest.FileName)) && !started.Ended)
        {
            Thread.Sleep(5);
        }
        Thread.Sleep(150);
        started.Interrupt();

        var end = started.Wait();

        Assert.Equal(130, end.Code);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
        Assert.Equal(4, here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json.GetProperty("videos").GetInt32());
    }

    [Fact]
    public void Blurred_and_still_stretches_are_rejected_with_their_reasons()
    {
        // Half a second is sharp, the rest of the two seconds is smeared; then, in another clip, nothing moves.
        Clip("clips/A/blurred.mp4", 0, 2, ",gblur=sigma=6:enable='gte(t,0.5)'");
        Ffmpeg("-i", here.At("clips", "A", "blurred.mp4"), "-vf", "trim=end_frame=1,loop=30:1", "-c:v", "libx264", "-pix_fmt", "yuv420p", here.At("clips", "A", "still.mp4"));

        var summary = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;

        Assert.InRange(summary.GetProperty("rejected").GetProperty("blurry").GetInt32(), 20, 27);
        Assert.InRange(summary.GetProperty("rejected").GetProperty("near_identical").GetInt32(), 20, 35);
        using var manifest = Manifest.Open(here.At("set"));
        Assert.All(manifest.Select().Where(frame => frame.Path.Contains("blurred", StringComparison.Ordinal)), frame => Assert.True(frame.Time < 0.5));
    }

    [Fact]
    public void What_comes_before_and_after_the_sign_is_rest()
    {
        Directory.CreateDirectory(here.At("clips", "A"));
        // A textured wall; from 1.0 to 2.5 seconds a textured square is before it, which moves a little.
        Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=15:duration=3.5,trim=end_frame=1,loop=52:1,setpts=N/15/TB", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=15:duration=4,negate",
            "-filter_complex", "[0][1]overlay=x='40+2*t':y=30:enable='between(t,1,2.5)'", "-c:v", "libx264", "-pix_fmt", "yuv420p", here.At("clips", "A", "raised.mp4"));

        var summary = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;

        Assert.InRange(summary.GetProperty("rejected").GetProperty("at_rest").GetInt32(), 30, 37);
        using var manifest = Manifest.Open(here.At("set"));
        Assert.All(manifest.Select(), frame => Assert.InRange(frame.Time!.Value, 0.99, 2.51));
    }

    [Fact]
    public void Bad_videos_among_good_ones_are_named_counted_and_recorded_while_the_rest_goes_on()
    {
        Clip("clips/A/good.mp4");
        File.WriteAllText(here.At("clips", "A", "text.mp4"), "This is no video.");
        File.WriteAllText(here.At("clips", "A", "empty.mp4"), "");
        Ffmpeg("-f", "lavfi", "-i", "sine=duration=1", here.At("clips", "A", "sound.mp4"));
        var whole = File.ReadAllBytes(Clip("half.mp4", 1, 4));
        File.WriteAllBytes(here.At("clips", "A", "half.mp4"), whole[..(whole.Length / 2)]);
        File.WriteAllText(here.At("clips", "A", "good.json"), "{ \"signer\": ");

        var end = here.Run("explode", "clips", "-o", "set", "--json").Succeeds();

        var failed = end.Json.GetProperty("failed").EnumerateArray().Select(f => Path.GetFileName(f.GetProperty("path").GetString())).Order();
        Assert.Equal(["empty.mp4", "half.mp4", "sound.mp4", "text.mp4"], failed);
        Assert.Contains("good.json", end.Error, StringComparison.Ordinal);
        Assert.Equal(2, end.Error.Split("text.mp4").Length);
        Assert.Contains("text.mp4: is not a video", end.Error, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal(4, manifest.Sources().Count(source => source.Failed is not null));
        Assert.All(manifest.Select(), frame => Assert.Contains("good", frame.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_video_cut_in_half_gives_its_good_frames_and_is_named()
    {
        var whole = File.ReadAllBytes(Clip("whole.mkv", 0, 8));
        Directory.CreateDirectory(here.At("clips", "A"));
        File.WriteAllBytes(here.At("clips", "A", "half.mkv"), whole[..(whole.Length / 2)]);

        var summary = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;

        Assert.Equal(1, summary.GetProperty("failed").GetArrayLength());
        Assert.InRange(summary.GetProperty("kept").GetInt32(), 3, 40);
    }

    [Theory]
    [InlineData("nowhere", "does not exist")]
    [InlineData("empty", "holds no video")]
    [InlineData("text.mp4", "gave no frame")]
    public void Inputs_without_any_frame_end_with_one_line(string input, string words)
    {
        Directory.CreateDirectory(here.At("empty"));
        File.WriteAllText(here.At("text.mp4"), "This is no video.");

        here.Run("explode", input, "-o", "set").FailsInOneLine(input, words);
    }

    [SmallDiskFact]
    public void A_full_disk_ends_with_one_line_and_a_rerun_with_space_comes_to_the_same_dataset()
    {
        Clip("clips/A/one.mp4");
        using var disk = new SmallDisk(here.At("small"), "160k");

        here.Run("explode", "clips", "-o", "small/set").FailsInOneLine("space");

        Assert.DoesNotContain(FilesOf(here.At("small", "set")), file => file.EndsWith(".jpg", StringComparison.Ordinal) || file.EndsWith(".part", StringComparison.Ordinal));
        disk.Resize("20m");
        here.Run("explode", "clips", "-o", "small/set").Succeeds();
        here.Run("explode", "clips", "-o", "whole").Succeeds();
        Assert.Equal(FilesOf(here.At("whole")), FilesOf(here.At("small", "set")));
        using var expected = Manifest.Open(here.At("whole"));
        using var actual = Manifest.Open(here.At("small", "set"));
        Assert.Equal(expected.ContentHash(), actual.ContentHash());
    }

    [Fact]
    public void Names_with_spaces_quotes_newlines_and_other_scripts_make_labels_and_files()
    {
        string[] labels = ["A b", "it's \"q\"", "Ä字", "new\nline", "-o", "%s;$(x)"];
        for (var i = 0; i < labels.Length; i++)
        {
            Clip($"clips/{labels[i]}/{labels[i]} 1.mp4", i, seconds: 0.5);
        }
        Clip("-one'\".mp4", 9, seconds: 0.5);

        var summary = here.Run("explode", "clips", "./-one'\".mp4", "-o", "my \"set\"\n字", "--json").Succeeds().Json;

        Assert.Equal(7, summary.GetProperty("videos").GetInt32());
        Assert.Equal(0, summary.GetProperty("failed").GetArrayLength());
        using var manifest = Manifest.Open(here.At("my \"set\"\n字"));
        Assert.Equal(["-o", "A b", "_s___x_", "it_s _q_", "new_line", "one__", "Ä字"], manifest.Select().Select(frame => frame.Label).Distinct().Order(StringComparer.Ordinal));
        Assert.All(manifest.Select(), frame => Assert.True(File.Exists(manifest.PathOf(frame))));
        Assert.All(manifest.Sources(), source => Assert.True(File.Exists(Path.GetFullPath(source.Path, manifest.Folder))));
    }

    [Fact]
    public void Links_that_lead_in_circles_or_nowhere_are_named_and_followed_by_nobody()
    {
        Clip("clips/A/one.mp4");
        Directory.CreateSymbolicLink(here.At("clips", "A", "up"), "..");
        Directory.CreateSymbolicLink(here.At("clips", "self"), "self");
        File.CreateSymbolicLink(here.At("clips", "A", "there.mp4"), "back.mp4");
        File.CreateSymbolicLink(here.At("clips", "A", "back.mp4"), "there.mp4");
        File.CreateSymbolicLink(here.At("clips", "A", "nowhere.mp4"), "gone.mp4");

        var summary = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;

        var failed = summary.GetProperty("failed").EnumerateArray().Select(f => Path.GetFileName(f.GetProperty("path").GetString())).Order();
        Assert.Equal(["back.mp4", "nowhere.mp4", "there.mp4"], failed);
        Assert.Equal(0, summary.GetProperty("skipped").GetInt32());
        Assert.Equal(4, summary.GetProperty("videos").GetInt32());
        Assert.InRange(summary.GetProperty("kept").GetInt32(), 3, 40);
    }

    [Fact]
    public void A_preview_draws_what_a_run_would_choose_and_makes_no_dataset()
    {
        Clip("clips/A/one.mp4", 0, 2, ",gblur=sigma=6:enable='gte(t,1)'");
        Clip("clips/B/one.mp4", 1);

        var preview = here.Run("explode", "clips", "--preview", "sheets", "--json").Succeeds().Json;

        Assert.Equal(["0001-A-one.jpg", "0002-B-one.jpg"], FilesOf(here.At("sheets")));
        Assert.True(SignData.Vision.ImageFile.Read(here.At("sheets", "0001-A-one.jpg")).Width >= 4 * 192);
        var run = here.Run("explode", "clips", "-o", "set", "--json").Succeeds().Json;
        Assert.Equal(run.GetProperty("kept").GetInt32(), preview.GetProperty("kept").GetInt32());
        Assert.Equal(run.GetProperty("rejected").GetRawText(), preview.GetProperty("rejected").GetRawText());
        Assert.Equal(2, here.Run("explode", "clips", "-o", "set", "--preview", "sheets").Code);
    }

    [Fact]
    public void A_csv_tells_labels_and_signers_of_videos_whatever_their_names()
    {
        string[] names = ["plain.mp4", "a b, \"c\".mp4", "line\nbreak.mp4", "手話-é.mp4", "-o.mp4", "$(touch gone) %d;'.mp4"];
        foreach (var (index, name) in names.Index())
        {
            Clip($"clips/{index}.mp4", index, 0.6);
            File.Move(here.At("clips", $"{index}.mp4"), here.At("clips", name));
        }
        File.WriteAllText(here.At("labels.csv"), "\uFEFFlabel,path,signer\r\n"
            + string.Concat(names.Skip(1).Select((name, index) => $"L{index},\"clips/{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",s{index}\r\n")) + "X,nowhere.mp4,\r\nL9,plain.mp4,");

        var end = here.Run("explode", "clips", "-o", "set", "--labels-csv", "labels.csv", "--signer", "other", "--json").Succeeds();

        Assert.Equal(0, end.Json.GetProperty("failed").GetArrayLength());
        Assert.Equal(["L0", "L1", "L2", "L3", "L4", "L9"], end.Json.GetProperty("labels").EnumerateObject().Select(label => label.Name));
        Assert.Contains("line 8", end.Error, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal("s1", manifest.Sources().Single(source => source.Path.Contains("break", StringComparison.Ordinal)).Signer);
        Assert.Equal("other", manifest.Sources().Single(source => source.Path.Contains("plain", StringComparison.Ordinal)).Signer);
        Assert.All(manifest.Select(), frame => Assert.True(File.Exists(manifest.PathOf(frame))));
        Assert.False(File.Exists(here.At("gone")));
    }

    [Theory]
    [InlineData("name,label\nx,A\n", "path and label")]
    [InlineData("path,label\nx\n", "line 2")]
    [InlineData("path,label\n\"x,A\n", "nothing closes")]
    [InlineData("path,label\nx,A\nx,B\n", "line 3")]
    [InlineData("path,label\nx,A\tB\n", "line 2")]
    public void A_csv_that_is_none_is_refused_with_the_line(string text, string words)
    {
        Clip("clips/A/one.mp4", seconds: 0.2);
        File.WriteAllText(here.At("labels.csv"), text);
        here.Run("explode", "clips", "-o", "set", "--labels-csv", "labels.csv").FailsInOneLine("labels.csv", words);
    }

    [Fact]
    public void Quotas_and_distances_hold()
    {
        Clip("clips/A/one.mp4", seconds: 4);
        double[] Times(params string[] options)
        {
            here.Run("explode", ["clips", "-o", "set", .. options]).Succeeds();
            using var manifest = Manifest.Open(here.At("set"));
            return [.. manifest.Select().Select(frame => frame.Time!.Value)];
        }

        var all = Times();
        var perSecond = Times("--per-second", "2");
        var distant = Times("--min-distance", "60");

        Assert.InRange(all.Length, 10, 40);
        Assert.InRange(perSecond.Length, 5, 8);
        Assert.All(perSecond.Zip(perSecond.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 0.498));
        Assert.InRange(distant.Length, 1, all.Length - 1);
        Assert.Equal(3, Times("--per-clip", "3").Length);
    }

    [Fact]
    public void A_cut_begins_a_new_group()
    {
        Directory.CreateDirectory(here.At("clips", "A"));
        Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=15:duration=2", "-f", "lavfi", "-i", "mandelbrot=size=160x120:rate=15", "-filter_complex", "[1]trim=duration=2[m];[0][m]concat", "-c:v", "libx264", "-pix_fmt", "yuv420p", here.At("clips", "A", "cut.mp4"));

        here.Run("explode", "clips", "-o", "set").Succeeds();

        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal([0, 1], manifest.Select().Select(frame => frame.Burst!.Value).Distinct().Order());
        Assert.All(manifest.Select(), frame => Assert.Equal(frame.Time >= 1.99 ? 1 : 0, frame.Burst));
    }

    [Fact]
    public void Large_videos_wait_for_each_other_where_memory_is_short()
    {
        Clip("clips/A/one.mp4");
        Clip("clips/B/one.mp4", 1);
        Assert.Equal(2, here.Run("explode", "clips", "-o", "set", "--memory-mb", "1", "--jobs", "4", "--json").Succeeds().Json.GetProperty("videos").GetInt32());
    }

    [Fact]
    public void Wrong_usage_ends_with_2()
    {
        Assert.Equal(2, here.Run("explode", "clips").Code);
        Assert.Equal(2, here.Run("explode", "clips", "-o", "set", "--per-clip", "0").Code);
    }
}
