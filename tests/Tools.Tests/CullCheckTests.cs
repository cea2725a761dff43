using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary>Every check has a frame that must fail and others that must not.</summary>
public sealed class CullCheckTests : IDisposable
{
    private readonly Executable here = new();

    public CullCheckTests()
    {
        foreach (var (label, i) in from label in "AB" from i in Enumerable.Range(0, 8) select (label, i))
        {
            Pictures.Write(here.At("images", $"{label}", $"{i}.png"), Pictures.Of((label * 100) + i));
        }
    }

    public void Dispose() => here.Dispose();

    private void Odd(string name, Image picture) => Pictures.Write(here.At("images", "A", name + ".png"), picture);

    private Dictionary<string, FrameRow> Cull(params string[] options)
    {
        here.Run("cull", ["images", "-o", "out.db", .. options]).Succeeds();
        using var manifest = Manifest.Open(here.At("out.db"));
        return manifest.Select(includeCulled: true).ToDictionary(frame => Path.GetFileNameWithoutExtension(frame.Path) is var name && char.IsDigit(name[0]) ? frame.Label + name : name);
    }

    [Fact]
    public void Each_check_names_its_score_and_its_threshold_and_leaves_ordinary_frames_alone()
    {
        Odd("dark", Pictures.Changed(Pictures.Of(1), value => (byte)(value / 32)));
        Odd("bright", Pictures.Changed(Pictures.Of(2), value => (byte)(252 + (value / 128))));
        Odd("flat", Pictures.Changed(Pictures.Of(3), value => (byte)(120 + (value / 64))));
        Odd("grey", Resample.ToGrey(Pictures.Of(4)));
        Odd("large", Pictures.Of(5, 480));
        Odd("long", Resample.Resize(Pictures.Of(6), 120, 30));
        Odd("soft", Resample.Resize(Resample.Resize(Pictures.Of(7), 5, 5), 60, 60));

        var frames = Cull();

        Assert.Equal("dark: highlights 0.02, below 0.12", frames["dark"].Culled);
        Assert.Matches("^bright: shadows 0.9[89]\\d*, above 0.97$", frames["bright"].Culled);
        Assert.Matches(@"low contrast: contrast 0\.0\d+, below 0\.05", frames["flat"].Flags);
        Assert.Matches(@"low information: entropy 0\.\d+, below 0\.5", frames["flat"].Flags);
        Assert.Equal("greyscale: colour 0, below 0.01", frames["grey"].Flags);
        Assert.Equal("odd size: factor to the median side 10, above 4", frames["large"].Flags);
        Assert.Equal("odd aspect: longer by shorter side 4, above 2.5", frames["long"].Flags!.Split("; ")[0]);
        Assert.Matches(@"blurry: sharpness 0[.\d]*, below 0\.2", frames["soft"].Flags);
        Assert.All(frames.Where(frame => char.IsDigit(frame.Key[1])), frame => Assert.Null(frame.Value.Culled ?? frame.Value.Flags));
    }

    [Fact]
    public void Checks_can_be_set_to_cull_to_flag_and_off()
    {
        Odd("dark", Pictures.Changed(Pictures.Of(1), value => (byte)(value / 32)));
        Odd("large", Pictures.Of(5, 480));

        var frames = Cull("--no-check", "dark", "--check", "odd-size=9", "--flag", "bright=0.02", "--no-check", "low-contrast,low-information,blurry");
        Assert.Null(frames["dark"].Culled ?? frames["dark"].Flags);
        Assert.Equal("odd size: factor to the median side 10, above 9", frames["large"].Culled);
        Assert.Contains("above 0.02", frames["A0"].Flags, StringComparison.Ordinal);
        Assert.Null(Cull("--check", "odd-size=11")["large"].Culled);

        here.Run("cull", "images", "-o", "x.db", "--check", "murky").FailsInOneLine("'murky'", "blurry");
        here.Run("cull", "images", "-o", "x.db", "--check", "blurry=high").FailsInOneLine("'high'", "blurry=0.2");
        here.Run("cull", "images", "-o", "x.db", "--check", "blurry=nan").FailsInOneLine("'nan'");
        here.Run("cull", "images", "-o", "x.db", "--check", "blurry", "--no-check", "blurry").FailsInOneLine("set twice");
        here.Run("cull", "images", "-o", "x.db", "--no-check", "unreadable").FailsInOneLine("always culled");
    }

