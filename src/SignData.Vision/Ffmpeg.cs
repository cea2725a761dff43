using System.ComponentModel;
using System.Diagnostics;
using SignData.Core;

namespace SignData.Vision;

/// <summary>The ffmpeg program, which encodes videos.</summary>
internal static class Ffmpeg
{
    /// <summary>The file as an argument: whatever its name looks like, it is a file.</summary>
    /// <param name="path">An existing file.</param>
    public static string Input(string path) => $"file:{path}";

    /// <summary>Starts ffmpeg without a shell; its standard input, output and error are pipes.</summary>
    /// <param name="arguments">One by one.</param>
    /// <exception cref="InputException">It is not installed.</exception>
    public static Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ffmpeg")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
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
            throw new InputException($"The program ffmpeg cannot be started ({e.Message}): run scripts/bootstrap.sh, or install ffmpeg.", e);
        }
    }
}
