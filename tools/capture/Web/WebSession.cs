using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Capture.Web;

/// <summary>
/// Records what one page at a time sends through a WebSocket: frames (8 bytes time, 4 bytes number of frames lost before it, JPEG) and keys as JSON, with times in
/// milliseconds of the page's clock, in order. Answers each frame with how the session stands.
/// </summary>
internal sealed class WebSession(CaptureOptions options, Recorder recorder, KeyLog? log, (int Width, int Height, int Fps) camera, CancellationToken cancelled) : IDisposable
{
    private const int FrameHead = 12, MostText = 4096, MostLost = 1000;

    /// <summary>A JPEG of the largest camera at the best quality is smaller.</summary>
    private const int MostBytes = 16 << 20;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    private readonly FrameMeter meter = new();
    private readonly SemaphoreSlim one = new(1);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly byte[] buffer = new byte[MostBytes];
    private TimeSpan last = TimeSpan.FromTicks(-1);
    private (double Theirs, TimeSpan Ours)? clock;
    private LiveFrame? latest;
    private int position, taken, frames;

    /// <summary>Waits until the page ends the session, or Ctrl-C does; nothing is recorded after.</summary>
    public async Task Over()
    {
        using (cancelled.Register(() => ended.TrySetResult()))
        {
            await ended.Task;
        }
        // The page of a session that was ended from here goes first.
        if (cancelled.IsCancellationRequested)
        {
            await Gone();
        }
    }

