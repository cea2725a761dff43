using SignData.Vision;
using SignData.Vision.Synthesis;
using Xunit.Abstractions;

namespace SignData.Dataset.Tests;

public sealed class LiveJudgeTests(ITestOutputHelper output) : IDisposable
{
    // Pixels of a picture whose longer side is 480: a hand that moved so far while the shutter was open is smeared, one that moved less is not.
    private const double Smeared = 5, Sharp = 2.5;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Smeared_hands_are_left_out_as_they_come_and_sharp_ones_are_not()
    {
        var letters = Environment.GetEnvironmentVariable("SIGNDATA_TEST_LETTERS") ?? "L,V";
        SyntheticSet.Make(folder, new SynthesisOptions { Letters = SynthesisOptions.ParseLetters(letters), Signers = SynthesisOptions.ParseSigners("2"), Clips = 1, Seconds = 2.5, Width = 480, Height = 360, Seed = 5 });

        var (right, wrong, missed) = (0, 0, 0);
        foreach (var clip in Directory.EnumerateFiles(folder, "*.mp4", SearchOption.AllDirectories))
        {
            var truth = ClipTruth.FromJson(File.ReadAllBytes(Path.ChangeExtension(clip, ".json")));
            foreach (var (verdict, frame) in Judged(clip).Zip(truth.Frames).Where(pair => pair.Second.Box[2] > 0))
            {
                var blur = frame.Blur * 480 / truth.Width;
                if ((blur >= Smeared) != verdict.Blurry && (blur >= Smeared || blur < Sharp))
                {
                    output.WriteLine($"{Path.GetFileName(clip)} {frame.Frame} {frame.Phase}: blur {blur:0.0}, sharpness {verdict.Sharpness:0.000} of {verdict.Least:0.000}, motion {verdict.Motion:0.0}");
                }
                right += blur >= Smeared && verdict.Blurry ? 1 : 0;
                wrong += blur < Sharp && verdict.Blurry ? 1 : 0;
                missed += blur >= Smeared && !verdict.Blurry ? 1 : 0;
            }
        }

        output.WriteLine($"{right} rightly left out, {wrong} wrongly, {missed} missed");
        Assert.True(right > 20);
        Assert.True(right >= 0.95 * (right + wrong), $"precision: {right} of {right + wrong}");
        Assert.True(right >= 0.95 * (right + missed), $"recall: {right} of {right + missed}");
    }

    /// <summary>Whether each frame is blurry, told when the next one comes, as the recorder does.</summary>
    private static IEnumerable<(bool Blurry, double Sharpness, double Least, double Motion)> Judged(string clip)
    {
        var (judge, meter) = (new LiveJudge(0.05), new FrameMeter());
        LiveFrame? before = null;
        foreach (var frame in Video.Frames(clip))
        {
            var next = meter.Measure(frame, []);
            if (before is not null)
            {
                before.Motion = Math.Max(before.Motion, next.Motion);
                judge.See(before);
                yield return (judge.IsBlurry(before), before.Scores.Sharpness, judge.SharpEnough, before.Motion);
                before.Dispose();
            }
            before = next;
        }
        judge.See(before!);
        yield return (judge.IsBlurry(before!), before!.Scores.Sharpness, judge.SharpEnough, before.Motion);
        before!.Dispose();
    }
}
