using SignData.Dataset;
using SignData.Vision;

namespace SignData.Capture;

/// <summary>Camera, keys, recorder and window brought together.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>How long the keys may go unread while no frame comes.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    /// <summary>How long to wait in the end for what the camera filmed before it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private readonly Camera camera;
    private readonly CaptureOptions options;
    private readonly KeyLog? log;
    private readonly Screen? screen;
    private readonly Recorder recorder;
    private CameraFeed? feed;
    private LiveFrame? shown;
    private TimeSpan last = TimeSpan.MaxValue;
    private bool ended;
    private int redraws;

    public Session(Camera camera, CaptureOptions options, IReadOnlyList<KeyStroke> script, bool withWindow, string? saveScript)
    {
        (this.camera, this.options) = (camera, options);
        log = saveScript is null ? null : new KeyLog(saveScript);
        screen = withWindow ? new Screen(options) : null;
        try
        {
            recorder = new Recorder(options);
        }
        catch
        {
            screen?.Dispose();
            throw;
        }
        if (script.Count > 0 && !withWindow && !camera.IsClip)
        {
            last = script.Max(stroke => stroke.Time + stroke.Duration);
        }
        foreach (var stroke in script)
        {
            if (string.Equals(stroke.Key, KeyMap.End, StringComparison.OrdinalIgnoreCase))
            {
                last = stroke.Time;
                recorder.ReleaseAll(last);
                break;
            }
            recorder.Key(stroke.Time, stroke.Key, true);
            recorder.Key(stroke.Time + stroke.Duration, stroke.Key, false);
        }
    }

    /// <summary>Records until Esc, the end of the clip or of the script, or Ctrl-C; all is written then.</summary>
    public CaptureSummary Run(CancellationToken cancelled)
    {
        feed = new CameraFeed(camera, options.Patient, options.SaveMirrored);
        while (true)
        {
            var touched = ReadKeys();
            if (cancelled.IsCancellationRequested)
            {
                if (options.Patient)
                {
                    break; // A clip that is not read at its own pace knows no time before and after.
                }
                End(camera.Now);
            }
            if (feed.Take(ended ? Patience : Glance) is not { } frame)
            {
                if (ended || feed.Ended)
                {
                    break;
                }
                if (camera.IsStopped && touched && shown is not null)
                {
                    screen?.Show(shown, recorder, stopped: true);
                }
                screen?.Wait(feed.Trouble);
                continue;
            }
            ReadKeys();
            recorder.Add(frame);
            shown = frame;
            if (frame.Frame.Time >= last || (screen is null && recorder.Failure is not null))
            {
                break;
            }
            if (!feed.IsBehind)
            {
                screen?.Show(frame, recorder, camera.IsStopped);
                redraws += recorder.Label is null ? 0 : 1;
            }
        }
        log?.Write(camera.Now);
        return recorder.Finish(screen is null ? null : camera.Now) with { Redraws = screen is null ? 0 : redraws };
    }

    public void Dispose()
    {
        feed?.Dispose();
        recorder.Dispose();
        screen?.Dispose();
    }

    /// <summary>Hands on what the keys did.</summary>
    /// <returns>Whether they did anything.</returns>
    private bool ReadKeys()
    {
        var any = false;
        for (; screen?.Next() is { } happened; any = true)
        {
            var time = TimeOf(happened);
            var key = options.Keys.LabelOf(happened.Key) is null && !KeyMap.IsCommand(happened.Key) ? happened.Typed : happened.Key;
            var down = happened.Change == KeyChange.Pressed;
            if (happened.Change is KeyChange.FocusLost or KeyChange.Closed)
            {
                recorder.ReleaseAll(time);
                log?.ReleaseAll(time);
            }
            if (happened.Change == KeyChange.Closed || (down && key == KeyMap.End))
            {
                End(time);
            }
            else if (happened.Typed == "?" && options.Keys.LabelOf("?") is null)
            {
                screen.ShowsKeys ^= down;
            }
            else if (camera.IsClip && key is KeyMap.Stop or KeyMap.Step)
            {
                Wind(key, down);
            }
            else if (options.Keys.LabelOf(key) is not null || KeyMap.IsCommand(key))
            {
                recorder.Key(time, key, down, held: camera.IsStopped);
                log?.Key(time, key, down);
            }
        }
        return any;
    }

    /// <summary>When a key did something, in whole milliseconds, as a script has them. In a clip that stands still it is about the frame on show, from press to release.</summary>
    private TimeSpan TimeOf(KeyEvent happened) => TimeSpan.FromMilliseconds(Math.Max(0, shown is not null && camera.IsStopped
        ? Math.Floor(shown.Frame.Time.TotalMilliseconds) + (happened.Change == KeyChange.Pressed ? 0 : 1)
        : Math.Round((camera.Now - happened.Age).TotalMilliseconds)));

    private void Wind(string key, bool down)
    {
        if (down && key == KeyMap.Stop)
        {
            camera.Stop();
        }
        else if (down)
        {
            camera.Step();
        }
    }

    /// <summary>What is filmed from now on is not wanted; what was filmed before still comes.</summary>
    private void End(TimeSpan time)
    {
        if (!ended)
        {
            ended = true;
            last = time < last ? time : last;
            recorder.ReleaseAll(time);
        }
    }
}
