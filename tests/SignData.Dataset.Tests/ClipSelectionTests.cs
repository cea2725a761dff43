using SignData.Vision;
using SignData.Vision.Synthesis;
using Xunit.Abstractions;

namespace SignData.Dataset.Tests;

public sealed class ClipSelectionTests(ITestOutputHelper output) : IDisposable
{
    // Pixels of a picture whose longer side is 480: a hand that moved so far while the shutter was open is smeared, one that moved less is not.
    private const double Smeared = 5, Sharp = 2.5;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Smeared_hands_are_rejected_and_sharp_ones_are_not()
    {
        var letters = Environment.GetEnvironmentVariable("SIGNDATA_TEST_LETTERS") ?? "B,V";
        SyntheticSet.Make(folder, new SynthesisOptions { Letters = SynthesisOptions.ParseLetters(letters), Signers = SynthesisOptions.ParseSigners("2"), Clips = 1, Seconds = 2, Width = 480, Height = 360, Seed = 11 });

        var (right, wrong, missed) = (0, 0, 0);
        foreach (var clip in Directory.EnumerateFiles(folder, "*.mp4", SearchOption.AllDirectories))
        {
            var truth = ClipTruth.FromJson(File.ReadAllBytes(Path.ChangeExtension(clip, ".json")));
            using var selection = new ClipSelection(new ExplodeOptions { Inputs = [clip], Output = folder });
            foreach (var frame in Video.Frames(clip))
            {
                selection.Add(frame);
            }
            selection.Choose();
            foreach (var (look, frame) in selection.Looks.Zip(truth.Frames).Where(pair => pair.Second.Box[2] > 0))
            {
                var (blur, rejected) = (frame.Blur * 480 / truth.Width, look.Reason == "blurry");
                right += blur >= Smeared && rejected ? 1 : 0;
                wrong += blur < Sharp && rejected ? 1 : 0;
                missed += blur >= Smeared && !rejected ? 1 : 0;
            }
        }

        output.WriteLine($"{right} rightly rejected, {wrong} wrongly, {missed} missed");
        Assert.True(right > 20);
        Assert.True(right >= 0.97 * (right + wrong), $"precision: {right} of {right + wrong}");
        Assert.True(right >= 0.97 * (right + missed), $"recall: {right} of {right + missed}");
    }
}
