using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>What other software reads.</summary>
public enum ExportFormat
{
    /// <summary><c>split/label/picture</c>: torchvision's ImageFolder, fastai, Ultralytics.</summary>
    ImageFolder,

    /// <summary>One table of paths, labels and what is known of each frame.</summary>
    Csv,

    /// <summary>Tar files of samples, to be read in sequence.</summary>
    WebDataset,
}

/// <summary>
/// Writes the kept frames of a manifest beside it in another form. The same manifest gives the same bytes. What is there is replaced by what is
/// whole; a killed export leaves the old one or the new one, and running it again finishes.
/// </summary>
public sealed class Exporter
{
    /// <summary>The largest shard, in bytes, unless one sample is larger.</summary>
    public const long ShardBytes = 256L << 20;

    /// <summary>The name of the file that tells an export from a folder of somebody else.</summary>
    private const string Mark = ".signdata-export";

    private readonly Manifest manifest;
    private readonly IProgress<Progress>? progress;
    private readonly CancellationToken cancelled;

    private Exporter(Manifest manifest, IProgress<Progress>? progress, CancellationToken cancelled) =>
        (this.manifest, this.progress, this.cancelled) = (manifest, progress, cancelled);

    /// <summary>Writes an export; one that is there from the same manifest is left as it is.</summary>
    /// <param name="manifestPath">A manifest.</param>
    /// <param name="format">What to write.</param>
    /// <param name="shardBytes">The largest shard of a <see cref="ExportFormat.WebDataset"/>, in bytes.</param>
    /// <param name="progress">Told of frames written.</param>
    /// <param name="cancelled">Ends it; nothing is changed then.</param>
    /// <returns>The file or folder, absolute.</returns>
    /// <exception cref="InputException">A picture is gone, the disk is full, or something of somebody else is where the export goes.</exception>
    public static string Write(string manifestPath, ExportFormat format, long shardBytes = ShardBytes, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        using var manifest = Manifest.Open(manifestPath);
        using var alone = DatasetLock.Take(manifest.Folder);
        var target = Path.ChangeExtension(manifest.Path, "." + format.ToString().ToLowerInvariant());
        var exporter = new Exporter(manifest, progress, cancelled);
        try
        {
            switch (format)
            {
                case ExportFormat.Csv:
                    CsvExport.Write(target, manifest);
                    break;
                case ExportFormat.ImageFolder:
                    exporter.Replace(target, "", part => ImageFolderExport.Write(part, exporter.Frames()));
                    break;
                default:
                    exporter.Replace(target, $" {shardBytes}", part => WebDatasetExport.Write(part, exporter.Frames(), shardBytes));
                    break;
            }
            return target;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{target}' cannot be written ({Files.Reason(failure)}): free some space or choose another output, then run again.", failure);
        }
    }

    /// <summary>Fills a folder under another name and puts it in the place of the old one.</summary>
    private void Replace(string target, string settings, Action<string> fill)
    {
        var (part, old) = (Beside(target, ".part-"), Beside(target, ".old-"));
        if (Directory.Exists(old))
        {
            // A killed run had moved it aside: without a new one in its place it is what there is.
            if (Directory.Exists(target))
            {
                Directory.Delete(old, recursive: true);
            }
            else
            {
                Directory.Move(old, target);
            }
        }
        var mark = Path.Combine(target, Mark);
        var content = $"{manifest.ContentHash()}{settings}\n";
        if (File.Exists(target) || (Directory.Exists(target) && !File.Exists(mark)))
        {
            throw new InputException($"'{target}' is there and no export of cull: move it away or choose another output.");
        }
        if (File.Exists(mark) && File.ReadAllText(mark) == content)
        {
            return;
        }
        try
        {
            Remove(part);
            Directory.CreateDirectory(part);
            fill(part);
            File.WriteAllText(Path.Combine(part, Mark), content);
            if (Directory.Exists(target))
            {
                Directory.Move(target, old);
            }
            Directory.Move(part, target);
        }
        finally
        {
            Remove(part);
        }
        Remove(old);
    }

    private static string Beside(string target, string prefix) => Path.Combine(Path.GetDirectoryName(target)!, prefix + Path.GetFileName(target));

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<ExportedFrame> Frames()
    {
        var rows = manifest.Select();
        var sources = manifest.Sources().ToDictionary(source => source.Id);
        foreach (var (i, row) in rows.Index())
        {
            cancelled.ThrowIfCancellationRequested();
            var file = manifest.PathOf(row);
            if (!ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()) || !Manifest.IsPlainFile(file))
            {
                throw new InputException($"'{file}' is no picture or is gone: run cull again before it is exported.");
            }
            yield return new ExportedFrame(row, sources[row.SourceId], file);
            progress?.Report(new Progress("export", i + 1, rows.Count));
        }
    }
}

/// <summary>A kept frame on its way out.</summary>
/// <param name="Row">As the manifest has it.</param>
/// <param name="Source">What it came from.</param>
/// <param name="File">Its picture.</param>
internal readonly record struct ExportedFrame(FrameRow Row, SourceRow Source, string File)
{
    /// <summary>train, valid or test; all where there are no splits.</summary>
    public string Split => Row.Split ?? "all";

    /// <summary>Of the picture, lower-case, without dot.</summary>
    public string Extension => Path.GetExtension(File)[1..].ToLowerInvariant();
}
