using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Chooses the frames of one video as they come by, in bounded memory: the best of each moment is a candidate;
/// at the end those that are blurry beside the others of their scene go, then those before and after the sign, then those that look like a better one,
/// then what is over the quota.
/// </summary>
internal sealed class ClipSelection : IDisposable
{
    /// <summary>Change between neighbouring frames, in levels, at which a moving hand's edge begins to smear.</summary>
    public const double CalmMotion = 8;

    /// <summary>Less change than this, in levels where it is most, and a person sees the same picture.</summary>
    public const double SamePicture = 7;

    /// <summary>Frames of a moment, in seconds, compete with each other.</summary>
    private const double Moment = 0.2;

    /// <summary>Below this part of its scene's usual best, a frame is blurry.</summary>
    internal const double SharpEnough = 0.65;

    /// <summary>The same for a frame in which something moves: what is fast enough to smear must be nearly as sharp as the best to be believed.</summary>
    private const double SharpInMotion = 0.8;

    /// <summary>Passing this many times faster than is usual in its scene (and faster than calm), a hand is smeared, however small a part of the picture it is.</summary>
    private const double SmearedMotion = 3;

    /// <summary>Less change than this, and it is the same frame once more.</summary>
    private const double Repeated = 2;

    /// <summary>Differing in more bits than this, two pictures show different scenes however small the local change.</summary>
    internal const int SameScene = 10;

    /// <summary>
    /// Where less than this appeared, the pose is the same. A scene that ends as it begins, and for <see cref="Away"/> of its time is twice as far from that,
    /// has its sign in between: what resembles the beginning is rest.
    /// </summary>
    private const double SamePose = 30;

    private const double Away = 0.25;

    /// <summary>Of a video whose hand hardly moves, this many of the most different frames are kept. A scene of fewer frames is judged by the whole video.</summary>
    private const int Fewest = 8;

    private const int MostCandidates = 80;
    private const long MostBytes = 96 << 20;

    private readonly ExplodeOptions options;
    private readonly TimeSpan moment;
    private readonly Thumbnail thumbnail = new();
    private readonly List<Candidate> candidates = [];
    private readonly List<Look> looks = [];
    private Candidate? last, best;
    private LumaGrid? first;
    private TimeSpan bestMoment;
    private int scene;

    /// <summary>An empty selection.</summary>
    /// <param name="options">How to choose.</param>
    public ClipSelection(ExplodeOptions options)
    {
        this.options = options;
        moment = TimeSpan.FromSeconds(Math.Min(Moment, 1 / (options.PerSecond ?? 1)));
    }

    /// <summary>The memory that reading and choosing from a video takes, in bytes: its decoder's frames and the candidates'.</summary>
    /// <param name="width">Of its frames.</param>
    /// <param name="height">Of its frames.</param>
    public static long MemoryFor(int width, int height) => (24L * Frame.Size(width, height)) + MostBytes;

    /// <summary>Frames that came by, in their order; their reasons are there after <see cref="Choose"/>.</summary>
    public IReadOnlyList<Look> Looks => looks;

    /// <summary>The usual best sharpness of the video.</summary>
    public double Best { get; private set; }

    /// <summary>The time of the last frame.</summary>
    public TimeSpan End => looks.Count > 0 ? looks[^1].Time : TimeSpan.Zero;

    /// <summary>Frames not chosen, by reason.</summary>
    public Dictionary<string, int> Rejected => looks.Where(look => look.Reason is not null).CountBy(look => look.Reason!).ToDictionary();

    /// <summary>Looks at the next frame, which belongs to the selection from now on.</summary>
    /// <param name="frame">Later than the one before.</param>
    public void Add(Frame frame)
    {
        thumbnail.Set(frame);
        var grid = new LumaGrid(thumbnail);
        var cut = last is not null && grid.IsCutFrom(last.Grid);
        if (cut)
        {
            scene++;
        }
        if (first is null || cut)
        {
            first = grid;
        }
        var look = new Look(frame.Position, frame.Time, scene, (float)Sharpness.Score(thumbnail)) { Departure = (float)grid.AppearedSince(first) };
        looks.Add(look);
        if (last is not null)
        {
            if (!cut)
            {
                look.Motion = look.Change = (float)grid.ChangeFrom(last.Grid);
                last.Look.Motion = Math.Max(last.Look.Motion, look.Motion);
            }
            Settle(last);
        }
        last = new Candidate(frame, look, grid);
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
        if (looks.Count == 0)
        {
            return [];
        }
        Best = UsualBest(looks);
        foreach (var group in looks.GroupBy(look => look.Scene))
        {
            Judge([.. group]);
        }
        var chosen = Distinct([.. candidates.Where(c => c.Look.Reason is null).OrderByDescending(c => c.Merit).ThenBy(c => c.Look.Position)]);
        var kept = Spread(chosen);
        foreach (var look in looks.Where(look => look.Reason is null))
        {
            look.Reason = "near_identical";
        }
        chosen.ForEach(candidate => candidate.Look.Reason = "quota");
        kept.ForEach(candidate => candidate.Look.Reason = null);
        return kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        last?.Dispose();
        best?.Dispose();
        candidates.ForEach(candidate => candidate.Dispose());
    }

