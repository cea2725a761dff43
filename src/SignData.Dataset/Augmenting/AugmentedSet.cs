using System.Security.Cryptography;
using System.Text.Json;
using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Dataset.Augmenting;

/// <summary>What making an augmented dataset came to.</summary>
/// <param name="Frames">Frames of the manifest that are in it.</param>
/// <param name="Copies">Varied pictures beside them.</param>
/// <param name="Unreadable">Frames that could not be read: they are set aside, with the reason.</param>
/// <param name="Manifest">Its manifest.</param>
public sealed record AugmentSummary(int Frames, int Copies, int Unreadable, string Manifest);

/// <summary>
/// A dataset of frames and varied copies of those to learn from, for software that cannot vary them itself. A copy keeps its frame's label, split, source and burst;
/// frames to choose by or to judge by stay as they are. Copy n of a frame is what training shows of it in epoch n.
/// </summary>
public sealed class AugmentedSet
{
    private const string Mark = ".signdata-augment";
    private const int Quality = 95;

    // Frames that are parts of others' copies: kept up to this.
    private const long OthersBytes = 256L << 20;

    private readonly Manifest manifest;
    private readonly Recipe recipe;
    private readonly int copies, size, seed;
    private readonly string output, part;

    /// <summary>A dataset to be.</summary>
    /// <param name="manifest">Whose frames it has.</param>
    /// <param name="output">Its folder, which does not exist or was made by the same.</param>
    /// <param name="recipe">How copies are varied; what it does to batches is left out.</param>
    /// <param name="copies">Of each frame to learn from, at least 1.</param>
    /// <param name="size">The copies' side in pixels.</param>
    /// <param name="seed">What every random choice derives from.</param>
    public AugmentedSet(Manifest manifest, string output, Recipe recipe, int copies, int size, int seed)
    {
        ArgumentNullException.ThrowIfNull(output);
        (this.manifest, this.recipe, this.copies, this.size, this.seed) = (manifest, recipe, copies, size, seed);
        this.output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        part = Beside(".part-");
    }

    private string Settings => JsonSerializer.Serialize(new { manifest = manifest.ContentHash(), recipe = recipe.Text, copies, size, seed });

