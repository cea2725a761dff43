using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>A frame that was chosen: its pixels, or its JPEG if memory was short.</summary>
internal sealed class Candidate(Frame frame, Thumbnail thumbnail) : IDisposable
{
    public int Width { get; } = frame.Width;
    public int Height { get; } = frame.Height;
    public int Position { get; } = frame.Position;
    public TimeSpan Time { get; } = frame.Time;
    public float Sharpness { get; } = (float)Core.Sharpness.Score(thumbnail);
    public LumaGrid Grid { get; } = new(thumbnail);
    public FrameScores? Scores { get; private set; }
    public Frame? Frame { get; private set; } = frame;
    public byte[]? Jpeg { get; private set; }

    /// <summary>Change from the frame before or to the frame after, whichever is more: what moves fast is smeared.</summary>
    public float Motion { get; set; }

    /// <summary>Sharp and still is best.</summary>
    public double Merit => Sharpness / (1 + (Motion / ClipSelection.CalmMotion));

    /// <summary>What appeared since the video's first frame.</summary>
    public float Departure { get; set; }

    /// <summary>Bytes of pixels held.</summary>
    public long Held => Frame is null ? 0 : Core.Frame.Size(Width, Height);

    public void Measure() => Scores ??= FrameScores.Of(Frame!.Luma, Width, Height);

    public void Compress(int quality)
    {
        if (Frame is { } frame)
        {
            Measure();
            Jpeg = ImageFile.EncodeJpeg(frame, quality);
            frame.Dispose();
            Frame = null;
        }
    }

    /// <summary>Hands the picture over to a store.</summary>
    public void MoveTo(FrameStore store, string label)
    {
        if (Frame is { } frame)
        {
            Frame = null;
            store.Add(frame, label, Scores!.Value);
        }
        else
        {
            store.Add(Jpeg!, Width, Height, Position, Time, label, Scores!.Value);
        }
    }

    public void Dispose() => Frame?.Dispose();
}

/// <summary>
/// Chooses the frames of one video as they come by, in bounded memory: the best of each fifth of a second is a candidate;
/// at the end those that are blurry beside the others of the video go, then those before and after the sign, then those that look like a better one,
/// then what is over the quota.
/// </summary>
internal sealed class ClipSelection : IDisposable
{
    /// <summary>Change between neighbouring frames, in levels, at which a moving hand's edge begins to smear.</summary>
    public const double CalmMotion = 8;

    /// <summary>Frames of a moment compete with each other.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.2);

    /// <summary>Below this part of its video's usual best, a frame is blurry.</summary>
    private const double SharpEnough = 0.65;

    /// <summary>Moving this many times more than is usual in its video (and more than calm), a frame is smeared.</summary>
    private const double SmearedMotion = 3;

    /// <summary>Less change than this, in levels where it is most, and a person sees the same picture.</summary>
    private const double SamePicture = 7;

    /// <summary>Differing in more bits than this, two pictures show different scenes however small the local change.</summary>
    private const int SameScene = 10;

    /// <summary>
    /// Where less than this appeared, the pose is the same. A video that ends as it begins, and for <see cref="Away"/> of its time is twice as far from that,
    /// has its sign in between: what resembles the beginning is rest.
    /// </summary>
    private const double SamePose = 30;

    private const double Away = 0.25;

    /// <summary>Of a video whose hand hardly moves, this many of the most different frames are kept.</summary>
    private const int Fewest = 8;

    private const int MostCandidates = 80;
    private const long MostBytes = 96 << 20;

    private readonly int perClip, quality;
    private readonly double minSharpness;
    private readonly Thumbnail thumbnail = new();
    private readonly List<Candidate> candidates = [];
    private readonly List<(float Sharpness, float Motion, float Departure)> seen = [];
    private Candidate? last, best;
    private LumaGrid? first;
    private TimeSpan bestMoment;

    /// <summary>An empty selection.</summary>
    /// <param name="perClip">The most frames to choose.</param>
    /// <param name="minSharpness">Less is blurry in any video.</param>
    /// <param name="quality">Of the JPEGs that are made when memory is short.</param>
    public ClipSelection(int perClip, double minSharpness, int quality) =>
        (this.perClip, this.minSharpness, this.quality) = (perClip, minSharpness, quality);

    /// <summary>Frames that came by.</summary>
    public int Frames => seen.Count + (last is null ? 0 : 1);

    /// <summary>Frames not chosen, by reason.</summary>
    public Dictionary<string, int> Rejected { get; } = [];

    /// <summary>The usual best sharpness of the video.</summary>
    public double Best { get; private set; }

    /// <summary>The time of the last frame.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>Looks at the next frame, which belongs to the selection from now on.</summary>
    /// <param name="frame">Later than the one before.</param>
    public void Add(Frame frame)
    {
        thumbnail.Set(frame.Luma, frame.Width, frame.Height);
        var next = new Candidate(frame, thumbnail);
        first ??= next.Grid;
        next.Departure = (float)next.Grid.AppearedSince(first);
        End = frame.Time;
        if (last is not null)
        {
            next.Motion = (float)next.Grid.ChangeFrom(last.Grid);
            last.Motion = Math.Max(last.Motion, next.Motion);
            Settle(last);
        }
        last = next;
    }

