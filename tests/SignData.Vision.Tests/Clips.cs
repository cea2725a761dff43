using System.Diagnostics;

namespace SignData.Vision.Tests;

/// <summary>A temporary folder in which ffmpeg makes the videos and pictures that the tests read.</summary>
public sealed class Clips : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-vision-").FullName;

    public string Folder => folder;

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Runs ffmpeg in the folder, words divided by spaces (quotes keep one together); the last word is the output.</summary>
    public string Make(string arguments)
    {
        string[] words = ["-v", "error", "-y", "-nostdin", .. arguments.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var start = new ProcessStartInfo("ffmpeg", words) { WorkingDirectory = folder, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ffmpeg {arguments}: {error}");
        return PathOf(words[^1]);
    }

    /// <summary>A file of those bytes.</summary>
    public string Put(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>The first part of a file, as a copy.</summary>
    public string Cut(string from, string name, double share)
    {
        var bytes = File.ReadAllBytes(from);
        return Put(name, bytes.AsSpan(0, (int)(bytes.Length * share)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
