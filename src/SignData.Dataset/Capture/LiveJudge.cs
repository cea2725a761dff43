using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Tells while recording what explode tells of a whole video: which frames are blurry beside the others, seen over the last seconds, and which look like one already kept.
/// </summary>
internal sealed class LiveJudge(double minSharpness)
{
    /// <summary>Ten seconds at 30 frames a second: what is usual now, in this light.</summary>
    private const int Remembered = 300;

    /// <summary>Of a label, so many kept frames are compared with.</summary>
    private const int Compared = 60;

    private readonly Queue<double> seen = new();
    private readonly Dictionary<string, Queue<LiveFrameLook>> kept = [];

    /// <summary>Below this the last frame seen is blurry.</summary>
    public double SharpEnough { get; private set; }

    private double Best { get; set; }

    /// <summary>Learns what is usual from every frame, recorded or not.</summary>
    public void See(LiveFrame frame)
    {
        seen.Enqueue(frame.Scores.Sharpness);
        if (seen.Count > Remembered)
        {
            seen.Dequeue();
        }
        Best = Quantile(seen, 0.95);
        SharpEnough = Least(frame);
    }

    /// <summary>Whether a frame is blurry beside what was seen lately.</summary>
    public bool IsBlurry(LiveFrame frame) => frame.Scores.Sharpness < Least(frame);

    /// <summary>Why a frame is to be left out; null if it is to be kept, and then it counts as kept.</summary>
    public string? Reject(LiveFrame frame, string label)
    {
        if (IsBlurry(frame))
        {
            return "blurry";
        }
        if (!kept.TryGetValue(label, out var looks))
        {
            kept[label] = looks = new Queue<LiveFrameLook>();
        }
        var hash = frame.Scores.PerceptualHash;
        if (looks.Any(look => PerceptualHash.Distance(look.Hash, hash) <= ClipSelection.SameScene && look.Grid.NoveltyFrom(frame.Grid) < ClipSelection.SamePicture))
        {
            return "near_identical";
        }
        looks.Enqueue(new LiveFrameLook(hash, frame.Grid));
        if (looks.Count > Compared)
        {
            looks.Dequeue();
        }
        return null;
    }

    /// <summary>Forgets what was kept of a label: it was taken back.</summary>
    public void Forget(string label) => kept.Remove(label);

    private double Least(LiveFrame frame) =>
        Math.Max(minSharpness, Best * (frame.Motion > 2 * ClipSelection.CalmMotion ? ClipSelection.SharpInMotion : ClipSelection.SharpEnough));

    private static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(part * (sorted.Length - 1))];
    }

    private readonly record struct LiveFrameLook(ulong Hash, LumaGrid Grid);
}
