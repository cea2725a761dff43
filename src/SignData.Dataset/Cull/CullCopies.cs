using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// The copies of kept pictures beside a manifest. A picture that the manifest of an earlier run names is never overwritten: a killed run leaves
/// the old manifest with its pictures, or the new one with its own. A list in the folder tells copies from files of somebody else.
/// </summary>
internal sealed class CullCopies
{
    private const string ListName = ".signdata-copies";

    private readonly string folder, owner;
    private readonly Dictionary<Item, (string Path, string Sha256, bool IsThere)> copies = [];
    private readonly SortedDictionary<string, string> listed = new(StringComparer.Ordinal);

    /// <summary>Gives each kept picture its place.</summary>
    /// <param name="output">The manifest to be, absolute.</param>
    /// <param name="items">In the order of their files.</param>
    /// <exception cref="InputException">The folder has the copies of another manifest, or a source is a copy that an earlier run made there.</exception>
    public CullCopies(string output, IReadOnlyList<Item> items)
    {
        (folder, owner) = (Path.GetDirectoryName(output)!, Path.GetFileName(output));
        ReadList();
        if (listed.Count > 0 && items.FirstOrDefault(item => listed.ContainsKey(Path.GetRelativePath(folder, item.File))) is { } copy)
        {
            throw new InputException($"'{Files.Printable(copy.File)}' is a source, and a copy that an earlier run made where this one copies to: choose another output.");
        }
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items.Where(item => item.Culled is null))
        {
            var sha256 = item.Sha256 ?? Files.Sha256(item.File);
            var (path, isThere) = Place(item, sha256, taken);
            copies.Add(item, (path, sha256, isThere));
        }
    }

    /// <summary>The kept frames.</summary>
    public IReadOnlyCollection<Item> Items => copies.Keys;

    /// <summary>The path of a frame's copy, relative to the folder.</summary>
    public string PathOf(Item item) => copies[item].Path;

    /// <summary>Copies what is not there yet.</summary>
    public void Write(IProgress<Progress>? progress, CancellationToken cancelled)
    {
        var missing = copies.Where(copy => !copy.Value.IsThere).ToList();
        foreach (var (_, (path, sha256, _)) in missing)
        {
            listed[path] = sha256;
        }
        WriteList();
        foreach (var (i, (item, (path, _, _))) in missing.Index())
        {
            cancelled.ThrowIfCancellationRequested();
            var copy = Path.Combine(folder, path);
            Files.MakeFolder(Path.GetDirectoryName(copy)!);
            Files.WriteWhole(copy, File.ReadAllBytes(item.File));
            progress?.Report(new Progress("copy", i + 1, missing.Count));
        }
    }

    /// <summary>Removes what earlier runs copied and the manifest, which is in place, no longer names.</summary>
    public void RemoveOthers()
    {
        var wanted = copies.Values.Select(copy => copy.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, sha256) in listed.Where(copy => !wanted.Contains(copy.Key)).ToList())
        {
            var copy = Path.Combine(folder, path);
            File.Delete(copy + Files.Unfinished);
            if (File.Exists(copy) && Files.Sha256(copy) == sha256)
            {
                File.Delete(copy);
            }
            var label = Path.GetDirectoryName(copy)!;
            if (Directory.Exists(label) && !Directory.EnumerateFileSystemEntries(label).Any())
            {
                Directory.Delete(label);
            }
            listed.Remove(path);
        }
        WriteList();
    }

    /// <summary>By its label and name; with the beginning of its hash where another picture has that name or had it.</summary>
    private (string Path, bool IsThere) Place(Item item, string sha256, HashSet<string> taken)
    {
        var (stem, ending) = ($"{FrameStore.FolderOf(item.Label)}/{Files.NameOf(Path.GetFileNameWithoutExtension(item.File))}", Path.GetExtension(item.File).ToLowerInvariant());
        for (var i = 1; ; i++)
        {
            var number = i == 1 ? "" : $"-{i}";
            var (plain, hashed) = ($"{stem}{number}{ending}", $"{stem}{number}-{sha256[..8]}{ending}");
            var isFree = !File.Exists(Path.Combine(folder, plain));
            var path = listed.GetValueOrDefault(hashed) != sha256 && (isFree || IsThere(plain)) ? plain : hashed;
            if (taken.Add(path))
            {
                return (path, path == plain ? !isFree : IsThere(hashed));
            }
        }

        bool IsThere(string path) => new FileInfo(Path.Combine(folder, path)) is { Exists: true } copy && (item.Bytes == 0 || copy.Length == item.Bytes) && Files.Sha256(copy.FullName) == sha256;
    }

    /// <summary>A line for the manifest, then one a copy: its SHA-256 and its path. Lines of another form are nobody's.</summary>
    private void ReadList()
    {
        var list = Path.Combine(folder, ListName);
        if (!Manifest.IsPlainFile(list))
        {
            return;
        }
        using var lines = File.ReadLines(list).GetEnumerator();
        if (lines.MoveNext() && lines.Current != owner && File.Exists(Path.Combine(folder, Path.GetFileName(lines.Current))))
        {
            throw new InputException($"'{folder}' has the copies of '{Files.Printable(lines.Current)}': choose an output in another folder, or leave --copy.");
        }
        while (lines.MoveNext())
        {
            if (lines.Current.Split(' ', 2) is [{ Length: 64 } sha256, var path] && path.Split('/') is [var label, var name] && Files.NameOf(label) == label && name is not ("" or "." or ".."))
            {
                listed[path] = sha256;
            }
        }
    }

    private void WriteList()
    {
        var (list, text) = (Path.Combine(folder, ListName), string.Concat(listed.Select(copy => $"{copy.Value} {copy.Key}\n").Prepend(owner + "\n")));
        if (!File.Exists(list) || File.ReadAllText(list) != text)
        {
            Files.WriteWhole(list, System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
