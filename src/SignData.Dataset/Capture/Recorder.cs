using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// A session: takes a camera's frames and what the keys do, both with times on the camera's clock, and records the frames of the held stretches, each once.
/// A frame belongs to the key that went down last at or before it and is not up yet. It is settled when the next one comes: by then whatever the keys did
/// before it is known. For one thread.
/// </summary>
public sealed partial class Recorder : IDisposable
{
    /// <summary>A tap may choose from so many frames before it.</summary>
    private const int Remembered = 3;

    private readonly CaptureOptions options;
    private readonly Manifest manifest;
    private readonly DatasetLock together;
    private readonly BurstWriter writer;
    private readonly LiveJudge judge;
    private readonly PriorityQueue<KeyChange, (TimeSpan, int)> changes = new();
    private readonly Queue<LiveFrame> recent = new();
    private readonly Stack<Burst> bursts = new();
    private readonly Dictionary<string, int> rejected = [];
    private int light, number, order, seen, dropped, undone;
    private LiveFrame? pending;
    private Burst? burst, waiting;
    private TimeSpan end, latency;
    private InputException? failure;

    /// <summary>Opens the dataset for a session.</summary>
    /// <param name="options">Where and how.</param>
    /// <exception cref="InputException">The dataset cannot be written, or another tool has it for itself.</exception>
    public Recorder(CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Lightings.Count, nameof(options));
        (this.options, Device) = (options, options.Device);
        if (File.Exists(options.Output))
        {
            throw new InputException($"'{options.Output}' is a file: name a folder for the dataset.");
        }
        var confusions = options.Judged is { } judged ? Confusions.Read(judged) : null;
        manifest = Manifest.Create(Path.Combine(Path.GetFullPath(options.Output), Manifest.FileName));
        try
        {
            SweepIfAlone();
            together = DatasetLock.Share(manifest.Folder);
        }
        catch
        {
            manifest.Dispose();
            throw;
        }
        var there = manifest.Select();
        number = there.Max(frame => frame.Burst) ?? 0;
        Coach = new Coach(options.Keys.Labels, there, options.Target, confusions);
        judge = new LiveJudge(options.MinSharpness);
        writer = new BurstWriter(manifest, options.Quality);
    }

    /// <summary>The camera's name, on record with what is recorded from now on.</summary>
    public string? Device { get; set; }

    /// <summary>What there is and what is wanted.</summary>
    public Coach Coach { get; }

    /// <summary>The label that is recorded now; null when none is.</summary>
    public string? Label => burst?.Label;

    /// <summary>The label of the last burst; null before the first.</summary>
    public string? LastLabel => bursts.TryPeek(out var last) ? last.Label : null;

    /// <summary>Why the last frame of the burst was left out; null when it was kept.</summary>
    public string? Rejected { get; private set; }

    /// <summary>Below this a frame is blurry now.</summary>
    public double SharpEnough => judge.SharpEnough;

    /// <summary>The light that frames are recorded under.</summary>
    public string Lighting => options.Lightings[light];

    /// <summary>Frames kept and not taken back.</summary>
    public int Kept => bursts.Sum(done => done.Kept) + (burst?.Kept ?? 0);

    /// <summary>Frames lost because the machine was too slow.</summary>
    public int Dropped => dropped;

    /// <summary>Why nothing more can be recorded; null while all is well.</summary>
    public InputException? Failure => failure ?? writer.Failure;

    /// <summary>Tells of a key.</summary>
    /// <param name="time">When, on the camera's clock.</param>
    /// <param name="key">One with a label, <see cref="KeyMap.Undo"/> or <see cref="KeyMap.Light"/>; others do nothing.</param>
    /// <param name="down">Whether it went down rather than up.</param>
    /// <param name="held">Whether it counts as held however short: in a clip that stands still time tells nothing.</param>
    public void Key(TimeSpan time, string key, bool down, bool held = false) => changes.Enqueue(new KeyChange(time, key, down, held), (time, order++));

    /// <summary>Tells that the keyboard is gone: what is held counts as released.</summary>
    /// <param name="time">When, on the camera's clock.</param>
    public void ReleaseAll(TimeSpan time) => Key(time, "", false);

    /// <summary>Takes the next frame, which belongs to the recorder from now on; its pixels stay until the frame after it is taken.</summary>
    /// <param name="frame">Later than the one before.</param>
    public void Add(LiveFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (pending is { } before)
        {
            before.Motion = Math.Max(before.Motion, frame.Motion);
            Settle(before);
        }
        pending = frame;
        end = frame.Frame.Time;
    }

    /// <summary>Ends the session and waits until all is written.</summary>
    /// <param name="now">The time on the camera's clock: what keys did later is ignored. Null for the last frame's.</param>
    /// <exception cref="InputException">Not all could be written.</exception>
    public CaptureSummary Finish(TimeSpan? now = null)
    {
        if (pending is { } last)
        {
            pending = null;
            Settle(last);
        }
        ApplyUntil(now ?? end);
        End(end);
        writer.Finish();
        if (Failure is { } failed)
        {
            throw failed;
        }
        manifest.Write(() =>
        {
            foreach (var source in sources.Values)
            {
                manifest.Put(source);
            }
        });
        var made = bursts.Where(done => done.Kept > 0).ToList();
        return new CaptureSummary(seen, Kept, dropped, new SortedDictionary<string, int>(rejected, StringComparer.Ordinal), undone, made.Count,
            new SortedDictionary<string, int>(made.GroupBy(done => done.Label).ToDictionary(group => group.Key, group => group.Sum(done => done.Kept)), StringComparer.Ordinal),
            changes.UnorderedItems.Count(left => left.Element.Down), latency.TotalSeconds, end.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pending?.Dispose();
        burst?.Early.ForEach(frame => frame.Dispose());
        foreach (var frame in recent)
        {
            frame.Dispose();
        }
        writer.Dispose();
        together.Dispose();
        manifest.Dispose();
    }

    private void Settle(LiveFrame frame)
    {
        foreach (var missing in frame.Lost)
        {
            ApplyUntil(missing);
            dropped += burst is null ? 0 : 1;
        }
        var time = frame.Frame.Time;
        ApplyUntil(time);
        judge.See(frame);
        if (waiting is { } tap && burst is null)
        {
            waiting = null;
            Save(tap, frame);
        }
        else if (burst is null)
        {
            Remember(frame);
        }
        else if (burst.Held || burst.IsHeldAt(time))
        {
            Hold(burst);
            Record(burst, frame);
        }
        else
        {
            burst.Early.Add(frame);
        }
    }

    private void ApplyUntil(TimeSpan time)
    {
        while (changes.TryPeek(out var change, out _) && change.Time <= time)
        {
            Apply(changes.Dequeue());
        }
    }

    private void Apply(KeyChange change)
    {
        if (!change.Down)
        {
            if (change.Key.Length == 0 || string.Equals(change.Key, burst?.Key, StringComparison.OrdinalIgnoreCase))
            {
                End(change.Time);
            }
        }
        else if (string.Equals(change.Key, KeyMap.Undo, StringComparison.OrdinalIgnoreCase))
        {
            End(change.Time);
            Undo();
        }
        else if (string.Equals(change.Key, KeyMap.Light, StringComparison.OrdinalIgnoreCase))
        {
            End(change.Time);
            light = (light + 1) % options.Lightings.Count;
        }
        else if (options.Keys.LabelOf(change.Key) is { } label && !string.Equals(change.Key, burst?.Key, StringComparison.OrdinalIgnoreCase))
        {
            End(change.Time);
            Rejected = null;
            burst = new Burst(++number, change.Key, label, change.Time) { Held = change.Held };
        }
    }

    private void End(TimeSpan time)
    {
        if (burst is not { } ended)
        {
            return;
        }
        burst = null;
        bursts.Push(ended);
        if (ended.Held || ended.IsHeldAt(time))
        {
            Hold(ended);
            return;
        }
        var sharpest = recent.Concat(ended.Early).MaxBy(frame => frame.Merit);
        if (sharpest is null)
        {
            waiting = ended;
            return;
        }
        var others = recent.Concat(ended.Early).Where(frame => frame != sharpest).ToList();
        recent.Clear();
        ended.Early.Clear();
        others.ForEach(Remember);
        Save(ended, sharpest);
    }

    private void Hold(Burst held)
    {
        held.Held = true;
        held.Early.ForEach(frame => Record(held, frame));
        held.Early.Clear();
    }

    private void Record(Burst into, LiveFrame frame)
    {
        if (into.Seen++ == 0 && frame.Frame.Time - into.Start > latency)
        {
            latency = frame.Frame.Time - into.Start;
        }
        Rejected = options.Judge ? judge.Reject(frame, into.Label) : null;
        if (Rejected is { } reason)
        {
            seen++;
            rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
            Note(frame, reason);
            frame.Dispose();
        }
        else
        {
            Save(into, frame);
        }
    }

    private void Save(Burst into, LiveFrame frame)
    {
        if (Failure is not null || frame.Frame.Position > FrameStore.MaxPosition || Note(frame, null) is not { } source || !writer.Add(source, frame, into.Label, into.Number, options.Patient))
        {
            dropped++;
            frame.Dispose();
            return;
        }
        seen++;
        into.Kept++;
        into.Look ??= frame.Scores.PerceptualHash;
        Coach.Kept(into);
    }

    private void Undo()
    {
        waiting = null;
        if (bursts.TryPop(out var last))
        {
            writer.Undo(last.Number);
            judge.Forget(last.Label);
            Coach.Undone(last);
            undone += last.Kept;
        }
    }

    private void Remember(LiveFrame frame)
    {
        recent.Enqueue(frame);
        if (recent.Count > Remembered)
        {
            recent.Dequeue().Dispose();
        }
    }

    private void SweepIfAlone()
    {
        // Where another session is at it, what a killed one left stays until the next that is alone.
        using var alone = DatasetLock.TryTake(manifest.Folder);
        if (alone is not null)
        {
            FrameStore.Sweep(manifest);
        }
    }

    private readonly record struct KeyChange(TimeSpan Time, string Key, bool Down, bool Held);
}
