using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>A video and the sign that it shows.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Label">Null when neither folder nor name tells it.</param>
public sealed record Clip(string Path, string? Label);

/// <summary>
/// Finds videos and tells their labels. In a sub-folder of a given folder: the name of the folder that the video lies in.
/// Directly in a given folder, or given itself: the first part of its name, cut at <c>_ - . ( )</c> and spaces,
/// that is no number and no letter with a number (<c>A.mp4</c>, <c>A_1.mp4</c> and <c>s1_A_3.mp4</c> are all A), else the first part.
/// A name that a camera gave (<c>IMG_0012.mp4</c>) tells nothing: then it is the folder that the video lies in.
/// </summary>
public static class ClipFinder
{
    private static readonly string[] CameraNames = ["IMG", "VID", "MOV", "MVI", "DSC", "DSCN", "PXL", "GOPR", "WIN", "VIDEO", "CLIP", "REC", "TRIM"];
    private static readonly char[] Cuts = ['_', '-', '.', ' ', '(', ')'];

    /// <summary>Every video in the inputs, each once, in the order of the inputs and of the paths within.</summary>
    /// <param name="inputs">Videos and folders.</param>
    /// <param name="output">A folder to leave out, the dataset that is being written.</param>
    /// <exception cref="InputException">An input does not exist, or a folder holds no video.</exception>
    public static IReadOnlyList<Clip> Find(IReadOnlyList<string> inputs, string output)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (clips, seen) = (new List<Clip>(), new HashSet<string>(StringComparer.Ordinal));
        var left = Path.GetFullPath(output);
        foreach (var input in inputs)
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
            if (File.Exists(full))
            {
                Add(new Clip(full, LabelOfName(full)));
            }
            else if (Directory.Exists(full))
            {
                var found = VideosBelow(full, left);
                if (found.Count == 0)
                {
                    throw new InputException($"'{input}' holds no video ({string.Join(' ', Video.Extensions)}): name a folder with videos.");
                }
                found.ForEach(path => Add(new Clip(path, Path.GetDirectoryName(path) is { } folder && folder != full ? Path.GetFileName(folder) : LabelOfName(path))));
            }
            else
            {
                throw new InputException($"'{input}' does not exist: name videos or folders of videos.");
            }
        }
        return clips;

        void Add(Clip clip)
        {
            if (seen.Add(clip.Path))
            {
                clips.Add(clip);
            }
        }
    }

    /// <summary>The label that a video's own name tells, or else its folder's.</summary>
    /// <param name="path">The video.</param>
    /// <returns>Null when neither tells one.</returns>
    public static string? LabelOfName(string path)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Split(Cuts, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || CameraNames.Contains(parts[0].TrimEnd("0123456789".ToCharArray()), StringComparer.OrdinalIgnoreCase))
        {
            return Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } folder ? folder : null;
        }
        return parts.FirstOrDefault(part => !IsCounter(part)) ?? parts[0];
    }

    /// <summary>5, s1, p02, S3: a number, or one letter and a number.</summary>
    private static bool IsCounter(string part) => part.Length > 0 && part.AsSpan(char.IsAsciiLetter(part[0]) ? 1 : 0) is { Length: > 0 } rest && !rest.ContainsAnyExceptInRange('0', '9');

    private static List<string> VideosBelow(string folder, string left)
    {
        var (found, folders) = (new List<string>(), new Stack<DirectoryInfo>([new DirectoryInfo(folder)]));
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        while (folders.TryPop(out var current))
        {
            foreach (var inner in current.EnumerateDirectories("*", options))
            {
                // A link may lead back up, and the output is no input.
                if (inner.LinkTarget is null && inner.FullName != left)
                {
                    folders.Push(inner);
                }
            }
            found.AddRange(current.EnumerateFiles("*", options)
                .Where(file => Video.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase)).Select(file => file.FullName));
        }
        found.Sort(string.CompareOrdinal);
        return found;
    }
}