    [Fact]
    public void The_same_pixels_in_another_file_are_a_duplicate_and_under_another_label_a_conflict()
    {
        var jpeg = ImageFile.EncodeJpeg(Pictures.Of(50), 90);
        byte[] commented = [.. jpeg[..2], 0xFF, 0xFE, 0, 5, (byte)'a', (byte)'b', (byte)'c', .. jpeg[2..]];
        File.WriteAllBytes(here.At("images", "A", "first.jpg"), jpeg);
        File.WriteAllBytes(here.At("images", "A", "second.jpg"), commented);
        File.Copy(here.At("images", "A", "1.png"), here.At("images", "B", "astray.png"));

        var frames = Cull();
        Assert.Null(frames["first"].Culled);
        Assert.Equal("exact duplicate: the same pixels as first.jpg", frames["second"].Culled);
        Assert.Equal("label conflict: the same bytes are under A and B", frames["astray"].Culled);
        Assert.Equal(frames["astray"].Culled, frames["A1"].Culled);

        frames = Cull("--flag", "exact-duplicate", "--no-check", "label-conflict,near-duplicate");
        Assert.Null(frames["second"].Culled);
        Assert.Equal("exact duplicate: the same pixels as first.jpg", frames["second"].Flags);
        Assert.Null(frames["astray"].Culled ?? frames["astray"].Flags);
    }

    [Theory, InlineData("avx512"), InlineData("plain")]
    public void Altered_copies_are_near_duplicates_wherever_they_are_and_whatever_the_processor_has(string level)
    {
        here.Variables["SIGNDATA_SIMD"] = level;
        var picture = Pictures.Of(70, 240);
        Odd("whole", picture);
        Pictures.Write(here.At("others", "A", "half.jpg"), Resample.Resize(picture, 120, 120));
        Pictures.Write(here.At("others", "A", "light.jpg"), Pictures.Changed(picture, value => (byte)Math.Min(255, value * 1.1)));
        Pictures.Write(here.At("others", "B", "dim.jpg"), Pictures.Changed(picture, value => (byte)(value * 0.9)));
        for (var i = 0; i < 8; i++)
        {
            Pictures.Write(here.At("others", "A", $"{i}.png"), Pictures.Of(500 + i));
        }

        here.Run("cull", "images", "others", "-o", "out.db").Succeeds();
        using (var manifest = Manifest.Open(here.At("out.db")))
        {
            var like = manifest.Select().Where(frame => Path.GetFileNameWithoutExtension(frame.Path) is "whole" or "half" or "light" or "dim").ToList();
            Assert.Equal(4, like.Count);
            Assert.Equal(3, like.Count(frame => frame.Flags?.Contains("near duplicate: similarity 0.9", StringComparison.Ordinal) == true || frame.Flags?.Contains("near duplicate: similarity 1", StringComparison.Ordinal) == true));
            Assert.Contains("and that is under ", Assert.Single(like, frame => frame.Label == "B" || frame.Flags?.Contains("under B", StringComparison.Ordinal) == true).Flags, StringComparison.Ordinal);
        }

        var end = here.Run("cull", "images", "others", "-o", "out.db", "--json", "--check", "near-duplicate").Succeeds();
        Assert.Equal(2, end.Json.GetProperty("culled").GetProperty("near_duplicate").GetInt32());
    }

    [Fact]
    public void A_frame_of_no_sign_may_show_a_blank_wall()
    {
        Pictures.Write(here.At("images", "nothing", "wall.png"), Pictures.Changed(Pictures.Of(3), value => (byte)(120 + (value / 64))));

        Assert.Null(Cull("--check", "blurry", "--check", "low-contrast", "--check", "low-information")["wall"].Culled);
    }
}
