using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Vision;

/// <summary>Video files, read by the ffmpeg and ffprobe programs: whatever a hostile file does, it does to them.</summary>
public static partial class Video
{
    // Cropping to even sizes loses at most one row and one column; either range passes through, Frame says which it is.
    private const string Filters = "crop=floor(iw/2)*2:floor(ih/2)*2:0:0,format=yuv420p|yuvj420p,showinfo=checksum=0";

    // A pipe of 1 MiB (the most that Linux gives without privilege) takes a fifth off the time that 64 KiB takes.
    private const int PipeBytes = 1 << 20;

    private const int SetPipeSize = 1031; // F_SETPIPE_SZ, fcntl(2)

    /// <summary>The lowercase endings, with dot, of the files that are worth opening as videos.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".flv", ".wmv", ".asf", ".ogv", ".mjpeg", ".mjpg", ".y4m"];

    /// <summary>What the file says of itself.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">There is no such file, it is no video or holds only sound, or ffprobe is not installed.</exception>
    public static VideoInfo Probe(string path) => VideoProbe.Read(path);

    /// <summary>
    /// The frames in order, upright, of one even size, with the times that the file gives them. One decoding thread;
    /// read several videos at once to use more cores. Frames that the decoder had to patch up are left out, with what follows them up to
    /// the next key frame.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="token">Ends the reading and the child process.</param>
    /// <returns>Frames that the caller disposes. To stop early, stop enumerating: the child process ends with the enumerator.</returns>
    /// <exception cref="InputException">
    /// Before the first frame: there is no such file, it is no video or holds only sound, or ffmpeg is not installed.
    /// After the last good frame: the rest is damaged or missing.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<Frame> Frames(string path, CancellationToken token = default) => Frames(path, null, token);

    /// <summary>The same, and what <see cref="Probe"/> would tell without the time that a second program takes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="opened">Told before the first frame.</param>
    /// <param name="token">Ends the reading and the child process.</param>
    /// <inheritdoc cref="Frames(string, CancellationToken)"/>
    public static IEnumerable<Frame> Frames(string path, Action<VideoInfo>? opened, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(path);
        token.ThrowIfCancellationRequested();
        Ffmpeg.CheckFile(path);
        using var process = Ffmpeg.Start("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-filter_threads", "1",
            .. Ffmpeg.Guards, "-threads", "1", "-i", Ffmpeg.Input(path),
            "-map", "0:V:0", "-vf", Filters, "-fps_mode", "passthrough", "-threads", "1", "-f", "rawvideo", "pipe:1",
        ]);
        using var log = new FrameLog(process.StandardError);
        using var stop = token.Register(() => Kill(process));
        var frames = 0;
        try
        {
            var pipe = process.StandardOutput.BaseStream;
            if (pipe is PipeStream { SafePipeHandle: var handle })
            {
                _ = SetPipe((int)handle.DangerousGetHandle(), SetPipeSize, PipeBytes);
            }
            (int Width, int Height) size = default;
            foreach (var note in log.Notes(token))
            {
                if (size == default)
                {
                    size = (note.Width, note.Height);
                    CheckSize(path, size.Width, size.Height);
                    opened?.Invoke(log.Header.Info(size.Width, size.Height));
                }
                // ffmpeg scales what changes size in mid-stream to the first frame's.
                var frame = new Frame(size.Width, size.Height, note.Number, note.Time) { Matrix = note.Matrix, FullRange = note.FullRange };
                if (pipe.ReadAtLeast(frame.Data, frame.Data.Length, throwOnEndOfStream: false) < frame.Data.Length)
                {
                    frame.Dispose();
                    break;
                }
                if (note.Damaged)
                {
                    frame.Dispose();
                    continue;
                }
                frames++;
                yield return frame;
            }
            token.ThrowIfCancellationRequested();
            process.WaitForExit();
        }
        finally
        {
            Kill(process);
            process.WaitForExit();
        }
        CheckEnd(path, process.ExitCode, log, frames, token);
    }

    private static void CheckEnd(string path, int exitCode, FrameLog log, int frames, CancellationToken token)
    {
        log.Wait();
        if (log.Signalled)
        {
            // Ctrl-C reaches the whole process group; our own turn to hear of it may come a moment later.
            token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
        }
        token.ThrowIfCancellationRequested();
        var error = log.FirstError ?? (exitCode != 0 ? $"ffmpeg ended with {exitCode}" : log.AnyDamaged ? "some frames cannot be decoded" : null);
        if (frames == 0)
        {
            throw Unreadable(path, error);
        }
        if (error is not null)
        {
            throw new InputException($"{path} is damaged: {frames} frames are good, the rest is not ({error}): copy or export it again to get the rest.");
        }
    }

    /// <summary>The failure to get anything out of a file, in a user's words.</summary>
    internal static InputException Unreadable(string path, string? error) => error switch
    {
        null => new($"{path} holds no frame: remove it or export it again."),
        _ when error.Contains("matches no streams", StringComparison.Ordinal) => new($"{path} holds no video, perhaps only sound: remove it."),
        _ when error.Contains("moov atom not found", StringComparison.Ordinal) => new($"{path} is not a video, or one cut short before its index was written: copy it again or remove it."),
        _ when error.Contains("not on whitelist", StringComparison.Ordinal) || error.Contains("Invalid data found", StringComparison.Ordinal)
            => new($"{path} is not a video: remove it or export it again."),
        _ => new($"{path} cannot be read as a video ({error}): remove it or export it again."),
    };

    private static void CheckSize(string path, int width, int height)
    {
        if (width is < 2 or > Image.MaxSide || height is < 2 or > Image.MaxSide || (long)width * height > Image.MaxPixels)
        {
            throw new InputException($"{path} has frames of {width}x{height}; 2 to {Image.MaxSide} pixels a side are read: remove it or export it smaller.");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetPipe(int descriptor, int command, nint value);
}
