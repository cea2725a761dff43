using System.Collections.Concurrent;
using System.Diagnostics;
using SignData.Core;

namespace SignData.Vision;

/// <summary>How a camera is asked to film.</summary>
public sealed record CameraOptions
{
    /// <summary>Columns; 0 for what the camera does by itself.</summary>
    public int Width { get; init; }

    /// <summary>Rows; 0 for what the camera does by itself.</summary>
    public int Height { get; init; }

    /// <summary>Frames per second; 0 for what the camera does by itself.</summary>
    public int FramesPerSecond { get; init; }

    /// <summary>Whether exposure and white balance stay as they are a second and a half after the start.</summary>
    public bool LockExposure { get; init; }

    /// <summary>Where to focus, in the driver's own measure, with autofocus off; null leaves it alone.</summary>
    public int? Focus { get; init; }

    /// <summary>Whether a clip comes at its own pace, as a camera would; otherwise as fast as it is read.</summary>
    public bool Paced { get; init; } = true;
}

/// <summary>
/// A source of live frames: a device, a stream of the network, or a clip that stands in for one. Its clock starts with its first frame, and its frames
/// are numbered on when it is read again after it was lost.
/// </summary>
public sealed class Camera
{
    /// <summary>By then automatic exposure has found its value.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly CameraOptions options;
    private readonly Lock clock = new();
    private long start;
    private TimeSpan? stopped;
    private readonly ConcurrentDictionary<string, bool> missing = new();
    private int next, steps;

    private Camera(string name, string path, CameraKind kind, CameraOptions options) =>
        (Name, Path, Kind, this.options) = (name, path, kind, options);

    private enum CameraKind
    {
        Clip,
        Device,
        Stream,
    }

    /// <summary>What a person calls it: the device's name, the address, the clip's path.</summary>
    public string Name { get; }

    /// <summary>The device, address or clip.</summary>
    public string Path { get; }

    /// <summary>Whether it is a clip: it ends, and is never lost.</summary>
    public bool IsClip => Kind == CameraKind.Clip;

    /// <summary>What the clip tells of itself once it was opened; null for a camera.</summary>
    public VideoInfo? Info { get; private set; }