    /// <summary>Makes it. Killed, it leaves nothing under the output's name, or all of it; run again it goes on where it was.</summary>
    /// <param name="threads">Pictures made at once; the result does not depend on it.</param>
    /// <param name="progress">Told of frames done.</param>
    /// <param name="cancelled">Ends it; what was made is used by the next run.</param>
    /// <exception cref="InputException">Something of somebody else is at the output, or it cannot be written.</exception>
    public AugmentSummary Make(int threads, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        try
        {
            Recover();
            string settings = Settings;
            if (IsMarked(output, settings))
            {
                return Counted();
            }
            if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, Mark))))
            {
                throw new InputException($"'{output}' is there and was not made by augment: move it away or choose another output.");
            }
            if (!IsMarked(part, settings))
            {
                Remove(part);
                Files.MakeFolder(part);
                Files.WriteWhole(Path.Combine(part, Mark), System.Text.Encoding.UTF8.GetBytes(settings));
            }
            using (DatasetLock.Take(part))
            {
                Fill(threads, progress, cancelled);
            }
            Replace();
            return Counted();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{output}' cannot be written ({Files.Reason(failure)}): free some space or choose another output, then run again.", failure);
        }
    }

    private void Fill(int threads, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        IReadOnlyList<FrameRow> frames = manifest.Select();
        Dictionary<long, int> places = [];
        foreach ((int place, FrameRow row) in LearningSet.Of(manifest).Train.Index())
        {
            places.TryAdd(row.Id, place);
        }
        string[][] names = Names(frames, places);
        OtherFrames others = new(LearningSet.Pictures(manifest), FrameCache.For(size, OthersBytes));
        FrameRow[][] made = new FrameRow[frames.Count][];
        int done = 0;
        Parallel.For(0, frames.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancelled }, () => new Rendering(others), (i, _, rendering) =>
        {
            made[i] = Made(frames[i], names[i], places.GetValueOrDefault(frames[i].Id, -1), rendering);
            progress?.Report(new Progress("augment", Interlocked.Increment(ref done), frames.Count));
            return rendering;
        }, _ => { });
        foreach (string suffix in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(Path.Combine(part, Manifest.FileName) + suffix);
        }
        using Manifest result = Manifest.Create(Path.Combine(part, Manifest.FileName));
        result.Fill(() => Fill(result, made));
    }

    private FrameRow[] Made(FrameRow frame, string[] names, int place, Rendering rendering)
    {
        string file = manifest.PathOf(frame);
        FrameRow original = frame with { Id = 0, Path = names[0] };
        Pyramid picture;
        try
        {
            byte[] bytes = ImageFile.ReadBytes(file);
            picture = FrameCache.For(size, 0).Decode(bytes, file);
            Put(names[0], () => bytes);
            original = original with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), Bytes = bytes.Length };
        }
        catch (InputException e) when (!IsOurs(e, file))
        {
            return [original with { Path = Path.GetRelativePath(output, file), Culled = "unreadable: " + e.Message }];
        }
        return [original, .. names.Skip(1).Select((name, i) => Copy(frame, name, place, i + 1, picture, rendering))];
    }

    // What could not be written is no fault of the frame's.
    private bool IsOurs(InputException failure, string file) => failure.Message.Contains(part, StringComparison.Ordinal) && !file.StartsWith(part, StringComparison.Ordinal);

    private FrameRow Copy(FrameRow frame, string name, int place, int epoch, Pyramid picture, Rendering rendering)
    {
        byte[] bytes = Put(name, () =>
        {
            Image square = new(size, size);
            recipe.Render(rendering, new SampleRandom(seed, epoch, place), picture, square.Pixels, 0, size, hasHand: frame.Label != LearningSet.Nothing);
            return ImageFile.EncodeJpeg(square, Quality);
        });
        FrameScores scores = FrameScores.Of(ImageFile.Decode(bytes, name));
        return new FrameRow
        {
            Path = name,
            Label = frame.Label,
            SourceId = frame.SourceId,
            Position = frame.Position,
            Time = frame.Time,
            Burst = frame.Burst,
            Split = frame.Split,
            Width = size,
            Height = size,
            Bytes = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            PerceptualHash = scores.PerceptualHash,
            Sharpness = scores.Sharpness,
            Brightness = scores.Brightness,
            Contrast = scores.Contrast,
            Copies = frame.Copies,
        };
    }

    // A file that is there is whole: an earlier run with the same settings made it.
    private byte[] Put(string name, Func<byte[]> make)
    {
        string path = Path.Combine(part, name);
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }
        byte[] bytes = make();
        Files.MakeFolder(Path.GetDirectoryName(path)!);
        Files.WriteWhole(path, bytes);
        return bytes;
    }

    private string[][] Names(IReadOnlyList<FrameRow> frames, Dictionary<long, int> places)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        string Free(string stem, string ending)
        {
            string free = stem + ending;
            for (int i = 2; !taken.Add(free); i++)
            {
                free = $"{stem}-{i}{ending}";
            }
            return free;
        }
        return [.. frames.Select(frame =>
        {
            string file = manifest.PathOf(frame), stem = $"{FrameStore.FolderOf(frame.Label)}/{Files.NameOf(Path.GetFileNameWithoutExtension(file))}";
            string own = Free(stem, Path.GetExtension(file).ToLowerInvariant());
            return (string[])[own, .. Enumerable.Range(1, places.ContainsKey(frame.Id) ? copies : 0).Select(n => Free($"{stem}-varied{n}", ".jpg"))];
        })];
    }

    private void Fill(Manifest result, FrameRow[][] made)
    {
        foreach (ProvenanceRow step in manifest.Provenance())
        {
            result.Add(step);
        }
        result.Add(new ProvenanceRow("augment", typeof(AugmentedSet).Assembly.GetName().Version!.ToString(3), JsonSerializer.Serialize(new { recipe = recipe.Name, text = recipe.Text, copies, size }), seed, [manifest.ContentHash()]));
        Dictionary<long, long> sources = manifest.Sources().ToDictionary(s => s.Id, s => result.Put(s with { Id = 0, Path = Path.GetRelativePath(output, Path.GetFullPath(Path.Combine(manifest.Folder, s.Path))) }).Id);
        foreach (FrameRow row in made.SelectMany(rows => rows))
        {
            result.Add(row with { SourceId = sources[row.SourceId] });
        }
    }

    private AugmentSummary Counted()
    {
        using Manifest result = Manifest.Open(output);
        IReadOnlyList<FrameRow> rows = result.Select(includeCulled: true);
        int frames = manifest.Select().Count, unreadable = rows.Count(r => r.Culled is not null);
        return new(frames - unreadable, rows.Count - frames, unreadable, result.Path);
    }

    // Moved aside, and killed before the new one was in its place: it is what there is.
    private void Recover()
    {
        string old = Beside(".old-");
        if (!Directory.Exists(old))
        {
            return;
        }
        if (Directory.Exists(output))
        {
            Directory.Delete(old, recursive: true);
        }
        else
        {
            Directory.Move(old, output);
        }
    }

    private void Replace()
    {
        string old = Beside(".old-");
        if (Directory.Exists(output) && !Directory.EnumerateFileSystemEntries(output).Any())
        {
            Directory.Delete(output);
        }
        if (Directory.Exists(output))
        {
            Directory.Move(output, old);
        }
        Directory.Move(part, output);
        Remove(old);
    }

    private string Beside(string prefix) => Path.Combine(Path.GetDirectoryName(output)!, prefix + Path.GetFileName(output));

    private static bool IsMarked(string folder, string settings) => File.Exists(Path.Combine(folder, Mark)) && File.ReadAllText(Path.Combine(folder, Mark)) == settings;

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
