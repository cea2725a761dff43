using System.Text;
using SignData.Core;

namespace SignData.Vision;

/// <summary>Video files, read by a child process: whatever a hostile file does, it does to the child.</summary>
public static class Video
{
    /// <summary>Frames that the decoder may be ahead of the reader.</summary>
    private const int Ahead = 4;

    /// <summary>The lowercase endings, with dot, of the files that are worth opening as videos.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".flv", ".wmv", ".asf", ".ogv", ".mjpeg", ".mjpg", ".y4m", ".gif"];

    /// <summary>Gets ready to read so many videos at once while the caller does something else.</summary>
    /// <param name="count">Videos at a time.</param>
    public static void Prepare(int count) => Task.Run(() => Decoder.Prepare(count));

    /// <summary>What the file says of itself.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">There is no such file, it is no video or holds only sound, or the decoder is not built.</exception>
    public static VideoInfo Probe(string path)
    {
        VideoInfo? info = null;
        using var frames = Frames(path, opened => info = opened, CancellationToken.None).GetEnumerator();
        frames.MoveNext();
        frames.Current?.Dispose();
        return info!;
    }

    /// <summary>
    /// The frames in order, upright, of one even size, in 8 bits without HDR, at the times that the file gives them, the first at zero. One decoding thread;
    /// read several videos at once to use more cores. Frames that the decoder had to patch up are left out, with what follows them up to
    /// the next key frame.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="token">Ends the reading and the child process.</param>
    /// <returns>Frames that the caller disposes. To stop early, stop enumerating.</returns>
    /// <exception cref="InputException">
    /// Before the first frame: there is no such file, it is no video or holds only sound, or the decoder is not built.
    /// After the last good frame: the rest is damaged or missing.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<Frame> Frames(string path, CancellationToken token = default) => Frames(path, null, token);

    /// <summary>The same, and what <see cref="Probe"/> would tell.</summary>
    /// <param name="path">The file.</param>
    /// <param name="opened">Told before anything is decoded; nothing is until it returns.</param>
    /// <param name="token">Ends the reading and the child process.</param>
    /// <inheritdoc cref="Frames(string, CancellationToken)"/>
    public static IEnumerable<Frame> Frames(string path, Action<VideoInfo>? opened, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(path);
        token.ThrowIfCancellationRequested();
        CheckFile(path);
        var decoder = Decoder.Rent();
        var (frames, ended) = (0, false);
        string? error = null;
        try
        {
            using var stop = token.Register(decoder.Break);
            decoder.Open(Path.GetFullPath(path));
            while (!ended && decoder.Read(out var answer, out var text))
            {
                switch (answer.Kind)
                {
                    case AnswerKind.Opened:
                        CheckSize(path, answer.Width, answer.Height);
                        opened?.Invoke(VideoInfo.Of(answer, text));
                        decoder.Send(RequestKind.More, Ahead);
                        break;
                    case AnswerKind.Frame when decoder.Lend(answer) is { } frame:
                        frames++;
                        yield return frame;
                        decoder.Send(RequestKind.More, 1);
                        break;
                    case AnswerKind.Ended:
                        ended = true;
                        error = text.Length > 0 ? Encoding.UTF8.GetString(text) : answer.Full != 0 ? "some frames cannot be decoded" : null;
                        break;
                }
            }
        }
        finally
        {
            if (!ended)
            {
                Abandon(decoder);
            }
            decoder.Return();
        }
        token.ThrowIfCancellationRequested();
        CheckEnd(path, frames, error ?? decoder.Failure);
    }

    /// <summary>Has the decoder leave a video and be ready for the next.</summary>
    private static void Abandon(Decoder decoder)
    {
        decoder.Send(RequestKind.Stop);
        while (decoder.Read(out var answer, out _) && answer.Kind != AnswerKind.Ended)
        {
            if (answer.Kind == AnswerKind.Frame)
            {
                decoder.Send(RequestKind.Release, answer.Handle);
            }
        }
    }

    private static void CheckEnd(string path, int frames, string? error)
    {
        if (frames == 0)
        {
            throw Unreadable(path, error);
        }
        if (error is not null)
        {
            throw new InputException($"{path} is damaged: {frames} frames are good, the rest is not ({error}): copy or export it again to get the rest.");
        }
    }

    private static InputException Unreadable(string path, string? error) => error switch
    {
        null => new($"{path} holds no frame: remove it or export it again."),
        _ when error.Contains("no video stream", StringComparison.Ordinal) => new($"{path} holds no video, perhaps only sound: remove it."),
        _ when error.Contains("moov atom not found", StringComparison.Ordinal) => new($"{path} is not a video, or one cut short before its index was written: copy it again or remove it."),
        _ when error.Contains("not on whitelist", StringComparison.Ordinal) || error.Contains("Invalid data found", StringComparison.Ordinal)
            => new($"{path} is not a video: remove it or export it again."),
        _ => new($"{path} cannot be read as a video ({error}): remove it or export it again."),
    };

    internal static void CheckFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new InputException(Directory.Exists(path)
                ? $"{path} is a folder, not a video: name a file in it."
                : $"{path} does not exist: check the path.");
        }
        if (file.Length == 0)
        {
            throw new InputException($"{path} is empty: remove it or copy it again.");
        }
    }

    private static void CheckSize(string path, int width, int height)
    {
        if (width is < 2 or > Image.MaxSide || height is < 2 or > Image.MaxSide || (long)width * height > Image.MaxPixels)
        {
            throw new InputException($"{path} has frames of {width}x{height}; 2 to {Image.MaxSide} pixels a side are read: remove it or export it smaller.");
        }
    }
}
