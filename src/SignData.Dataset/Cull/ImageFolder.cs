using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>Plain folders of images by label, as other tools and people leave them.</summary>
internal static class ImageFolder
{
    /// <summary>Reads and measures every image in <c>folder/LABEL/</c>, on all cores.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="progress">Told of images read.</param>
    /// <param name="warnings">Gets what is odd about the folder.</param>
    /// <param name="cancelled">Stops the reading.</param>
    /// <returns>By label, then in the natural order of names; what cannot be read is culled with its reason.</returns>
    /// <exception cref="InputException">There is no image in any sub-folder.</exception>
    public static Item[] Read(string folder, IProgress<Progress>? progress, List<string> warnings, CancellationToken cancelled)
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
        var items = new Item[images.Count];
        var done = 0;
        Parallel.For(0, items.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancelled }, i =>
        {
            items[i] = new Item(images[i].File, Measure(images[i].File, images[i].Label, images[i].Position), source);
            var count = Interlocked.Increment(ref done);
            if (count % 64 == 0 || count == items.Length)
            {
                progress?.Report(new Progress("index", count, items.Length, Path.GetFileName(folder)));
            }
        });
        return items;
    }

    private static List<string> Images(DirectoryInfo folder, EnumerationOptions options) =>
        [.. folder.EnumerateFiles("*", options).Where(file => ImageFile.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && !file.Name.StartsWith('.')).Select(file => file.Name)];

    private static FrameRow Measure(string file, string label, int position)
    {
        var row = new FrameRow { Path = file, Label = label, SourceId = 0, Position = position };
        try
        {
            row = row with { Bytes = new FileInfo(file).Length };
            if (!Manifest.IsPlainFile(file))
            {
                return row with { Culled = "unreadable: the file is empty" };
            }
            var image = ImageFile.Read(file);
            var grey = image.Channels == 1 ? image : Resample.ToGrey(image);
            var scores = FrameScores.Of(grey.Pixels, grey.Width, grey.Height);
            return row with
            {
                Width = image.Width,
                Height = image.Height,
                Sha256 = Files.Sha256(file),
                PerceptualHash = scores.PerceptualHash,
                Sharpness = scores.Sharpness,
                Brightness = scores.Brightness,
                Contrast = scores.Contrast,
            };
        }
        catch (Exception failure) when (failure is InputException or IOException or UnauthorizedAccessException)
        {
            // The path is in the row, and a reason that begins with it would differ from machine to machine.
            return row with { Culled = "unreadable: " + Files.Printable(failure.Message.Replace(file, Path.GetFileName(file), StringComparison.Ordinal)) };
        }
    }
}
