using System.Diagnostics;
using System.Globalization;
using System.Text;
using SignData.Core;

namespace SignData.Vision;

/// <summary>The ffmpeg program on a live source, its frames as YUV4MPEG2 through a pipe: each when it comes, none twice, none left out.</summary>
internal sealed class CameraStream : IDisposable
{
    private const int LongestLine = 256;

    /// <summary>A source that gives nothing for so long is lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string path;
    private readonly Process process;
    private readonly Stream pixels;
    private readonly Timer watchdog;
    private readonly CancellationTokenRegistration stop;
    private string lastLine = "";
    private volatile bool silent;
    private int width, height;
    private bool fullRange;

    public CameraStream(string path, IEnumerable<string> input, CancellationToken token)
    {
        this.path = path;
        process = Ffmpeg.Start(
            ["-hide_banner", "-loglevel", "error", "-nostats", "-nostdin", "-fflags", "nobuffer", "-threads", "1", .. input,
                "-map", "0:v:0", "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-fps_mode", "passthrough", "-f", "yuv4mpegpipe", "pipe:1"]);
        process.ErrorDataReceived += (_, line) => lastLine = string.IsNullOrWhiteSpace(line.Data) ? lastLine : line.Data.Trim();
        process.BeginErrorReadLine();
        pixels = new BufferedStream(process.StandardOutput.BaseStream, 1 << 20);
        watchdog = new Timer(_ => { silent = true; Kill(); });
        stop = token.Register(Kill);
    }

    /// <summary>What ffmpeg is told to open an address: nothing but the network.</summary>
    /// <exception cref="InputException">It is of another kind.</exception>
    public static string[] NetworkArguments(string address)
    {
        var scheme = address.Split("://")[0].ToLowerInvariant();
        return scheme is "http" or "https" or "rtsp" or "rtmp" or "tcp" or "udp"
            ? ["-protocol_whitelist", "http,https,rtsp,rtmp,rtp,tcp,udp,tls,crypto,httpproxy", "-i", address]
            : throw new InputException($"'{address}' is no address of a camera: it begins with http, https, rtsp, rtmp, tcp or udp.");
    }

    /// <summary>Waits for the next frame.</summary>
    /// <param name="stamp">Asked for the frame's number and time when its pixels begin to come.</param>
    /// <returns>Null when the source has ended or is lost.</returns>
    public Frame? Read(Func<(int Position, TimeSpan Time)> stamp)
    {
        watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            if (width == 0 && !ReadHeader(Line()))
            {
                return null;
            }
            if (!Line().StartsWith("FRAME", StringComparison.Ordinal))
            {
                return null;
            }
            var (position, time) = stamp();
            var frame = new Frame(width, height, position, time) { FullRange = fullRange };
            try
            {
                pixels.ReadExactly(frame.Data);
                return frame;
            }
            catch
            {
                frame.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Why there are no more frames.</summary>
    public InputException Failure()
    {
        Kill();
        process.WaitForExit();
        return new InputException(
            silent ? $"The camera {path} has given no frame for {Patience.TotalSeconds:0} seconds: connect it again."
            : lastLine.Contains("busy", StringComparison.OrdinalIgnoreCase) ? $"The camera {path} is in use: close the other program."
            : $"The camera {path} {(width == 0 ? "cannot be read" : "was lost")} ({(lastLine.Length > 0 ? lastLine : "it ended")}): see that it is connected.");
    }

    public void Dispose()
    {
        stop.Dispose();
        Kill();
        process.WaitForExit();
        watchdog.Dispose();
        process.Dispose();
    }

    private bool ReadHeader(string line)
    {
        var words = line.Split(' ');
        int Number(char key) => words.Skip(1).FirstOrDefault(word => word.StartsWith(key)) is { } word
            && int.TryParse(word[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        (width, height, fullRange) = (Number('W'), Number('H'), words.Contains("XCOLORRANGE=FULL"));
        if (words[0] != "YUV4MPEG2")
        {
            width = 0;
        }
        else if (width is < 2 or > Image.MaxSide || height is < 2 or > Image.MaxSide || (long)width * height > Image.MaxPixels)
        {
            throw new InputException($"The camera {path} gives frames of {width}x{height}; 2 to {Image.MaxSide} pixels a side are read: set it smaller.");
        }
        return width > 0;
    }

    private string Line()
    {
        var line = new StringBuilder();
        for (int next; (next = pixels.ReadByte()) is >= 0 and not '\n' && line.Length < LongestLine;)
        {
            line.Append((char)next);
        }
        return line.ToString();
    }

    private void Kill()
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
}