    /// <summary>Marks what is blurry and what is rest in one scene.</summary>
    private void Judge(List<Look> scene)
    {
        var judges = scene.Count < Fewest ? looks : scene;
        var best = UsualBest(judges);
        var smeared = Math.Max(2 * CalmMotion, SmearedMotion * Quantile(judges.Select(look => look.Motion), 0.5));
        var returns = scene[^1].Departure < SamePose && scene.Count(look => look.Departure > 2 * SamePose) > Away * scene.Count;
        foreach (var (i, look) in scene.Index())
        {
            var least = Math.Max(options.MinSharpness, best * (look.Motion > 2 * CalmMotion ? SharpInMotion : SharpEnough));
            look.Reason = look.Sharpness < least || Passing(scene, i) > smeared ? "blurry" : returns && look.Departure < SamePose ? "at_rest" : null;
        }
    }

    /// <summary>Change from the frame before and to the frame after, whichever is less: what comes from elsewhere and goes elsewhere moves while it is exposed.</summary>
    private static float Passing(List<Look> scene, int i)
    {
        // A camera that lags gives a frame twice.
        float Change(int at, int beyond) => at < 0 || at >= scene.Count ? float.MaxValue
            : scene[at].Change < Repeated && beyond >= 0 && beyond < scene.Count ? scene[beyond].Change : scene[at].Change;
        var (before, after) = (i > 0 ? Change(i, i - 1) : float.MaxValue, Change(i + 1, i + 2));
        return scene.Count > 1 ? Math.Min(before, after) : 0;
    }

    private void Settle(Candidate candidate)
    {
        if (best is null)
        {
            (best, bestMoment) = (candidate, candidate.Look.Time);
        }
        else if (candidate.Look.Scene != best.Look.Scene || candidate.Look.Time - bestMoment >= moment)
        {
            candidates.Add(best);
            (best, bestMoment) = (candidate, candidate.Look.Time);
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
        if (candidates.Count > Math.Max(MostCandidates, 2 * options.PerClip))
        {
            var index = LeastMissed(candidates, (a, b) => a.Grid.NoveltyFrom(b.Grid));
            candidates[index].Dispose();
            candidates.RemoveAt(index);
        }
        if (candidates.Sum(c => c.Held) > MostBytes)
        {
            candidates.First(c => c.Held > 0).Compress(options.Quality);
        }
    }

    private List<Candidate> Distinct(List<Candidate> bestFirst)
    {
        bestFirst.ForEach(candidate => candidate.Measure());
        var least = options.MinDistance ?? SamePicture;
        var (chosen, alike) = (new List<Candidate>(), new List<(Candidate Candidate, double Change)>());
        foreach (var candidate in bestFirst)
        {
            var same = chosen.Where(c => PerceptualHash.Distance(c.Scores!.Value.PerceptualHash, candidate.Scores!.Value.PerceptualHash) <= SameScene);
            var change = same.Select(c => c.Grid.NoveltyFrom(candidate.Grid)).DefaultIfEmpty(255).Min();
            if (change >= least)
            {
                chosen.Add(candidate);
            }
            else
            {
                alike.Add((candidate, change));
            }
        }
        // Who asks for a distance gets it; else a video gives its few.
        while (options.MinDistance is null && chosen.Count < Fewest && alike.Count > 0)
        {
            var next = alike.MaxBy(a => a.Change).Candidate;
            chosen.Add(next);
            alike = [.. alike.Where(a => a.Candidate != next).Select(a => (a.Candidate, Math.Min(a.Change, next.Grid.NoveltyFrom(a.Candidate.Grid))))];
        }
        return chosen;
    }

    /// <summary>Within the quotas a second and a clip, spread over the time.</summary>
    /// <returns>In the order of time.</returns>
    private List<Candidate> Spread(List<Candidate> chosen)
    {
        List<Candidate> kept = [.. chosen.OrderBy(c => c.Look.Position)];
        double Gap(Candidate a, Candidate b) => (b.Look.Time - a.Look.Time).TotalSeconds;
        // Times are rounded by their containers, by up to a millisecond.
        var gap = options.PerSecond is { } rate ? (1 / rate) - 0.0015 : 0;
        while (kept.Count > options.PerClip || (gap > 0 && kept.Count > 1 && kept.Zip(kept.Skip(1), Gap).Min() < gap))
        {
            kept.RemoveAt(LeastMissed(kept, Gap));
        }
        return kept;
    }

    /// <summary>Of the two neighbours nearest to each other, the lesser.</summary>
    private static int LeastMissed(List<Candidate> ordered, Func<Candidate, Candidate, double> distance)
    {
        if (ordered.Count == 1)
        {
            return 0;
        }
        var nearest = Enumerable.Range(0, ordered.Count - 1).MinBy(i => distance(ordered[i], ordered[i + 1]));
        return ordered[nearest].Merit < ordered[nearest + 1].Merit ? nearest : nearest + 1;
    }

    private static double UsualBest(IEnumerable<Look> looks) => Quantile(looks.Select(look => look.Sharpness), 0.95);

    private static double Quantile(IEnumerable<float> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(part * (sorted.Length - 1))];
    }
}