    /// <summary>Chooses; the selection takes no more.</summary>
    /// <returns>In the order of time. They belong to the selection unless their frame is taken out.</returns>
    public IReadOnlyList<Candidate> Choose()
    {
        if (last is not null)
        {
            Settle(last);
            last = null;
        }
        if (best is not null)
        {
            candidates.Add(best);
            best = null;
        }
        if (seen.Count == 0)
        {
            return [];
        }
        Best = Quantile(seen.Select(s => s.Sharpness), 0.95);
        var sharp = Math.Max(minSharpness, SharpEnough * Best);
        var calm = Math.Max(2 * CalmMotion, SmearedMotion * Quantile(seen.Select(s => s.Motion), 0.5));
        bool Blurry(float sharpness, float motion) => sharpness < sharp || motion > calm;

        var returns = seen[^1].Departure < SamePose && seen.Count(s => s.Departure > 2 * SamePose) > Away * seen.Count;
        bool AtRest(float departure) => returns && departure < SamePose;

        var chosen = Distinct([.. candidates.Where(c => !Blurry(c.Sharpness, c.Motion) && !AtRest(c.Departure)).OrderByDescending(c => c.Merit).ThenBy(c => c.Position)]);
        chosen.Sort((a, b) => a.Position.CompareTo(b.Position));
        var quota = 0;
        for (; chosen.Count > perClip; quota++)
        {
            chosen.RemoveAt(LeastMissed(chosen, (a, b) => (b.Time - a.Time).TotalSeconds));
        }
        var blurry = seen.Count(s => Blurry(s.Sharpness, s.Motion));
        var resting = seen.Count(s => !Blurry(s.Sharpness, s.Motion) && AtRest(s.Departure));
        Count("blurry", blurry);
        Count("at_rest", resting);
        Count("quota", quota);
        Count("near_identical", seen.Count - blurry - resting - quota - chosen.Count);
        return chosen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        last?.Dispose();
        best?.Dispose();
        candidates.ForEach(candidate => candidate.Dispose());
    }

    private void Settle(Candidate candidate)
    {
        seen.Add((candidate.Sharpness, candidate.Motion, candidate.Departure));
        if (best is null)
        {
            (best, bestMoment) = (candidate, candidate.Time);
        }
        else if (candidate.Time - bestMoment >= Moment)
        {
            candidates.Add(best);
            (best, bestMoment) = (candidate, candidate.Time);
            Bound();
        }
        else if (candidate.Merit > best.Merit)
        {
            best.Dispose();
            best = candidate;
        }
        else
        {
            candidate.Dispose();
        }
    }

    private void Bound()
    {
        if (candidates.Count > Math.Max(MostCandidates, 2 * perClip))
        {
            var index = LeastMissed(candidates, (a, b) => a.Grid.NoveltyFrom(b.Grid));
            candidates[index].Dispose();
            candidates.RemoveAt(index);
        }
        if (candidates.Sum(c => c.Held) > MostBytes)
        {
            candidates.First(c => c.Held > 0).Compress(quality);
        }
    }

    private static List<Candidate> Distinct(List<Candidate> bestFirst)
    {
        bestFirst.ForEach(candidate => candidate.Measure());
        var (chosen, alike) = (new List<Candidate>(), new List<(Candidate Candidate, double Change)>());
        foreach (var candidate in bestFirst)
        {
            var same = chosen.Where(c => PerceptualHash.Distance(c.Scores!.Value.PerceptualHash, candidate.Scores!.Value.PerceptualHash) <= SameScene);
            var change = same.Select(c => c.Grid.NoveltyFrom(candidate.Grid)).DefaultIfEmpty(255).Min();
            if (change >= SamePicture)
            {
                chosen.Add(candidate);
            }
            else
            {
                alike.Add((candidate, change));
            }
        }
        while (chosen.Count < Fewest && alike.Count > 0)
        {
            var next = alike.MaxBy(a => a.Change).Candidate;
            chosen.Add(next);
            alike = [.. alike.Where(a => a.Candidate != next).Select(a => (a.Candidate, Math.Min(a.Change, next.Grid.NoveltyFrom(a.Candidate.Grid))))];
        }
        return chosen;
    }

    /// <summary>Of the two neighbours nearest to each other, the lesser.</summary>
    private static int LeastMissed(List<Candidate> ordered, Func<Candidate, Candidate, double> distance)
    {
        var nearest = Enumerable.Range(0, ordered.Count - 1).MinBy(i => distance(ordered[i], ordered[i + 1]));
        return ordered[nearest].Merit < ordered[nearest + 1].Merit ? nearest : nearest + 1;
    }

    private void Count(string reason, int frames)
    {
        if (frames > 0)
        {
            Rejected[reason] = frames;
        }
    }

    private static double Quantile(IEnumerable<float> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(part * (sorted.Length - 1))];
    }
}
