using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Tells while recording what explode tells of a whole video: which frames are blurry beside the others, seen over the last seconds, and which look like one already kept.
/// </summary>
internal sealed class LiveJudge(double minSharpness)
{
    /// <summary>Ten seconds at 30 frames a second: what is usual now, in this light.</summary>
    private const int Remembered = 300;

    /// <summary>In the first second, before something still was seen, what moves is believed only if it is much sharper than all before: how sharp it can be is not known yet.</summary>
    private const int Early = 30;

    /// <summary>What is fast enough to smear must be nearly as sharp as the best to be believed; with no look ahead, more nearly than in a whole video.</summary>
    private const double SharpInMotion = 0.85;

    /// <summary>Of a label, so many kept frames are compared with.</summary>
    private const int Compared = 60;

    private readonly Queue<double> seen = new();
    private readonly Dictionary<string, Queue<LiveFrameLook>> kept = [];
    private double best, sharpestBefore;
    private bool hasStill;

    /// <summary>Below this the last frame seen is blurry.</summary>
    public double SharpEnough { get; private set; }

    /// <summary>Learns what is usual from every frame, recorded or not.</summary>
    public void See(LiveFrame frame)
    {
        sharpestBefore = seen.Count > 0 ? seen.Max() : 1;
        seen.Enqueue(frame.Scores.Sharpness);
        if (seen.Count > Remembered)
        {
            seen.Dequeue();
        }
        best = Quantile(seen, 0.95);
        hasStill |= !Moves(frame);
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

    private static bool Moves(LiveFrame frame) => frame.Motion > 2 * ClipSelection.CalmMotion;

    private double Least(LiveFrame frame) =>
        Moves(frame) && !hasStill && seen.Count < Early ? Math.Min(1, sharpestBefore / SharpInMotion)
        : Math.Max(minSharpness, best * (Moves(frame) ? SharpInMotion : ClipSelection.SharpEnough));

    private static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(part * (sorted.Length - 1))];
    }

    private readonly record struct LiveFrameLook(ulong Hash, LumaGrid Grid);
}
