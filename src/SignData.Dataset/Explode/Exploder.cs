using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>
/// Turns videos into a dataset of sharp, distinct, labelled frames. Each video's rows are written in one transaction when its pictures are there,
/// so a run that is killed leaves whole videos, and running again does the rest and comes to the same dataset.
/// </summary>
public sealed class Exploder
{
    /// <summary>Part of a source's settings: a change in how frames are chosen makes a finished video unfinished.</summary>
    private const int Method = 2;

    private readonly ExplodeOptions options;
    private readonly IProgress<Progress>? progress;
    private readonly MemoryBudget memory;
    private readonly ConcurrentQueue<string> warnings = new();
    private long looked;

    /// <summary>A run to be.</summary>
    /// <param name="options">What to take and how to choose.</param>
    /// <param name="progress">Told of videos done.</param>
    public Exploder(ExplodeOptions options, IProgress<Progress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PerClip, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1, nameof(options));
        (this.options, this.progress, memory) = (options, progress, new MemoryBudget((long)options.MemoryMb << 20));
    }

    /// <summary>Does what is not done yet.</summary>
    /// <param name="cancelled">Stops after what is being written; finished videos stay.</param>
    /// <exception cref="InputException">An input is missing, no video gave a frame, or the dataset cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ExplodeSummary Run(CancellationToken cancelled = default)
    {
        var clock = Stopwatch.StartNew();
        var clips = ClipFinder.Find(options.Inputs, options.Output);
        Video.Prepare(Math.Min(clips.Count, options.Workers));
        using var manifest = Manifest.Create(Path.Combine(Path.GetFullPath(options.Output), Manifest.FileName));
        using var alone = DatasetLock.Take(manifest.Folder);
        var jobs = Plan(manifest, Identify(clips, manifest, cancelled));
        FrameStore.Sweep(manifest);

        var todo = jobs.Where(job => !job.Source.Done).OrderByDescending(job => job.Source.Bytes).ThenBy(job => job.Source.Id).ToList();
        var finished = jobs.Count - todo.Count;
        var skipped = jobs.Count(job => job.Source.Done && (job.Source.Failed is null || job.Source.Frames > 0));
        Parallel.ForEach(Partitioner.Create(todo, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancelled },
            job =>
            {
                Explode(manifest, job, cancelled);
                progress?.Report(new Progress("explode", Interlocked.Increment(ref finished), jobs.Count, $"{Interlocked.Read(ref looked)} frames"));
            });
        cancelled.ThrowIfCancellationRequested();
        return Summarise(manifest, jobs, skipped, clock.Elapsed);
    }

    /// <summary>Chooses as <see cref="Run"/> would and writes nothing but a picture of the choice for each video, a JPEG.</summary>
    /// <param name="folder">Where the pictures go; it is made if needed.</param>
    /// <param name="cancelled">Stops between two frames.</param>
    /// <exception cref="InputException">An input is missing, no video gave a frame, or a picture cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ExplodeSummary Preview(string folder, CancellationToken cancelled = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var clock = Stopwatch.StartNew();
        var clips = ClipFinder.Find(options.Inputs, options.Output);
        Video.Prepare(Math.Min(clips.Count, options.Workers));
        var told = Told(clips);
        Files.MakeFolder(folder);
        var done = new (SourceRow Source, int Kept)[clips.Count];
        var finished = 0;
        Parallel.For(0, clips.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancelled }, i =>
        {
            var label = FrameStore.FolderOf(told[i]?.Label ?? options.Label ?? clips[i].Label ?? "");
            using var selection = new ClipSelection(options);
            var sheet = new PreviewSheet();
            var (_, failed) = Read(clips[i].Path, frame =>
            {
                sheet.See(frame);
                selection.Add(frame);
            }, cancelled);
            cancelled.ThrowIfCancellationRequested();
            var kept = selection.Choose();
            if (selection.Looks.Count > 0)
            {
                var name = $"{label}-{Files.NameOf(Path.GetFileNameWithoutExtension(clips[i].Path))}";
                var picture = sheet.Draw($"{label}/{Path.GetFileName(clips[i].Path)}", selection.Looks, kept);
                // Two videos of one name and label are two pictures.
                Files.WriteWhole(Path.Combine(folder, $"{i + 1:D4}-{name}.jpg"), ImageFile.EncodeJpeg(picture, options.Quality));
            }
            var source = new SourceRow { Kind = "video", Path = clips[i].Path, Failed = failed, Frames = selection.Looks.Count, Rejected = selection.Rejected };
            done[i] = (source, kept.Count);
            progress?.Report(new Progress("preview", Interlocked.Increment(ref finished), clips.Count, $"{Interlocked.Read(ref looked)} frames"));
        });
        cancelled.ThrowIfCancellationRequested();
        var labels = done.Select((d, i) => (Label: FrameStore.FolderOf(told[i]?.Label ?? options.Label ?? clips[i].Label ?? ""), d.Kept)).Where(d => d.Kept > 0)
            .GroupBy(d => d.Label).ToDictionary(group => group.Key, group => group.Sum(d => d.Kept));
        return Summary([.. done.Select(d => d.Source)], [.. clips.Select(clip => clip.Path)], 0, labels, clock.Elapsed);
    }

    /// <summary>What there is to know of each video before it is decoded.</summary>
    private Job[] Identify(IReadOnlyList<Clip> clips, Manifest manifest, CancellationToken cancelled)
    {
        var jobs = new Job[clips.Count];
        var told = Told(clips);
        Parallel.For(0, clips.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancelled }, i =>
        {
            var notes = new ClipNotes(null, null, null, null);
            try
            {
                notes = ClipNotes.Of(clips[i].Path);
            }
            catch (InputException failure)
            {
                warnings.Enqueue(failure.Message);
            }
            var row = told[i];
            var label = row?.Label ?? options.Label ?? clips[i].Label;
            var source = new SourceRow
            {
                Kind = "video",
                Path = manifest.Relative(clips[i].Path),
                Signer = row?.Signer ?? notes.Signer ?? options.Signer,
                Session = row?.Session ?? notes.Session ?? options.Session,
                Lighting = row?.Lighting ?? notes.Lighting ?? options.Lighting,
                Device = notes.Device,
                Done = false,
                Failed = label is null ? "neither its folder nor its name tells the sign: use --label or --labels-csv, or put it into a folder named for the sign" : null,
            };
            try
            {
                source = source with { Sha256 = Files.Sha256(clips[i].Path), Bytes = new FileInfo(clips[i].Path).Length };
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                source = source with { Failed = $"cannot be read ({Files.Reason(failure)})" };
            }
            jobs[i] = new Job(clips[i].Path, FrameStore.FolderOf(label ?? ""), source);
        });
        return jobs;
    }

    /// <summary>What the CSV says of each video.</summary>
    private ClipListRow?[] Told(IReadOnlyList<Clip> clips)
    {
        if (options.LabelsCsv is null)
        {
            return new ClipListRow?[clips.Count];
        }
        var list = ClipList.Read(options.LabelsCsv);
        ClipListRow?[] told = [.. clips.Select(clip => list.Of(clip.Path))];
        if (list.Unused() is { } warning)
        {
            warnings.Enqueue(warning);
        }
        return told;
    }

    /// <summary>Settles in one transaction what is done, what is to do and under which key, so that a run after a killed one comes to the same.</summary>
    private List<Job> Plan(Manifest manifest, Job[] found)
    {
        var known = manifest.Sources().Where(source => source.Kind == "video").ToLookup(source => source.Path);
        var (jobs, first, obsolete) = (new List<Job>(), new Dictionary<(string, string, string), string>(), new List<string>());
        manifest.Write(() =>
        {
            manifest.Add(new ProvenanceRow("explode", typeof(Exploder).Assembly.GetName().Version!.ToString(3), JsonSerializer.Serialize(new
            {
                inputs = options.Inputs,
                label = options.Label,
                signer = options.Signer,
                session = options.Session,
                lighting = options.Lighting,
                labels_csv = options.LabelsCsv,
                per_clip = options.PerClip,
                per_second = options.PerSecond,
                min_distance = options.MinDistance,
                min_sharpness = options.MinSharpness,
                quality = options.Quality,
            }), null, []));
            foreach (var job in found)
            {
                var source = job.Source with { Settings = Settings(job) };
                var stem = Path.GetFileNameWithoutExtension(job.Path);
                if (source.Failed is null && !first.TryAdd((job.Label, stem, source.Sha256!), job.Path))
                {
                    source = source with { Failed = $"the same video as '{first[(job.Label, stem, source.Sha256!)]}'" };
                }
                var before = known[source.Path].FirstOrDefault();
                if (before is not null && before.Sha256 == source.Sha256 && before.Settings == source.Settings
                    && before.Done && (before.Failed is null || manifest.FramesOf(before.Id).Count > 0))
                {
                    jobs.Add(job with { Source = before });
                    continue;
                }
                if (before is not null)
                {
                    obsolete.AddRange(manifest.FramesOf(before.Id).Select(manifest.PathOf).Where(path => FrameStore.IsOwn(manifest, path)));
                    manifest.RemoveFramesOf(before.Id);
                }
                jobs.Add(job with { Source = manifest.Put(source with { Id = before?.Id ?? 0, Done = source.Failed is not null }) });
            }
        });
        obsolete.ForEach(File.Delete);
        return jobs;
    }

    private string Settings(Job job) => JsonSerializer.Serialize(new
    {
        method = Method,
        label = job.Label,
        signer = job.Source.Signer,
        session = job.Source.Session,
        lighting = job.Source.Lighting,
        device = job.Source.Device,
        per_clip = options.PerClip,
        per_second = options.PerSecond,
        min_distance = options.MinDistance,
        min_sharpness = options.MinSharpness,
        quality = options.Quality,
    });

    /// <summary>Looks at every frame of a video.</summary>
    /// <param name="path">The video.</param>
    /// <param name="see">Takes a frame over.</param>
    /// <param name="cancelled">Ends the reading.</param>
    /// <returns>What the file tells of itself, null when it cannot be opened, and why not all of it could be read.</returns>
    private (VideoInfo? Info, string? Failed) Read(string path, Action<Frame> see, CancellationToken cancelled)
    {
        VideoInfo? info = null;
        var (part, end) = (0L, TimeSpan.Zero);
        try
        {
            var frames = Video.Frames(path, opened =>
            {
                info = opened;
                var wanted = ClipSelection.MemoryFor(opened.Width, opened.Height);
                memory.Take(wanted, cancelled);
                part = wanted;
            }, cancelled);
            foreach (var frame in frames)
            {
                if (frame.Position > FrameStore.MaxPosition)
                {
                    frame.Dispose();
                    throw new InputException($"{path} has over {FrameStore.MaxPosition + 1} frames: cut it into shorter videos for the rest.");
                }
                end = frame.Time;
                see(frame);
                Interlocked.Increment(ref looked);
            }
            return (info, CutShort(info!.Duration, end));
        }
        catch (InputException failure)
        {
            var prefix = path + " ";
            return (info, Files.Printable(failure.Message.StartsWith(prefix, StringComparison.Ordinal) ? failure.Message[prefix.Length..] : failure.Message));
        }
        finally
        {
            if (part > 0)
            {
                memory.GiveBack(part);
            }
        }
    }

    private void Explode(Manifest manifest, Job job, CancellationToken cancelled)
    {
        using var selection = new ClipSelection(options);
        var (info, unread) = Read(job.Path, selection.Add, cancelled);
        var source = job.Source with { Failed = unread };
        if (info is not null)
        {
            source = source with
            {
                Width = info.Width,
                Height = info.Height,
                FramesPerSecond = info.FramesPerSecond,
                Rotation = info.Rotation,
                RecordedAt = info.RecordedAt,
                Device = source.Device ?? info.Device,
            };
        }
        cancelled.ThrowIfCancellationRequested();
        using var store = new FrameStore(manifest, source, options.Quality);
        var chosen = selection.Choose();
        foreach (var candidate in chosen)
        {
            candidate.MoveTo(store, job.Label);
        }
        if (chosen.Count == 0 && selection.Looks.Count > 0)
        {
            source = source with { Failed = source.Failed ?? $"no frame is sharp and still (the best have sharpness {selection.Best:0.00}, {options.MinSharpness:0.00} is asked for)" };
        }
        cancelled.ThrowIfCancellationRequested();
        store.Commit(source with { Done = true, Frames = selection.Looks.Count, Rejected = selection.Rejected });
    }

    private static string? CutShort(TimeSpan promised, TimeSpan seen) => seen < (0.8 * promised) - TimeSpan.FromSeconds(0.5)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ends after {seen.TotalSeconds:0.0} of {promised.TotalSeconds:0.0} seconds: copy it again for the rest") : null;

    private ExplodeSummary Summarise(Manifest manifest, List<Job> jobs, int skipped, TimeSpan taken)
    {
        var paths = jobs.ToDictionary(job => job.Source.Id, job => job.Path);
        var sources = manifest.Sources().Where(source => paths.ContainsKey(source.Id)).ToList();
        var labels = manifest.Select().Where(frame => paths.ContainsKey(frame.SourceId)).CountBy(frame => frame.Label).ToDictionary();
        return Summary(sources, [.. sources.Select(source => paths[source.Id])], skipped, labels, taken);
    }

    private ExplodeSummary Summary(List<SourceRow> sources, List<string> paths, int skipped, Dictionary<string, int> labels, TimeSpan taken)
    {
        var failed = sources.Zip(paths).Where(pair => pair.First.Failed is not null).Select(pair => new FailedVideo(pair.Second, pair.First.Failed!)).ToList();
        if (labels.Count == 0)
        {
            throw new InputException(sources.Count == 1
                ? $"'{paths[0]}' gave no frame: {failed.FirstOrDefault()?.Reason}"
                : $"none of {sources.Count} videos gave a frame; '{failed.FirstOrDefault()?.Path}': {failed.FirstOrDefault()?.Reason}");
        }
        return new ExplodeSummary(sources.Count, skipped, sources.Sum(source => (long)source.Frames), labels.Values.Sum(),
            new SortedDictionary<string, int>(labels, StringComparer.Ordinal),
            new SortedDictionary<string, long>(sources.SelectMany(source => source.Rejected).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Sum(r => (long)r.Value)), StringComparer.Ordinal),
            failed, [.. warnings.Order(StringComparer.Ordinal)], taken.TotalSeconds);
    }

    private sealed record Job(string Path, string Label, SourceRow Source);
}
