using System.ComponentModel;
using System.Diagnostics;
using SignData.Core;

namespace SignData.Vision;

/// <summary>Starting the ffmpeg and ffprobe programs on a file that may be hostile.</summary>
internal static class Ffmpeg
{
    /// <summary>What keeps a file from being a playlist that names other files or addresses: only container formats, only local files.</summary>
    public static readonly string[] Guards =
    [
        "-protocol_whitelist", "file",
        "-format_whitelist", "mov,matroska,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg,mjpeg,h264,hevc,ivf,nut,dv,yuv4mpegpipe",
        "-max_pixels", $"{Image.MaxPixels}",
    ];

    /// <summary>The file as an argument: whatever its name looks like, it is a file.</summary>
    /// <param name="path">An existing file.</param>
    public static string Input(string path) => $"file:{path}";

    /// <summary>Refuses what is not worth starting a program for.</summary>
    /// <param name="path">The video.</param>
    /// <exception cref="InputException">There is no such file or it is empty.</exception>
    public static void CheckFile(string path)
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

    /// <summary>Starts a program without a shell; its standard output and error are pipes.</summary>
    /// <param name="program">ffmpeg or ffprobe, found by PATH.</param>
    /// <param name="arguments">One by one.</param>
    /// <exception cref="InputException">It is not installed.</exception>
    public static Process Start(string program, params IEnumerable<string> arguments) => Start(program, fed: false, arguments);

    /// <summary>As <see cref="Start(string, IEnumerable{string})"/>, with its standard input a pipe too.</summary>
    /// <param name="program">ffmpeg or ffprobe, found by PATH.</param>
    /// <param name="arguments">One by one.</param>
    /// <exception cref="InputException">It is not installed.</exception>
    public static Process StartFed(string program, params IEnumerable<string> arguments) => Start(program, fed: true, arguments);

    private static Process Start(string program, bool fed, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = fed,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        start.Environment.Remove("AV_LOG_FORCE_COLOR");
        start.Environment.Remove("FFREPORT");
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InputException($"The program {program} cannot be started ({e.Message}): run scripts/bootstrap.sh, or install ffmpeg.", e);
        }
    }
}
