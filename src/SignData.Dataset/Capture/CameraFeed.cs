using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>
/// Reads a camera and measures its frames on two threads of its own. A camera does not wait: while the reader of this lags behind by more than
/// the queues hold, frames are lost. A camera that is lost is looked for again.
/// </summary>
public sealed class CameraFeed : IDisposable
{
    /// <summary>A second of most cameras: so long the machine may do something else.</summary>
    private const int Queued = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Camera camera;
    private readonly bool patient, mirrored;
    private readonly BlockingCollection<(Frame Frame, TimeSpan[] Lost)> raw = new(Queued);
    private readonly BlockingCollection<LiveFrame> measured = new(Queued);
    private readonly CancellationTokenSource stop = new();
    private readonly Thread reading, measuring;
    private readonly List<TimeSpan> lost = [];
    private ExceptionDispatchInfo? failure;

    /// <summary>Starts to read.</summary>
    /// <param name="camera">Read by nobody else.</param>
    /// <param name="patient">Whether the source can wait, and nothing is lost.</param>
    /// <param name="mirrored">Whether frames come as in a mirror.</param>
    public CameraFeed(Camera camera, bool patient, bool mirrored)
    {
        (this.camera, this.patient, this.mirrored) = (camera, patient, mirrored);
        reading = new Thread(Read) { IsBackground = true, Name = "camera" };
        measuring = new Thread(Measure) { IsBackground = true, Name = "measures" };
        reading.Start();
        measuring.Start();
    }

    /// <summary>Why there is no picture now; null while there is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether another frame waits already.</summary>
    public bool IsBehind => measured.Count > 0;

    /// <summary>Whether a clip is at its end and all its frames were taken.</summary>
    public bool Ended => measured.IsCompleted;

    /// <summary>Takes the next frame.</summary>
    /// <param name="patience">How long to wait for it.</param>
    /// <returns>Null when none came; a frame is the caller's.</returns>
    /// <exception cref="InputException">The camera cannot be read, or a clip is damaged.</exception>
    public LiveFrame? Take(TimeSpan patience)
    {
        if (measured.TryTake(out var frame, patience))
        {
            return frame;
        }
        if (measured.IsCompleted)
        {
            failure?.Throw();
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        reading.Join();
        foreach (var frame in measured.GetConsumingEnumerable())
        {
            frame.Dispose();
        }
        measuring.Join();
        raw.Dispose();
        measured.Dispose();
        stop.Dispose();
    }

    private void Read()
    {
        try
        {
            for (var seen = false; !stop.IsCancellationRequested;)
            {
                try
                {
                    foreach (var frame in camera.Frames(stop.Token))
                    {
                        (seen, Trouble) = (true, null);
                        Hand(frame);
                    }
                    return; // The clip's end.
                }
                catch (InputException lost) when (seen && !camera.IsClip)
                {
                    Trouble = lost.Message;
                    stop.Token.WaitHandle.WaitOne(Pause);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants more.
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            raw.CompleteAdding();
        }
    }

    private void Hand(Frame frame)
    {
        _ = frame.Data; // Its own: a decoder's memory is not for waiting in.
        try
        {
            if (patient)
            {
                raw.Add((frame, []), stop.Token);
            }
            else if (raw.TryAdd((frame, [.. lost])))
            {
                lost.Clear();
            }
            else
            {
                lost.Add(frame.Time);
                frame.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            frame.Dispose();
            throw;
        }
    }

    private void Measure()
    {
        var meter = new FrameMeter();
        try
        {
            foreach (var (frame, missing) in raw.GetConsumingEnumerable())
            {
                if (mirrored)
                {
                    FrameMeter.Mirror(frame);
                }
                measured.Add(meter.Measure(frame, missing));
            }
        }
        finally
        {
            measured.CompleteAdding();
        }
    }
}
