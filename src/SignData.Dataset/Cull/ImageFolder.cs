using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>Plain folders of images by label, as other tools and people leave them.</summary>
internal static class ImageFolder
{
    /// <summary>Finds every image in <c>folder/LABEL/</c>.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="warnings">Gets what is odd about the folder.</param>
    /// <returns>By label, then in the natural order of names.</returns>
    /// <exception cref="InputException">There is no image in any sub-folder.</exception>
    public static IReadOnlyList<Found> Find(string folder, List<string> warnings)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true };
        var root = new DirectoryInfo(folder);
        var labels = root.EnumerateDirectories("*", options).Where(inner => !inner.Name.StartsWith('.')).OrderBy(inner => inner.Name, StringComparer.Ordinal);
        var images = new List<(string Label, string File, int Position)>();
        foreach (var label in labels)
        {
            var files = Images(label, options);
            files.Sort(Files.CompareNatural);
            images.AddRange(files.Select((name, position) => (label.Name, Path.Combine(label.FullName, name), position)));
            if (files.Count == 1)
            {
                warnings.Add($"'{label.FullName}' holds one image: a label needs several to be learnt and tested.");
            }
        }
        var loose = Images(root, options).Count;
        if (images.Count == 0)
        {
            throw new InputException(loose > 0
                ? $"'{folder}' holds {loose} images but no folder for each label: put each image into a folder named for its sign."
                : $"'{folder}' holds no {Manifest.FileName} and no image in a folder for its label: name a dataset, a manifest or a folder of label folders.");
        }
        if (loose > 0)
        {
            warnings.Add($"'{folder}' holds {loose} images outside the label folders: they are left out.");
        }
        var source = new SourceRow { Kind = "folder", Path = folder, Frames = images.Count };
        return [.. images.Select(image => new Found(image.File, image.Label, image.Position, source))];
    }

    private static List<string> Images(DirectoryInfo folder, EnumerationOptions options) =>
        [.. folder.EnumerateFiles("*", options).Where(file => ImageFile.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && !file.Name.StartsWith('.')).Select(file => file.Name)];
}
