using System.Text.Json;

namespace SignData.Tools.Tests;

public sealed class SynthTests : IDisposable
{
    private readonly Executable tools = new();

    public void Dispose() => tools.Dispose();

    private ToolEnd Synth(params string[] more) =>
        tools.Run("synth", ["-o", tools.At("clips"), "--letters", "A,Y", "--signers", "2", "--clips", "1", "--seconds", "0.5", "--size", "96x64", "--json", .. more]);

    [Fact]
    public void Clips_lie_by_letter_with_their_truth_and_are_not_made_twice()
    {
        JsonElement first = Synth().Succeeds().Json;
        Assert.Equal(4, first.GetProperty("clips").GetInt32());
        Assert.Equal(60, first.GetProperty("frames").GetInt32());
        string[] clips = [.. Directory.GetFiles(tools.At("clips"), "*.mp4", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(["A/s1_A_1.mp4", "A/s2_A_1.mp4", "Y/s1_Y_1.mp4", "Y/s2_Y_1.mp4"], clips.Select(c => Path.GetRelativePath(tools.At("clips"), c)));
        foreach (string clip in clips)
        {
            using JsonDocument truth = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(clip, ".json")));
            Assert.Equal(Path.GetFileName(clip)[..2], truth.RootElement.GetProperty("signer").GetString());
            Assert.Equal(15, truth.RootElement.GetProperty("frames").GetArrayLength());
        }
        DateTime[] times = [.. clips.Select(File.GetLastWriteTimeUtc)];
        Assert.Equal(4, Synth().Succeeds().Json.GetProperty("skipped").GetInt32());
        Assert.Equal(times, clips.Select(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void Its_clips_tell_explode_who_signs()
    {
        Synth().Succeeds();
        tools.Run("explode", tools.At("clips"), "-o", tools.At("frames"), "--min-sharpness", "0").Succeeds();
        using SignData.Dataset.Manifest manifest = SignData.Dataset.Manifest.Open(tools.At("frames"));
        Assert.Equal(["s1", "s1", "s2", "s2"], manifest.Sources().Select(s => s.Signer).Order(StringComparer.Ordinal));
        Assert.Equal(["A", "Y"], manifest.Select().Select(f => f.Label).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_stills_are_signers_for_cull()
    {
        JsonElement made = Synth("--stills", "2").Succeeds().Json;
        Assert.Equal(8, made.GetProperty("stills").GetInt32());
        tools.Run("cull", tools.At("clips/stills.csv"), "-o", tools.At("set.db"), "--valid", "0", "--test", "0", "--test-signer", "s2").Succeeds();
        using SignData.Dataset.Manifest manifest = SignData.Dataset.Manifest.Open(tools.At("set.db"));
        Assert.Equal(4, manifest.Select("test").Count);
        Assert.Equal(["A", "Y"], manifest.Select("train").Select(f => f.Label).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["s1", "s2"], manifest.Sources().Select(s => s.Signer).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(tools.At("clips"), "*.mp4", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("--stills", "4", "4")]
    [InlineData("--letters", "J", "J")]
    [InlineData("--size", "97x64", "97")]
    [InlineData("--seconds", "0", "seconds")]
    public void Values_that_make_no_clip_are_refused(string option, string value, string word)
    {
        ToolEnd end = tools.Run("synth", "-o", tools.At("clips"), option, value);
        Assert.Contains(end.Code, (int[])[1, 2]);
        Assert.Contains(word, Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(tools.At("clips")));
    }

    [Fact]
    public void A_file_where_the_folder_should_be_is_refused()
    {
        File.WriteAllText(tools.At("clips"), "");
        Synth().FailsInOneLine("clips");
    }
}
