using System.Collections.Concurrent;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Writes a session's frames on a thread of its own, a few at a time in one transaction each: what a killed session loses is what waits here and in the store.
/// After a failure (a full disk) it writes no more and says so.
/// </summary>
internal sealed class BurstWriter : IDisposable
{
    /// <summary>Frames of one transaction.</summary>
    public const int Together = 8;

    private const int Waiting = 48;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.1);

    private readonly Manifest manifest;
    private readonly int quality;
    private readonly BlockingCollection<Item> queue = new(Waiting);
    private readonly Dictionary<int, List<FrameRow>> written = [];
    private readonly Thread thread;
    private FrameStore? store;
    private SourceRow? source;
    private int stored;
    private volatile InputException? failure;
    private Exception? defect;

    public BurstWriter(Manifest manifest, int quality)
    {
        (this.manifest, this.quality) = (manifest, quality);
        thread = new Thread(Run) { IsBackground = true, Name = "burst writer" };
        thread.Start();
    }

    /// <summary>Why nothing more is written; null while all is well.</summary>
    public InputException? Failure => failure;

    /// <summary>Hands over a frame.</summary>
    /// <param name="of">Its source as it shall stand.</param>
    /// <param name="frame">Belongs to the writer if it is taken.</param>
    /// <param name="label">The sign.</param>
    /// <param name="burst">Its burst's number.</param>
    /// <param name="wait">Whether to wait for room.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Add(SourceRow of, LiveFrame frame, string label, int burst, bool wait) =>
        queue.TryAdd(new Item(of, frame, label, burst), wait ? Timeout.Infinite : 0);

    /// <summary>Takes a burst back, written or not.</summary>
    public void Undo(int burst) => queue.Add(new Item(null, null, "", burst));

    /// <summary>Writes what waits and ends.</summary>
    public void Finish()
    {
        if (!queue.IsAddingCompleted)
        {
            queue.CompleteAdding();
            thread.Join();
        }
        if (defect is not null)
        {
            throw new InvalidOperationException("The writer of frames broke down.", defect);
        }
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            var some = queue.TryTake(out var item, store is null ? Timeout.InfiniteTimeSpan : Quiet);
            Guard(() =>
            {
                if (!some || (item.Frame is null) || item.Source!.Id != source?.Id || stored == Together)
                {
                    Commit();
                }
                if (some)
                {
                    Do(item);
                }
            });
            if (!some && queue.IsCompleted)
            {
                break;
            }
            if (failure is not null || defect is not null)
            {
                item.Frame?.Dispose();
            }
        }
    }

    private void Do(in Item item)
    {
        if (item.Frame is { } frame)
        {
            if (failure is not null || defect is not null)
            {
                return;
            }
            store ??= new FrameStore(manifest, item.Source!, quality);
            source = item.Source;
            stored++;
            store.Add(frame.Frame, item.Label, frame.Scores, item.Burst);
        }
        else if (written.Remove(item.Burst, out var rows))
        {
            manifest.Write(() => rows.ForEach(manifest.Remove));
            rows.ForEach(row => File.Delete(manifest.PathOf(row)));
        }
    }

    private void Commit()
    {
        if (store is null)
        {
            return;
        }
        using (store)
        {
            var done = store;
            (store, stored) = (null, 0);
            foreach (var row in done.Commit(source!))
            {
                if (!written.TryGetValue(row.Burst!.Value, out var rows))
                {
                    written[row.Burst.Value] = rows = [];
                }
                rows.Add(row);
            }
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            if (e is InputException known)
            {
                failure ??= known;
            }
            else
            {
                defect ??= e;
            }
            store?.Dispose();
            store = null;
        }
    }

    private readonly record struct Item(SourceRow? Source, LiveFrame? Frame, string Label, int Burst);
}