    /// <summary>The time on the camera's clock, on which <see cref="Frame.Time"/> is; zero until the first frame.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (clock)
            {
                return stopped ?? Elapsed;
            }
        }
    }

    /// <summary>Whether a clip stands still, and its clock with it.</summary>
    public bool IsStopped
    {
        get
        {
            lock (clock)
            {
                return stopped is not null;
            }
        }
    }

    private TimeSpan Elapsed => start > 0 ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;

    private CameraKind Kind { get; }

    /// <summary>Finds a camera.</summary>
    /// <param name="what">An index (0 is /dev/video0), a device, an address (http, https, rtsp, rtmp, tcp, udp), or the path of a clip.</param>
    /// <param name="options">What to ask of it.</param>
    /// <exception cref="InputException">There is no such device or clip.</exception>
    public static Camera Find(string what, CameraOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(what);
        ArgumentNullException.ThrowIfNull(options);
        if (!IsDevice(what) && (options.LockExposure || options.Focus is not null))
        {
            throw new InputException($"'{what}' is no device: exposure and focus can be set of cameras on this machine alone.");
        }
        if (what.Contains("://", StringComparison.Ordinal))
        {
            return new Camera(what, what, CameraKind.Stream, options);
        }
        var device = IsIndex(what) ? $"/dev/video{int.Parse(what, System.Globalization.CultureInfo.InvariantCulture)}" : what;
        if (IsDevice(what))
        {
            if (!File.Exists(device))
            {
                var others = CameraDevices.Paths();
                throw new InputException($"There is no camera {device}: "
                    + (others.Count > 0 ? $"there are {string.Join(", ", others)}." : "none is connected; name an address or a clip instead."));
            }
            return new Camera(CameraDevices.NameOf(device) ?? device, device, CameraKind.Device, options);
        }
        Video.CheckFile(what);
        return new Camera(what, what, CameraKind.Clip, options);
    }

    /// <summary>What was asked of a device and its driver cannot do, in words.</summary>
    public IReadOnlyCollection<string> Missing => [.. missing.Keys];

    private static bool IsIndex(string what) => what.Length < 4 && what.All(char.IsAsciiDigit);

    private static bool IsDevice(string what) => IsIndex(what) || what.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>The frames as they come, each at its time on the camera's clock. One reader; after the camera was lost it may be read again.</summary>
    /// <param name="token">Ends the reading.</param>
    /// <returns>Frames that the caller disposes.</returns>
    /// <exception cref="InputException">The camera is missing, in use or was lost; a clip is no video or damaged.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IEnumerable<Frame> Frames(CancellationToken token = default) => IsClip ? Clip(token) : Live(token);

    /// <summary>Lets a clip that comes at its own pace stand still, or go on.</summary>
    public void Stop()
    {
        lock (clock)
        {
            if (stopped is { } since)
            {
                start += (long)((Elapsed - since).TotalSeconds * Stopwatch.Frequency);
                stopped = null;
            }
            else
            {
                (stopped, steps) = (Elapsed, 0);
            }
        }
    }

    /// <summary>Lets a clip that stands still go one frame on.</summary>
    public void Step()
    {
        lock (clock)
        {
            steps++;
        }
    }

    private IEnumerable<Frame> Clip(CancellationToken token)
    {
        foreach (var frame in Video.Frames(Path, info => Info = info, token))
        {
            Start();
            while (Early(frame.Time) is var early && early > TimeSpan.Zero)
            {
                if (token.WaitHandle.WaitOne(early))
                {
                    frame.Dispose();
                    token.ThrowIfCancellationRequested();
                }
            }
            yield return frame;
        }
    }

    private IEnumerable<Frame> Live(CancellationToken token)
    {
        var held = TimeSpan.Zero;
        using var stream = new CameraStream(Path, Kind == CameraKind.Device ? CameraDevices.Arguments(Path, options) : CameraStream.NetworkArguments(Path), token);
        while (stream.Read(() => { Start(); return (next, Now); }) is { } frame)
        {
            next++;
            Hold(ref held, frame.Time);
            yield return frame;
        }
        token.ThrowIfCancellationRequested();
        throw stream.Failure();
    }

    /// <summary>Sets what is to stay as it is: focus with the first frame, exposure when it has settled.</summary>
    private void Hold(ref TimeSpan since, TimeSpan now)
    {
        if (Kind != CameraKind.Device || since == TimeSpan.MaxValue)
        {
            return;
        }
        if (since == TimeSpan.Zero)
        {
            since = now > TimeSpan.Zero ? now : TimeSpan.FromTicks(1);
            if (options.Focus is { } distance && !CameraControls.Focus(Path, distance))
            {
                missing["a focus that can be set"] = true;
            }
        }
        else if (now - since >= Settled)
        {
            since = TimeSpan.MaxValue;
            if (options.LockExposure && !CameraControls.LockExposure(Path))
            {
                missing["an exposure that can be locked"] = true;
            }
        }
    }

    /// <summary>How long to wait before it is asked again whether a clip's frame may come; zero when it may.</summary>
    private TimeSpan Early(TimeSpan time)
    {
        lock (clock)
        {
            if (!options.Paced || time <= (stopped ?? Elapsed))
            {
                return TimeSpan.Zero;
            }
            if (stopped is null)
            {
                return time - Elapsed < Glance ? time - Elapsed : Glance;
            }
            if (steps == 0)
            {
                return Glance;
            }
            steps--;
            stopped = time;
            return TimeSpan.Zero;
        }
    }

    private void Start()
    {
        lock (clock)
        {
            start = start == 0 ? Stopwatch.GetTimestamp() : start;
        }
    }
}
