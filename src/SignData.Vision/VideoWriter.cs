using System.Diagnostics;
using System.Globalization;
using SignData.Core;

namespace SignData.Vision;

/// <summary>
/// Writes pictures as an H.264 video in an mp4 file through the ffmpeg program. The file appears under its name when it is
/// finished and not before. The same pictures give the same bytes.
/// </summary>
public sealed class VideoWriter : IDisposable
{
    private readonly string path, partial;
    private readonly int width, height;
    private readonly Process encoder;
    private string lastLine = "";
    private bool ended;

    /// <summary>Starts a video.</summary>
    /// <param name="path">Where the finished file goes; one that is there is replaced. Its folder exists.</param>
    /// <param name="width">In pixels, even, 16 to 8192.</param>
    /// <param name="height">In pixels, even, 16 to 8192.</param>
    /// <param name="framesPerSecond">1 to 240.</param>
    /// <param name="quality">x264's constant rate factor: 0 lossless, 18 nearly so (the default), 51 worst.</param>
    /// <exception cref="InputException">ffmpeg is not installed, or the folder is missing.</exception>
    public VideoWriter(string path, int width, int height, double framesPerSecond, int quality = 18)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (width is < 16 or > 8192 || height is < 16 or > 8192 || (width | height) % 2 != 0)
        {
            throw new ArgumentException($"A video of {width}x{height} is not of even size between 16 and 8192.", nameof(width));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(framesPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(framesPerSecond, 240);
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 51);
        (this.path, this.width, this.height) = (Path.GetFullPath(path), width, height);
        partial = Path.Combine(Path.GetDirectoryName(this.path)!, $".{Path.GetFileName(this.path)}.partial");
        try
        {
            // Of a run that was killed: its ffmpeg may still be writing to it.
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The video '{this.path}' cannot be written: {e.Message}", e);
        }
        encoder = Start(framesPerSecond, quality);
    }

    /// <summary>Appends one picture.</summary>
    /// <param name="rgb">RGB of the video's size.</param>
    /// <exception cref="InputException">ffmpeg gave up; the message has its last line.</exception>
    public void Write(Image rgb)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        ObjectDisposedException.ThrowIf(ended, this);
        if (rgb.Width != width || rgb.Height != height || rgb.Channels != 3)
        {
            throw new ArgumentException($"A picture of {rgb.Width}x{rgb.Height}x{rgb.Channels} does not fit a video of {width}x{height}x3.", nameof(rgb));
        }
        try
        {
            encoder.StandardInput.BaseStream.Write(rgb.Pixels);
        }
        catch (IOException e)
        {
            encoder.WaitForExit();
            throw new InputException(Failure(), e);
        }
    }

    /// <summary>Ends the video and gives the file its name.</summary>
    /// <exception cref="InputException">ffmpeg gave up, or the file cannot be renamed.</exception>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(ended, this);
        try
        {
            encoder.StandardInput.Close();
            encoder.WaitForExit();
            if (encoder.ExitCode != 0)
            {
                throw new InputException(Failure());
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            encoder.WaitForExit();
            throw new InputException(encoder.ExitCode != 0 ? Failure() : $"The video '{path}' cannot be written: {e.Message}", e);
        }
        ended = true;
    }

    /// <summary>Lets go of ffmpeg; a video that was not finished leaves no file.</summary>
    public void Dispose()
    {
        if (!ended)
        {
            ended = true;
            try
            {
                encoder.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }
            encoder.WaitForExit();
            File.Delete(partial);
        }
        encoder.Dispose();
    }

    private Process Start(double framesPerSecond, int quality)
    {
        Process process = Ffmpeg.Start(
            "-hide_banner", "-loglevel", "error", "-nostats", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24",
            "-s", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
            "-r", framesPerSecond.ToString("0.######", CultureInfo.InvariantCulture), "-i", "pipe:0",
            "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", quality.ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p",
            "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mp4", Ffmpeg.Input(partial));
        process.ErrorDataReceived += (_, line) => lastLine = string.IsNullOrWhiteSpace(line.Data) ? lastLine : line.Data.Trim();
        process.BeginErrorReadLine();
        return process;
    }

    private string Failure() =>
        $"ffmpeg cannot write the video '{path}': {(lastLine.Length > 0 ? lastLine : $"it ended with code {encoder.ExitCode}")}; see to the folder and the disk's space.";
}