    /// <summary>Waits until the page has gone, but not for long.</summary>
    public Task Gone() => one.WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None);

    /// <summary>The time of the session.</summary>
    public TimeSpan Now => last > TimeSpan.Zero ? last : TimeSpan.Zero;

    /// <summary>What the page is told when it is over.</summary>
    public string? LastWords { get; set; }

    public void Dispose() => one.Dispose();

    /// <summary>Records what a page sends until it goes.</summary>
    public async Task Serve(WebSocket socket)
    {
        // A page that is loaded again may come before the end of the one before it is noticed.
        if (!await one.WaitAsync(TimeSpan.FromSeconds(3), CancellationToken.None))
        {
            await Close(socket, WebSocketCloseStatus.PolicyViolation, "Another page is recording");
            return;
        }
        try
        {
            clock = null;
            await Send(socket, new
            {
                keys = options.Keys.Keys.Select(pair => new { key = pair.Key, label = pair.Value, hand = Handshapes.Has(pair.Value) }),
                camera.Width,
                camera.Height,
                camera.Fps,
                options.Target,
            });
            await Send(socket, State());
            while (!ended.Task.IsCompleted && await Receive(socket) is { } message)
            {
                if (Take(message) is { } wrong)
                {
                    await Close(socket, WebSocketCloseStatus.InvalidPayloadData, wrong);
                    break;
                }
                await Send(socket, State());
            }
            if (!cancelled.IsCancellationRequested && ended.Task.IsCompleted)
            {
                await LastWordsTo(socket);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The page is gone, or the session is over.
        }
        finally
        {
            Release(Now);
            one.Release();
        }
    }

    /// <summary>The page has ended it: waits for what came of it and says so.</summary>
    private async Task LastWordsTo(WebSocket socket)
    {
        while (LastWords is null)
        {
            await Task.Delay(20, CancellationToken.None);
        }
        await Send(socket, new { ended = LastWords });
        await Close(socket, WebSocketCloseStatus.NormalClosure, "");
    }

    /// <summary>The next message in <see cref="buffer"/>; null when there are no more.</summary>
    private async Task<(WebSocketMessageType Type, int Count)?> Receive(WebSocket socket)
    {
        for (var count = 0; ;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(count), cancelled);
            count += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            if (part.MessageType == WebSocketMessageType.Text ? count > MostText : count == MostBytes)
            {
                await Close(socket, WebSocketCloseStatus.MessageTooBig, "A frame of 16 MB or more");
                return null;
            }
            if (part.EndOfMessage)
            {
                return (part.MessageType, count);
            }
        }
    }

    /// <summary>What is wrong with a message; null when all is well.</summary>
    private string? Take((WebSocketMessageType Type, int Count) message)
    {
        try
        {
            var bytes = buffer.AsSpan(0, message.Count);
            return message.Type == WebSocketMessageType.Binary ? TakeFrame(bytes) : TakeKey(JsonSerializer.Deserialize<Said>(bytes, Format));
        }
        catch (Exception e) when (e is InputException or JsonException)
        {
            return e is JsonException ? "A message that is no JSON" : e.Message;
        }
    }

    private string? TakeFrame(ReadOnlySpan<byte> message)
    {
        if (message.Length <= FrameHead || TimeOf(BinaryPrimitives.ReadDoubleLittleEndian(message)) is not { } time)
        {
            return "A frame without a time";
        }
        taken++;
        var missing = (int)Math.Min(MostLost, BinaryPrimitives.ReadUInt32LittleEndian(message[8..]));
        if (time <= last)
        {
            return null; // One that was overtaken.
        }
        TimeSpan[] lost = last < TimeSpan.Zero ? [] : [.. Enumerable.Range(1, missing).Select(i => last + ((time - last) * i / (missing + 1)))];
        var frame = ImageFile.DecodeFrame(message[FrameHead..], "The frame", position++, time);
        if (options.SaveMirrored)
        {
            FrameMeter.Mirror(frame);
        }
        latest = meter.Measure(frame, lost);
        last = time;
        frames++;
        recorder.Add(latest);
        return null;
    }

    private string? TakeKey(Said? said)
    {
        if (said is { Camera: { } name })
        {
            recorder.Device = name.Length > 100 ? name[..100] : name;
        }
        else if (said is { End: true })
        {
            ended.TrySetResult();
        }
        else if (said is null || TimeOf(said.Time) is not { } time)
        {
            return "A key without a time";
        }
        else if (said.Release)
        {
            Release(time);
        }
        else if (said.Key is { } key && (options.Keys.LabelOf(key) is not null || KeyMap.IsCommand(key)))
        {
            time = TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds)); // As a script has them.
            recorder.Key(time, key, said.Down);
            log?.Key(time, key, said.Down);
        }
        return null;
    }

    private void Release(TimeSpan time)
    {
        recorder.ReleaseAll(time);
        log?.ReleaseAll(time);
    }

    /// <summary>A time of the page's clock on ours, which goes on where another page ended.</summary>
    private TimeSpan? TimeOf(double milliseconds)
    {
        if (!double.IsFinite(milliseconds) || Math.Abs(milliseconds) > 1e12)
        {
            return null;
        }
        clock ??= (milliseconds, Max(Stopwatch.GetElapsedTime(started), last + TimeSpan.FromMilliseconds(1)));
        return Max(TimeSpan.Zero, clock.Value.Ours + TimeSpan.FromMilliseconds(milliseconds - clock.Value.Theirs));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private object State()
    {
        var advice = Advice.Of(recorder);
        var state = new
        {
            recorder.Label,
            Rejected = recorder.Rejected?.Replace('_', ' '),
            Sharpness = latest?.Scores.Sharpness ?? 0,
            Enough = recorder.SharpEnough,
            recorder.Kept,
            recorder.Dropped,
            recorder.Lighting,
            recorder.Coach.Next,
            recorder.Coach.Why,
            Counts = recorder.Coach.Labels.ToDictionary(label => label, recorder.Coach.CountOf),
            Message = advice?.Text,
            Failed = advice?.Failed ?? false,
            Taken = taken,
            Frames = frames,
        };
        taken = 0;
        return state;
    }

    private static Task Send(WebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, Format), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task Close(WebSocket socket, WebSocketCloseStatus status, string reason)
    {
        // A reason has at most 123 bytes (RFC 6455, 5.5).
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await socket.CloseOutputAsync(status, reason.Length > 120 ? reason[..120] : reason, soon.Token);
    }

    private sealed record Said(string? Key, bool Down, double Time, bool Release, bool End, string? Camera);
}
