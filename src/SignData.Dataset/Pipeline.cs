using System.Collections.Concurrent;

namespace SignData.Dataset;

/// <summary>Work on a sequence in two threads.</summary>
internal static class Pipeline
{
    private const int BatchLength = 1024, Batches = 4;

    /// <summary>The same elements in the same order, made by another thread, a few thousand ahead of the caller.</summary>
    /// <param name="source">Enumerated once, by the other thread, which has ended and disposed of it when the enumeration ends, however it ends.</param>
    public static IEnumerable<T> Ahead<T>(this IEnumerable<T> source) => source.BatchesAhead().SelectMany(batch => batch);

    /// <summary>As <see cref="Ahead"/>, a thousand at a time.</summary>
    /// <param name="source">Likewise.</param>
    public static IEnumerable<List<T>> BatchesAhead<T>(this IEnumerable<T> source)
    {
        using var batches = new BlockingCollection<List<T>>(Batches);
        using var stop = new CancellationTokenSource();
        var making = Task.Run(() => Make(source, batches, stop.Token));
        try
        {
            foreach (var batch in batches.GetConsumingEnumerable())
            {
                yield return batch;
            }
            making.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)making).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Make<T>(IEnumerable<T> source, BlockingCollection<List<T>> batches, CancellationToken stop)
    {
        try
        {
            var batch = new List<T>(BatchLength);
            foreach (var one in source)
            {
                batch.Add(one);
                if (batch.Count == BatchLength)
                {
                    batches.Add(batch, stop);
                    batch = new List<T>(BatchLength);
                }
            }
            batches.Add(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            batches.CompleteAdding();
        }
    }
}
