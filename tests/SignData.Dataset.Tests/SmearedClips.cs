using SignData.Vision.Synthesis;
using Xunit.Abstractions;

namespace SignData.Dataset.Tests;

/// <summary>Synthetic clips of which is known how far the hand moved in each frame, and how well a judge tells the smeared frames.</summary>
internal sealed class SmearedClips : IDisposable
{
    // Pixels of a picture whose longer side is 480: a hand that moved so far while the shutter was open is smeared, one that moved less is not.
    private const double Smeared = 5, Sharp = 2.5;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;
    private int right, wrong, missed;

    /// <summary>Clips of the letters in SIGNDATA_TEST_LETTERS, else of those given.</summary>
    public SmearedClips(string letters, double seconds, ulong seed) => SyntheticSet.Make(folder, new SynthesisOptions
    {
        Letters = SynthesisOptions.ParseLetters(Environment.GetEnvironmentVariable("SIGNDATA_TEST_LETTERS") ?? letters),
        Signers = SynthesisOptions.ParseSigners("2"), Clips = 1, Seconds = seconds, Width = 480, Height = 360, Seed = seed,
    });

    /// <summary>Lets a judge see every clip.</summary>
    /// <param name="isBlurry">Gives its verdict on each frame of a clip.</param>
    public void Judge(Func<string, IEnumerable<bool>> isBlurry)
    {
        foreach (var clip in Directory.EnumerateFiles(folder, "*.mp4", SearchOption.AllDirectories))
        {
            var truth = ClipTruth.FromJson(File.ReadAllBytes(Path.ChangeExtension(clip, ".json")));
            foreach (var (rejected, frame) in isBlurry(clip).Zip(truth.Frames).Where(pair => pair.Second.Box[2] > 0))
            {
                var blur = frame.Blur * 480 / truth.Width;
                right += blur >= Smeared && rejected ? 1 : 0;
                wrong += blur < Sharp && rejected ? 1 : 0;
                missed += blur >= Smeared && !rejected ? 1 : 0;
            }
        }
    }

    /// <summary>Holds precision and recall to a least value.</summary>
    public void AssertAtLeast(double least, ITestOutputHelper output)
    {
        output.WriteLine($"{right} rightly rejected, {wrong} wrongly, {missed} missed");
        Assert.True(right > 20);
        Assert.True(right >= least * (right + wrong), $"precision: {right} of {right + wrong}");
        Assert.True(right >= least * (right + missed), $"recall: {right} of {right + missed}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
