using SignData.Vision;
using Xunit.Abstractions;

namespace SignData.Dataset.Tests;

public sealed class ClipSelectionTests(ITestOutputHelper output)
{
    [Fact]
    public void Smeared_hands_are_rejected_and_sharp_ones_are_not()
    {
        using var clips = new SmearedClips("B,V", seconds: 2, seed: 11);
        clips.Judge(Judged);
        clips.AssertAtLeast(0.97, output);
    }

    private static IEnumerable<bool> Judged(string clip)
    {
        using var selection = new ClipSelection(new ExplodeOptions { Inputs = [clip], Output = "" });
        foreach (var frame in Video.Frames(clip))
        {
            selection.Add(frame);
        }
        selection.Choose();
        return [.. selection.Looks.Select(look => look.Reason == "blurry")];
    }
}
