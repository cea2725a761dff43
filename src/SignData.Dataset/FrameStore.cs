using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>
/// Puts one source's frames into a dataset: a JPEG at <c>LABEL/STEM-HASH-POSITION.jpg</c> each, then, with <see cref="Commit"/>, all rows in one transaction.
/// Until then nothing counts and the pictures have a name of their own; a store that is disposed without it takes them away again.
/// A hidden thread encodes and writes; <see cref="Add(Frame, string, FrameScores, int?)"/> waits when it lags behind.
/// </summary>
public sealed partial class FrameStore : IDisposable
{
    /// <summary>JPEG quality at which a classifier's input shows no trace of it.</summary>
    public const int DefaultQuality = 92;

    /// <summary>The highest position that a frame may have in its source: nine hours at 30 frames a second.</summary>
    public const int MaxPosition = 999_999;

    private const int Pending = 16;

    private readonly Manifest manifest;
    private readonly SourceRow source;
    private readonly int quality;
    private readonly string stem;
    private readonly BlockingCollection<Item> queue = new(Pending);
    private readonly List<FrameRow> rows = [];
    private readonly Thread writer;
    private ExceptionDispatchInfo? failure;
    private bool committed;

    /// <summary>A store for the frames of one source.</summary>
    /// <param name="manifest">The dataset's.</param>
    /// <param name="source">Already in the manifest; what is added is new there.</param>
    /// <param name="quality">JPEG quality, 1 to 100.</param>
    public FrameStore(Manifest manifest, SourceRow source, int quality = DefaultQuality)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Id, 1, nameof(source));
        (this.manifest, this.source, this.quality) = (manifest, source, quality);
        stem = Files.NameOf(Path.GetFileNameWithoutExtension(source.Path)) + "-" + (source.Sha256 ?? Key(source.Path))[..8];
        writer = new Thread(WriteAll) { IsBackground = true, Name = "frame writer" };
        writer.Start();
    }

    /// <summary>Adds a frame, which belongs to the store from now on.</summary>
    /// <param name="frame">Its position must be new to this source.</param>
    /// <param name="label">The sign; what cannot be a folder's name is replaced by '_', see <see cref="FolderOf"/>.</param>
    /// <param name="scores">Measured on its luma.</param>
    /// <param name="burst">The number of its moment, if frames of one moment are kept together.</param>
    /// <exception cref="InputException">An earlier frame could not be written.</exception>
    public void Add(Frame frame, string label, FrameScores scores, int? burst = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Add(new Item(frame, null, Row(label, frame.Position, frame.Time, frame.Width, frame.Height, scores, burst)));
    }

    /// <summary>Adds a frame that is a JPEG already.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="position">New to this source.</param>
    /// <param name="time">In its source.</param>
    /// <param name="label">The sign.</param>
    /// <param name="scores">Measured on its luma.</param>
    /// <param name="burst">The number of its moment, if frames of one moment are kept together.</param>
    /// <exception cref="InputException">An earlier frame could not be written.</exception>
    public void Add(byte[] jpeg, int width, int height, int position, TimeSpan time, string label, FrameScores scores, int? burst = null)
    {
        ArgumentNullException.ThrowIfNull(jpeg);
        Add(new Item(null, jpeg, Row(label, position, time, width, height, scores, burst)));
    }

    /// <summary>Waits for the pictures, then puts their rows and the source's in one transaction. The store takes no more.</summary>
    /// <param name="done">The source's row as it shall stand.</param>
    /// <returns>The rows, in the order of position.</returns>
    /// <exception cref="InputException">A picture or the manifest could not be written; none of it counts.</exception>
    public IReadOnlyList<FrameRow> Commit(SourceRow done)
    {
        ArgumentNullException.ThrowIfNull(done);
        Finish();
        failure?.Throw();
        rows.Sort((a, b) => a.Position!.Value.CompareTo(b.Position!.Value));
        manifest.Write(() =>
        {
            manifest.Put(done);
            foreach (var row in rows)
            {
                manifest.Add(row);
                Files.Rename(Unfinished(row), manifest.PathOf(row));
            }
        });
        committed = true;
        return rows;
    }

    /// <summary>Ends the writing; without a <see cref="Commit"/> before it, the pictures are removed.</summary>
    public void Dispose()
    {
        Finish();
        queue.Dispose();
        if (!committed)
        {
            rows.ForEach(row => File.Delete(Unfinished(row)));
            rows.ForEach(row => File.Delete(manifest.PathOf(row)));
        }
    }

    /// <summary>The name of a label's folder, and so the label that a dataset has it under.</summary>
    /// <param name="label">Any text; <c>../x</c> becomes <c>__x</c>.</param>
    /// <returns>1 to 80 characters, no separator, not <c>.</c> or <c>..</c>.</returns>
    public static string FolderOf(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return Files.NameOf(label);
    }

    /// <summary>Whether a file is in a label's folder of a dataset under a name that a store gives: nothing else is ever removed.</summary>
    internal static bool IsOwn(Manifest manifest, string path) =>
        OwnName().IsMatch(path) && Path.GetDirectoryName(Path.GetDirectoryName(path)) == manifest.Folder;

    /// <summary>Removes the pictures that a killed tool wrote and had no time to note. The dataset is the caller's alone.</summary>
    internal static void Sweep(Manifest manifest)
    {
        var noted = manifest.Select(includeCulled: true).Select(manifest.PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(manifest.Folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Where(file => IsOwn(manifest, file) && !noted.Contains(file)).ToList())
            {
                File.Delete(file);
            }
        }
    }

    [GeneratedRegex(@"-[0-9a-f]{8}-[0-9]{6}\.jpg(\.part)?$")]
    private static partial Regex OwnName();

    private static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private FrameRow Row(string label, int position, TimeSpan time, int width, int height, FrameScores scores, int? burst)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, MaxPosition);
        var folder = FolderOf(label);
        return new FrameRow
        {
            Id = (source.Id * (MaxPosition + 1)) + position + 1,
            Path = string.Create(CultureInfo.InvariantCulture, $"{folder}/{stem}-{position:D6}.jpg"),
            Label = folder,
            SourceId = source.Id,
            Position = position,
            Time = time.TotalSeconds,
            Burst = burst,
            Width = width,
            Height = height,
        }.With(scores);
    }

    private void Add(Item item)
    {
        if (failure is not null)
        {
            item.Frame?.Dispose();
            failure.Throw();
        }
        queue.Add(item);
    }

    private void WriteAll()
    {
        foreach (var (frame, ready, row) in queue.GetConsumingEnumerable())
        {
            using (frame)
            {
                try
                {
                    if (failure is null)
                    {
                        var jpeg = ready ?? ImageFile.EncodeJpeg(frame!, quality);
                        Files.MakeFolder(Path.GetDirectoryName(manifest.PathOf(row))!);
                        Files.Write(Unfinished(row), jpeg);
                        rows.Add(row with { Bytes = jpeg.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(jpeg)) });
                    }
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            }
        }
    }

    private string Unfinished(FrameRow row) => manifest.PathOf(row) + Files.Unfinished;

    private void Finish()
    {
        if (!queue.IsAddingCompleted)
        {
            queue.CompleteAdding();
            writer.Join();
        }
    }

    private readonly record struct Item(Frame? Frame, byte[]? Jpeg, FrameRow Row);
}
