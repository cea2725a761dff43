using SignData.Vision;
using Xunit.Abstractions;

namespace SignData.Dataset.Tests;

public sealed class LiveJudgeTests(ITestOutputHelper output)
{
    [Fact]
    public void Smeared_hands_are_left_out_as_they_come_and_sharp_ones_are_not()
    {
        using var clips = new SmearedClips("L,V", seconds: 2.5, seed: 5);
        clips.Judge(Judged);
        clips.AssertAtLeast(0.95, output);
    }

    /// <summary>Whether each frame is blurry, told when the next one comes, as the recorder does.</summary>
    private static IEnumerable<bool> Judged(string clip)
    {
        var (judge, meter) = (new LiveJudge(0.05), new FrameMeter());
        LiveFrame? before = null;
        foreach (var frame in Video.Frames(clip))
        {
            var next = meter.Measure(frame, []);
            if (before is not null)
            {
                before.Motion = Math.Max(before.Motion, next.Motion);
                yield return IsBlurry(before);
            }
            before = next;
        }
        yield return IsBlurry(before!);

        bool IsBlurry(LiveFrame frame)
        {
            using (frame)
            {
                judge.See(frame);
                return judge.IsBlurry(frame);
            }
        }
    }
}
