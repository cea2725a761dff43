using System.Text.RegularExpressions;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>Plain folders of images, as other tools and people leave them: a folder for each label at any depth, or labels in the names of files.</summary>
internal sealed class ImageFolder
{
    private const int Deepest = 32;

    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
    private static readonly HashSet<string> SplitNames = new(["train", "training", "valid", "validation", "val", "test", "testing"], StringComparer.OrdinalIgnoreCase);

    private readonly DirectoryInfo root;
    private readonly Regex? pattern;
    private readonly List<string> warnings;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly SortedSet<string> hints = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Label, string File)> images = [];
    private int loose, unmatched;

    private ImageFolder(string folder, Regex? pattern, List<string> warnings) => (root, this.pattern, this.warnings) = (new DirectoryInfo(folder), pattern, warnings);

    /// <summary>Finds every image below a folder. Its label is the name of the folder it lies in, or what the pattern finds in its own name.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="warnings">Gets what is odd about the folder.</param>
    /// <param name="pattern">Has a group <c>label</c>, see <see cref="LabelPattern"/>; null for labels by folder.</param>
    /// <returns>By label, then in the natural order of names.</returns>
    /// <exception cref="InputException">There is no image that has a label.</exception>
    public static IReadOnlyList<Found> Find(string folder, List<string> warnings, Regex? pattern = null) => new ImageFolder(folder, pattern, warnings).Find();

    /// <summary>A pattern for labels in names of files.</summary>
    /// <param name="text">A regular expression with a group <c>label</c>.</param>
    /// <exception cref="InputException">It is none, or has no such group.</exception>
    public static Regex LabelPattern(string text)
    {
        try
        {
            var pattern = new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(250));
            return pattern.GetGroupNames().Contains("label") ? pattern
                : throw new InputException($"--label-pattern '{Files.Printable(text)}' has no group named label: write (?<label>...) around what is the label.");
        }
        catch (ArgumentException failure)
        {
            throw new InputException($"--label-pattern '{Files.Printable(text)}' is no regular expression: {Files.Printable(failure.Message)}", failure);
        }
    }

    private IReadOnlyList<Found> Find()
    {
        Walk(root, [], 0);
        if (images.Count == 0)
        {
            throw new InputException(
                pattern is not null && unmatched > 0 ? $"--label-pattern finds no label in the names of the {unmatched} images in '{root.FullName}': it is matched against names such as A1_test.jpg."
                : loose > 0 ? $"'{root.FullName}' holds {loose} images but no folder for each label: put each image into a folder named for its sign, or give --label-pattern."
                : $"'{root.FullName}' holds no {Manifest.FileName} and no image in a folder for its label: name a dataset, a manifest, a CSV or a folder of label folders.");
        }
        if (loose > 0)
        {
            warnings.Add($"'{root.FullName}' holds {loose} images outside the label folders: they are left out.");
        }
        if (unmatched > 0)
        {
            warnings.Add($"the names of {unmatched} images in '{root.FullName}' do not match --label-pattern: they are left out.");
        }
        if (hints.Count > 0)
        {
            warnings.Add($"'{root.FullName}' is divided into {string.Join(", ", hints)}: that is not trusted, all frames are split anew; 'cull check' on the folders tells whether they leak.");
        }
        var source = new SourceRow { Kind = "folder", Path = root.FullName, Frames = images.Count };
        var found = new List<Found>(images.Count);
        foreach (var label in images.GroupBy(image => image.Label).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            found.AddRange(label.Select((image, position) => new Found(image.File, label.Key, position, source)));
            if (label.Count() == 1)
            {
                warnings.Add($"label '{Files.Printable(label.Key)}' holds one image: a label needs several to be learnt and tested.");
            }
        }
        return found;
    }

    private void Walk(DirectoryInfo folder, string[] above, int depth)
    {
        // A link may lead back up; what was seen under its true name is not seen again.
        var target = folder.LinkTarget is null ? folder.FullName : folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (depth > Deepest || !seen.Add(target))
        {
            warnings.Add($"'{Files.Printable(folder.FullName)}' leads back to a folder that was read, or lies too deep: it is left out.");
            return;
        }
        var names = folder.EnumerateFiles("*", Options).Where(file => ImageFile.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && !file.Name.StartsWith('.')).Select(file => file.Name).ToList();
        names.Sort(Files.CompareNatural);
        var isLabel = depth > 0 && !SplitNames.Contains(folder.Name);
        foreach (var name in names)
        {
            if (pattern is not null)
            {
                Add(LabelIn(name), folder, name, ref unmatched);
            }
            else
            {
                Add(isLabel ? folder.Name : null, folder, name, ref loose);
            }
        }
        if (names.Count > 0)
        {
            hints.UnionWith((depth > 0 ? above.Append(folder.Name) : above).Where(SplitNames.Contains));
        }
        foreach (var inner in folder.EnumerateDirectories("*", Options).Where(inner => !inner.Name.StartsWith('.')).OrderBy(inner => inner.Name, StringComparer.Ordinal))
        {
            Walk(inner, depth > 0 ? [.. above, folder.Name] : above, depth + 1);
        }
    }

    private void Add(string? label, DirectoryInfo folder, string name, ref int without)
    {
        if (label is null)
        {
            without++;
        }
        else
        {
            images.Add((label, Path.Join(folder.FullName, name)));
        }
    }

    private string? LabelIn(string name)
    {
        try
        {
            return pattern!.Match(name) is { Success: true } match && match.Groups["label"] is { Success: true } label ? label.Value : null;
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw new InputException($"--label-pattern takes too long on '{Files.Printable(name)}': write it without nested repetitions.", failure);
        }
    }
}
